"""What the decision table says of one report."""

from dataclasses import dataclass
from enum import StrEnum

from services.alerts.decide.state import ClaimState, RecordedReport, ThreadState


class Kind(StrEnum):
    """`new`, `revised`, `denied` alert; `corroborated` alerts who asked for it; `repeated` nobody."""

    NEW = "new"
    REVISED = "revised"
    DENIED = "denied"
    CORROBORATED = "corroborated"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Verdict:
    """`joins` is the claim the report belongs to, None if it opens one; `earlier` the closest one told before.

    `replaces` is the report of the same article that an edit took back; `also` are further claims that a denial meets.
    """

    row: str
    kind: Kind
    thread: ThreadState
    joins: ClaimState | None
    earlier: ClaimState | None
    replaces: RecordedReport | None = None
    also: tuple[ClaimState, ...] = ()
