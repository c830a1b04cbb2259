"""The checker of a run, a program of its own: `python -m tests.reliability.check_history FOLDER`.

It knows nothing of Vedette but its promises: every stored article claims something that no other claims, so each must
have reached the receiver, under one alert id. It reads what the run wrote down and ends with status 1 at any breach.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.reliability.history import BUS, HISTORY, STORED, read_lines

BETWEEN_EFFECT_AND_COMMIT = {
    "webhook": ("alerts", "postgres"),
    "news.statements.v1": ("extractor", "kafka"),
    "news.articles.v1": ("fetcher", "kafka", "postgres"),
}
"""Whose end between an effect and its commit repeats the effect: the attempt is not recorded, the offset not committed,
the outbox not settled."""


@dataclass(frozen=True)
class Seen:
    """One effect; `of` is what must be there once, `id` under which it was made."""

    what: str
    of: str
    id: str
    at: float


@dataclass(frozen=True)
class Kill:
    target: str
    at: float


@dataclass(frozen=True)
class Verdict:
    """Numbers of articles: `lost` were stored and never told, `twice` under two alert ids; `unequal` alerts came again
    with other bytes, `missing` are gaps in the subscription's sequence. `struck` are the kills whose repetitions prove
    that they fell between an effect and its commit."""

    stored: int
    lost: int
    twice: int
    unequal: int
    missing: int
    kills: int
    struck: int
    repeated: dict[str, int]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.twice or self.unequal or self.missing)

    def __str__(self) -> str:
        again = ", ".join(f"{count} of {what}" for what, count in self.repeated.items())
        return (
            f"{self.stored} articles stored, {self.kills} kills: {self.lost} lost, {self.twice} told under two ids, "
            f"{self.unequal} repeated with other bytes, {self.missing} gaps in the sequence\n"
            f"{self.struck} kills struck between an effect and its commit; repeated under the same id: {again}"
        )


def check(folder: Path) -> Verdict:
    history = list(read_lines(folder / HISTORY))
    webhooks = [line for line in history if line["what"] == "webhook"]
    stored = set((folder / STORED).read_text().split())
    kills = [Kill(line["target"], line["at"]) for line in history if line["what"] == "kill"]
    told = _grouped((webhook["article"], webhook["id"]) for webhook in webhooks)
    bodies = _grouped((webhook["id"], webhook["body"]) for webhook in webhooks)
    sequences = {webhook["sequence"] for webhook in webhooks}
    seen = [Seen("webhook", one["article"], one["id"], one["at"]) for one in webhooks]
    seen += [Seen(one["topic"], one["key"], one["id"], one["at"]) for one in read_lines(folder / BUS)]
    return Verdict(
        stored=len(stored),
        lost=len(stored - told.keys()),
        twice=sum(len(ids) > 1 for ids in told.values()),
        unequal=sum(len(different) > 1 for different in bodies.values()),
        missing=len(set(range(1, max(sequences, default=0) + 1)) - sequences),
        kills=len(kills),
        struck=len(struck(seen, kills)),
        repeated=repetitions(seen),
    )


def repetitions(seen: Iterable[Seen]) -> dict[str, int]:
    """By kind of effect, how often one was made again."""
    counts = dict.fromkeys(BETWEEN_EFFECT_AND_COMMIT, 0)
    for (what, _), times in _times(seen).items():
        counts[what] += len(times) - 1
    return counts


def struck(seen: Iterable[Seen], kills: Iterable[Kill]) -> set[Kill]:
    """The kills that fell between an effect and its commit: the first of a part that makes or commits it, after the
    effect and before its repetition."""
    found = set()
    in_order = sorted(kills, key=lambda kill: kill.at)
    for (what, _), times in _times(seen).items():
        for first, again in pairwise(times):
            parts = BETWEEN_EFFECT_AND_COMMIT[what]
            between = [kill for kill in in_order if kill.target.startswith(parts) and first <= kill.at <= again]
            found |= set(between[:1])
    return found


def _times(seen: Iterable[Seen]) -> dict[tuple[str, str], list[float]]:
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in sorted(seen, key=lambda one: one.at):
        times[one.what, one.id].append(one.at)
    return times


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, set[Any]]:
    groups: dict[str, set[Any]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return groups


def main(arguments: list[str]) -> int:
    verdict = check(Path(arguments[0]))
    print(verdict)
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
