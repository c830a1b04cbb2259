"""What a denial meets: the threads and claims that rows 3 and 4 of the decision table ask for."""

from collections.abc import Iterable
from datetime import datetime

from services.alerts.decide.known_claims import compatible_threads, covers_place, heard, last_word, lies_at
from services.alerts.decide.reports import Report
from services.alerts.decide.state import ClaimState, LedgerState, Place, ThreadState


def threads_denied(state: LedgerState, report: Report) -> list[ThreadState]:
    """The threads that a denial with a side unknown may meet, latest first: all that have the stage at its place."""
    threads = [
        thread
        for thread in compatible_threads(state, report.claim)
        if claims_of_stage(thread, report)
        and covers_place(thread, report.claim.place_key, _all_places(claims_of_stage(thread, report)))
    ]
    return sorted(threads, key=lambda one: (last_heard(claims_of_stage(one, report)), one.thread_id), reverse=True)


def claims_denied(thread: ThreadState, report: Report) -> list[ClaimState]:
    """Claims of the stage at the denial's place, or everywhere if it names none; asserted ones if any."""
    claims = [claim for claim in claims_of_stage(thread, report) if lies_at(claim, report.claim.place_key)]
    return [claim for claim in claims if claim.affirmed] or claims


def denied_claim(claims: list[ClaimState]) -> ClaimState | None:
    """The one that the event is about: without a figure if there is one, else heard last."""
    return max(claims, key=lambda claim: (not claim.figures, *heard(claim)), default=None)


def claims_of_stage(thread: ThreadState, report: Report) -> list[ClaimState]:
    return [claim for claim in thread.claims.values() if claim.claim.stage is report.claim.stage]


def last_word_denies(thread: ThreadState, report: Report, places: Iterable[str | None] | None) -> bool:
    """Whether the report's source denied when it last spoke about the stage, for one of `places` or anywhere."""
    word = last_word(thread, report.source_key, report.claim.stage, places)
    return word is not None and word.denied


def all_denied_by(source: str | None, claims: list[ClaimState]) -> bool:
    """Of claims that somebody asserts."""
    return bool(claims) and all(claim.affirmed and source in claim.denied_by for claim in claims)


def last_heard(claims: list[ClaimState]) -> datetime:
    return max(claim.heard_at for claim in claims)


def _all_places(claims: list[ClaimState]) -> list[Place]:
    return [place for claim in claims for place in claim.places]
