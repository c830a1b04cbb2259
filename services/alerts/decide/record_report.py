"""What a verdict does to the ledger: the claim it opens or joins, and the source's last word."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TypeVar

from services.alerts.decide.reports import Report
from services.alerts.decide.state import ClaimState, Figure, LedgerState, Place, ThreadState, Word, WordKey
from services.alerts.decide.verdict import Kind, Verdict

T = TypeVar("T")


@dataclass(frozen=True)
class Recorded:
    """The claim and the word as they are now; no word where the report changed none.

    `opened` is false for a claim that the same report opened before and that has been forgotten since.
    """

    claim: ClaimState
    word: Word | None
    opened: bool


def record_report(state: LedgerState, report: Report, verdict: Verdict, own: Collection[str]) -> Recorded:
    """Carries the verdict out in the state. `own` are the claims that the article tells or told before this report."""
    thread = state.threads.setdefault(verdict.thread.thread_id, verdict.thread)
    thread.order += 1
    if verdict.joins is None:
        claim = _opened(thread, report)
    elif report.denied:
        claim = _denied(verdict.joins, report)
    else:
        claim = _joined(verdict.joins, report, verdict, thread.order, own)
    opened = claim.claim_id not in thread.claims
    thread.claims[claim.claim_id] = claim
    word = None if verdict.row == "0" or report.background else _word(thread, report)
    if word is not None:
        thread.words[word.key] = word
    return Recorded(claim, word, opened)


def _opened(thread: ThreadState, report: Report) -> ClaimState:
    at = _heard_at(report)
    affirmed = not report.denied
    outlet = report.article.outlet
    return ClaimState(
        claim_id=report.report_id,
        thread_id=thread.thread_id,
        claim=report.claim,
        article=report.article,
        affirmed=affirmed,
        figures=_with((), report.figure if affirmed else None),
        places=_with((), _place(report)),
        sources=_with((), report.source_key if affirmed else None),
        denied_by=_with((), report.source_key if report.denied else None),
        outlets=(outlet.name,),
        families=(outlet.family or outlet.name,),
        origins=(report.origin,),
        opened_at=at,
        opened_order=thread.order,
        heard_at=at,
        heard_order=thread.order,
    )


def _denied(claim: ClaimState, report: Report) -> ClaimState:
    """A denial is not hearing the claim again: only who denies it is kept."""
    return claim.model_copy(update={"denied_by": _with(claim.denied_by, report.source_key)})


def _joined(claim: ClaimState, report: Report, verdict: Verdict, order: int, own: Collection[str]) -> ClaimState:
    update: dict[str, object] = {"affirmed": True}
    at = _heard_at(report)
    if at >= claim.heard_at:
        update |= {"heard_at": at, "heard_order": order}
    if verdict.row != "0":
        outlet = report.article.outlet
        update |= {
            "places": _with_place(claim.places, _place(report)),
            "sources": _with(claim.sources, report.source_key),
            "outlets": _with(claim.outlets, outlet.name),
            "families": _with(claim.families, outlet.family or outlet.name),
        }
    if verdict.kind is Kind.REVISED:
        update["figures"] = _with(claim.figures, report.figure)
    # an article is one origin: its edit, or its second sentence, comes from nowhere else
    if verdict.kind in (Kind.REVISED, Kind.CORROBORATED) and claim.claim_id not in own:
        update["origins"] = _with(claim.origins, report.origin)
    return claim.model_copy(update=update)


def _word(thread: ThreadState, report: Report) -> Word | None:
    """None if an article told later has had a later word."""
    claim = report.claim
    key = WordKey(claim.stage, claim.additional, report.source_key or "", claim.place_key)
    before = thread.words.get(key)
    if before is not None and before.at > report.at:
        return None
    figure: Figure | None = before.figure if before else None
    figure_article = before.figure_article if before else None
    if report.figure is not None and not report.denied:
        figure, figure_article = report.figure, report.article.id
    return Word(
        key=key,
        denied=report.denied,
        at=report.at,
        order=thread.order,
        figure=figure,
        figure_article=figure_article,
    )


def _heard_at(report: Report) -> datetime:
    """Background counts as heard when it happened, so that it is forgotten where news is compared."""
    when = report.claim.when
    if report.background and when is not None and when.to is not None:
        return datetime.combine(when.to, time.max, UTC)
    return report.at


def _place(report: Report) -> Place | None:
    """The place, else the destination: the regions that hold it are told with it."""
    key = report.claim.place_key or report.claim.destination
    return Place(key=key, within=report.claim.place_within) if key is not None else None


def _with(items: tuple[T, ...], item: T | None) -> tuple[T, ...]:
    return items if item is None or item in items else (*items, item)


def _with_place(places: tuple[Place, ...], place: Place | None) -> tuple[Place, ...]:
    known = place is not None and any(place.key == other.key for other in places)
    return places if known else _with(places, place)
