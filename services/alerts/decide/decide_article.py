"""One article revision through the ledger: its reports in text order, each against everything told before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from services.alerts.decide.decide_report import Case, decide_report
from services.alerts.decide.explain_decision import Because, because, why
from services.alerts.decide.explain_difference import difference
from services.alerts.decide.record_report import record_report
from services.alerts.decide.reports import Report, reports_of
from services.alerts.decide.state import ArticleRecord, ClaimState, LedgerState, RecordedReport, Word
from services.alerts.decide.verdict import Kind, Verdict
from shared.events.statements import ArticleReference, ArticleStatements, Claim

MAX_ALSO = 10
"""Further claims a denial lists, those heard last: an alert must stay small (Standard Webhooks recommends 20 kB)."""


@dataclass(frozen=True)
class LedgerSettings:
    """`renew_after`: a claim unheard for so long may be new again; None: never."""

    renew_after: timedelta | None = None


@dataclass(frozen=True)
class Earlier:
    """A claim told before and how the report differs from it."""

    claim_id: str
    claim: Claim
    difference: str
    article: ArticleReference


@dataclass(frozen=True)
class Decision:
    """What one report is, why, and what it changed: `claim_after` and `word` are to be stored as they stand.

    `row` names the row of the decision table. `because` is there where the report is worth telling, `unheard_since`
    where it is because nobody has said so since that day. `opened` tells an insert of `claim_after` from an update.
    """

    kind: Kind
    row: str
    report: Report
    claim_id: str
    thread_id: str
    why: str
    because: Because | None
    unheard_since: date | None
    earlier: Earlier | None
    also: tuple[Earlier, ...]
    event_id: str
    background: bool
    opened: bool
    claim_after: ClaimState
    word: Word | None


@dataclass(frozen=True)
class Superseded:
    """A report that an edit took out of its article; `by` is the report that took its place, if one did."""

    report_id: str
    by: str | None


@dataclass(frozen=True)
class ArticleOutcome:
    """`record` replaces the article's record; each decision's thread is in the state with its new order."""

    decisions: tuple[Decision, ...]
    superseded: tuple[Superseded, ...]
    record: ArticleRecord


def decide_article(state: LedgerState, article: ArticleStatements, settings: LedgerSettings) -> ArticleOutcome | None:
    """Decides every report of the revision in order and updates `state`.

    None, and no change, if this revision or a later one has been recorded.
    """
    recorded = state.articles.get(article.article.id)
    if recorded is not None and article.article.revision <= recorded.revision:
        return None
    reports = reports_of(article, settings.renew_after)
    present = frozenset(report.report_id for report in reports)
    previous = recorded.reports if recorded else ()
    replaced: dict[str, str] = {}
    decided: dict[str, RecordedReport] = {}
    decisions = []
    for report in reports:
        remaining = tuple(before for before in previous if before.report_id not in replaced)
        verdict = decide_report(Case(state, report, settings.renew_after, remaining, present, decided))
        if verdict.replaces is not None:
            replaced[verdict.replaces.report_id] = report.report_id
        own = {before.claim_id for before in (*previous, *decided.values())}
        decision = _decision(state, report, verdict, recorded, own)
        decisions.append(decision)
        decided.setdefault(
            report.report_id,
            RecordedReport(
                report_id=report.report_id,
                claim_id=decision.claim_id,
                thread_id=decision.thread_id,
                claim=report.claim,
            ),
        )
    record = ArticleRecord(
        article_id=article.article.id, revision=article.article.revision, reports=tuple(decided.values())
    )
    state.articles[record.article_id] = record
    superseded = tuple(
        Superseded(before.report_id, replaced.get(before.report_id))
        for before in previous
        if before.report_id not in present
    )
    return ArticleOutcome(tuple(decisions), superseded, record)


def _decision(
    state: LedgerState, report: Report, verdict: Verdict, recorded: ArticleRecord | None, own: Collection[str]
) -> Decision:
    reason, word = why(verdict, report), because(verdict, report)
    forgotten = verdict.earlier if word is Because.UNHEARD else None
    recorded_now = record_report(state, report, verdict, own)
    return Decision(
        kind=verdict.kind,
        row=verdict.row,
        report=report,
        claim_id=recorded_now.claim.claim_id,
        thread_id=recorded_now.claim.thread_id,
        why=reason,
        because=word,
        unheard_since=forgotten.heard_at.date() if forgotten else None,
        earlier=_closest(report, verdict, recorded),
        also=tuple(_earlier(claim, report) for claim in verdict.also[:MAX_ALSO]),
        event_id=report.event_id,
        background=report.background,
        opened=recorded_now.opened,
        claim_after=recorded_now.claim,
        word=recorded_now.word,
    )


def _closest(report: Report, verdict: Verdict, recorded: ArticleRecord | None) -> Earlier | None:
    if verdict.earlier is None:
        return None
    if verdict.replaces is not None and recorded is not None:
        old = verdict.replaces.claim
        before = report.article.model_copy(update={"revision": recorded.revision})
        return Earlier(verdict.earlier.claim_id, old, difference(old, report.claim), before)
    return _earlier(verdict.earlier, report)


def _earlier(claim: ClaimState, report: Report) -> Earlier:
    return Earlier(claim.claim_id, claim.claim, difference(claim.claim, report.claim), claim.article)
