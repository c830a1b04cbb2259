"""What a report is compared with: the claims, words and threads that the rows of the decision table ask for."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from services.alerts.decide.compare_slots import figure_distance, figures_agree, place_known, place_told
from services.alerts.decide.reports import Report, moment_before
from services.alerts.decide.state import ClaimState, Figure, LedgerState, Place, ThreadState, Word
from shared.events.statements import Claim, Stage

_NO_DISTANCE = (Fraction(0), Fraction(0))


def own_thread(state: LedgerState, report: Report) -> ThreadState:
    """The report's thread, or an empty one that is not yet part of the state."""
    claim = report.claim
    region = None if claim.destination else claim.place_key
    return state.threads.get(report.thread_id) or ThreadState(report.thread_id, claim.actor, claim.destination, region)


def known_claims(thread: ThreadState, report: Report, renew_after: timedelta | None) -> list[ClaimState]:
    """Affirmed claims of the thread with the report's stage and `additional`, heard within the renewal time.

    A background report is compared with everything: it is older than the renewal time by its own date.
    """
    oldest = moment_before(report.at, renew_after) if renew_after and not report.background else None
    return [
        known
        for known in thread.claims.values()
        if known.affirmed
        and known.claim.stage is report.claim.stage
        and known.claim.additional == report.claim.additional
        and (oldest is None or known.heard_at >= oldest)
    ]


def affirmed_claims(thread: ThreadState, stage: Stage | None = None) -> list[ClaimState]:
    return [claim for claim in thread.claims.values() if claim.affirmed and stage in (None, claim.claim.stage)]


def known_places(thread: ThreadState, report: Report, renew_after: timedelta | None) -> list[Place]:
    """Places told before for the report's stage, whether of additional forces or not."""
    oldest = moment_before(report.at, renew_after) if renew_after else None
    return [
        place
        for claim in affirmed_claims(thread, report.claim.stage)
        if oldest is None or claim.heard_at >= oldest
        for place in claim.places
    ]


def agreeing_claim(known: Iterable[ClaimState], report: Report) -> ClaimState | None:
    """The claim that tells the same: nearest figure, then same place, then heard last; None if no figure agrees.

    A report without a figure agrees with every claim, most with one that has none either.
    """
    if report.figure is None:
        return max(
            known, key=lambda claim: (not claim.figures, _same_place(claim, report), *heard(claim)), default=None
        )
    return _nearest([claim for claim in known if _agrees(claim, report.figure)], report)


def nearest_claim(known: Iterable[ClaimState], report: Report) -> ClaimState | None:
    """The closest claim whether or not its figure agrees: nearest figure, then same place, then heard last."""
    candidates = list(known)
    if report.figure is None:
        return agreeing_claim(candidates, report)
    with_figure = [claim for claim in candidates if claim.figures]
    return _nearest(with_figure or candidates, report)


def closest_of_any_stage(thread: ThreadState, report: Report) -> ClaimState | None:
    """The claim of the thread whose stage lies nearest to the report's, preferably one that was affirmed."""
    stages = list(Stage)

    def apart(claim: ClaimState) -> tuple[bool, int]:
        return not claim.affirmed, abs(stages.index(claim.claim.stage) - stages.index(report.claim.stage))

    if not thread.claims:
        return None
    least = min(apart(claim) for claim in thread.claims.values())
    return nearest_claim([claim for claim in thread.claims.values() if apart(claim) == least], report)


def compatible_threads(state: LedgerState, claim: Claim) -> list[ThreadState]:
    """Threads that a claim with an unknown side may be about, its own included: same on the side that is known.

    With neither side known only threads of an unknown actor qualify.
    """
    side = claim.destination or claim.place_key
    if claim.actor is not None:
        return [thread for thread in state.threads.values() if thread.actor == claim.actor]
    if side is not None:
        return [thread for thread in state.threads.values() if side in (thread.destination, thread.region)]
    return [thread for thread in state.threads.values() if thread.actor is None]


def vague_claims(state: LedgerState, report: Report, renew_after: timedelta | None) -> list[ClaimState]:
    """Claims that left open what the report now says: the actor, or the country within the region."""
    actor, destination = report.claim.actor, report.claim.destination
    return [
        claim
        for thread in state.threads.values()
        if (actor is not None and destination is not None)
        and (
            (thread.actor == actor and thread.destination is None)
            or (thread.actor is None and thread.destination == destination)
        )
        for claim in known_claims(thread, report, renew_after)
    ]


def covers_place(thread: ThreadState, key: str | None, places: Iterable[Place]) -> bool:
    """Whether the thread knows the place, as its country or region or from its claims."""
    return key in (None, thread.destination, thread.region) or place_told(key, places)


def last_word(
    thread: ThreadState, source: str | None, stage: Stage, places: Iterable[str | None] | None
) -> Word | None:
    """What the source said last about the stage, for one of `places` (None in it: for no place) or anywhere."""
    wanted = None if places is None else frozenset(places)
    words = [
        word
        for key, word in thread.words.items()
        if key.source == (source or "") and key.stage is stage and (wanted is None or key.place in wanted)
    ]
    return max(words, key=lambda word: (word.at, word.order), default=None)


def denied_last(thread: ThreadState, report: Report) -> bool:
    """Whether the report's source is a party to the thread and its last word on the stage was a denial."""
    if report.source_key is None or report.source_key not in (thread.actor, thread.destination):
        return False
    word = last_word(thread, report.source_key, report.claim.stage, places=None)
    return word is not None and word.denied


def heard(claim: ClaimState) -> tuple[object, int]:
    return claim.heard_at, claim.heard_order


def lies_at(claim: ClaimState, key: str | None) -> bool:
    """Whether the claim is about the place or one inside it; every claim is, where no place is named."""
    return key is None or place_told(key, claim.places)


def _nearest(claims: list[ClaimState], report: Report) -> ClaimState | None:
    claims = sorted(claims, key=heard, reverse=True)
    return min(
        claims, key=lambda claim: (_distance(claim, report.figure), not _same_place(claim, report)), default=None
    )


def _distance(claim: ClaimState, figure: Figure | None) -> tuple[Fraction, Fraction]:
    return min((figure_distance(known, figure) for known in claim.figures if figure), default=_NO_DISTANCE)


def _agrees(claim: ClaimState, figure: Figure) -> bool:
    return any(figures_agree(known, figure) for known in claim.figures)


def _same_place(claim: ClaimState, report: Report) -> bool:
    key = report.claim.place_key
    return key == claim.claim.place_key or (key is not None and place_known(key, claim.places))
