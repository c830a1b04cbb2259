"""Which told claims are right: one to one with the annotated ones, the optional ones counting neither way."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.events.statements import Claim
from tests.quality.annotated_passages import AnnotatedClaim

COUNT_TOLERANCE = 0.05
"""Share by which "almost 1,000" and 980 may differ."""

Same = Callable[[Claim, Claim], bool]


@dataclass
class Counts:
    """What was told rightly, told wrongly, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass
class Tally(Counts):
    """Claims; and of the right ones, how often each further slot is right too."""

    slots: Counter[str] = field(default_factory=Counter)

    def share(self, slot: str) -> float:
        return self.slots[slot] / max(1, self.right)

    def add(self, annotated: Sequence[AnnotatedClaim], told: Sequence[Claim], same: Same) -> None:
        """Counts one passage."""
        told = _distinct(told)
        pairs = _pairs(annotated, told, same)
        for number, other in pairs.items():
            if not annotated[number].optional:
                self.right += 1
                one, claim = annotated[number].claim, told[other]
                self.slots.update(slot for slot, agree in SLOTS.items() if agree(one, claim))
        doubtful = [one.claim for one in annotated if one.optional]
        spare = [claim for other, claim in enumerate(told) if other not in pairs.values()]
        self.wrong += sum(not any(same_move(one, claim) for one in doubtful) for claim in spare)
        self.missed += sum(number not in pairs and not one.optional for number, one in enumerate(annotated))


class Detection(Counts):
    """Passages with and without claims, told apart or not; those with optional claims alone are left out."""

    def add(self, annotated: Sequence[AnnotatedClaim], told: Sequence[Claim]) -> None:
        expected = any(not one.optional for one in annotated)
        if annotated and not expected:
            return
        self.right += expected and bool(told)
        self.wrong += not expected and bool(told)
        self.missed += expected and not told


def same_move(one: Claim, other: Claim) -> bool:
    """The same forces in the same country."""
    return (one.actor, one.destination) == (other.actor, other.destination)


def same_claim(one: Claim, other: Claim) -> bool:
    """The same move in figure and stage too."""
    return same_move(one, other) and _same_figures(one, other) and one.stage is other.stage


def _same_figures(one: Claim, other: Claim) -> bool:
    return _close(one.count_min, other.count_min) and _close(one.count_max, other.count_max)


def _close(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= COUNT_TOLERANCE * max(one, other)


def _same_place(one: Claim, other: Claim) -> bool:
    """Either name may hold the other: "the port of Pemba", "Pemba"."""
    if one.place is None or other.place is None:
        return one.place is other.place
    names = sorted((one.place.casefold(), other.place.casefold()), key=len)
    return names[0] in names[1]


def _source_code(claim: Claim) -> str | None:
    return claim.source.code if claim.source is not None else None


def _same_source(one: Claim, other: Claim) -> bool:
    return _source_code(one) == _source_code(other)


SLOTS: dict[str, Same] = {
    "place": _same_place,
    "source": _same_source,
    "certainty": lambda one, other: one.certainty is other.certainty,
}


def _distinct(told: Sequence[Claim]) -> list[Claim]:
    """One of each that agree in all but certainty and wording."""
    kept = {
        (c.actor, c.destination, c.place, c.count_min, c.count_max, c.stage, _source_code(c)): c for c in reversed(told)
    }
    return list(reversed(kept.values()))


def _pairs(annotated: Sequence[AnnotatedClaim], told: Sequence[Claim], same: Same) -> dict[int, int]:
    """The told claim of each annotated one, by their numbers: greedily, obligatory annotations before optional ones,
    those that agree in more slots first."""
    candidates = [
        (one.optional, -_agreement(one.claim, claim), number, other)
        for number, one in enumerate(annotated)
        for other, claim in enumerate(told)
        if same(one.claim, claim)
    ]
    pairs: dict[int, int] = {}
    for _, _, number, other in sorted(candidates):
        if number not in pairs and other not in pairs.values():
            pairs[number] = other
    return pairs


def _agreement(one: Claim, other: Claim) -> int:
    stage = one.stage is other.stage
    return 2 * _same_figures(one, other) + stage + sum(agree(one, other) for agree in SLOTS.values())
