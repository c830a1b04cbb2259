"""The decision table: what one report is to somebody who has read everything before it.

Each row is one function, named by its number; `ROWS` gives their order and the first that holds wins. A row answers
None where its condition does not hold. Nothing is changed here: `record_report` carries the verdict out.

A thread is all that has been claimed about one actor and destination (or region). *Known* are its affirmed claims with
the report's stage and `additional`. A *party* is the thread's actor or its destination.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from services.alerts.decide.compare_slots import figure_distance, figure_of, figures_agree, place_told, source_key
from services.alerts.decide.denied_claims import (
    all_denied_by,
    claims_denied,
    claims_of_stage,
    denied_claim,
    last_heard,
    last_word_denies,
    threads_denied,
)
from services.alerts.decide.known_claims import (
    affirmed_claims,
    agreeing_claim,
    closest_of_any_stage,
    compatible_threads,
    covers_place,
    denied_last,
    heard,
    known_claims,
    known_places,
    nearest_claim,
    own_thread,
    vague_claims,
)
from services.alerts.decide.reports import Report
from services.alerts.decide.state import ClaimState, LedgerState, RecordedReport, ThreadState, WordKey
from services.alerts.decide.verdict import Kind, Verdict
from shared.events.statements import Stage


@dataclass(frozen=True)
class Case:
    """A report and what it is held against. `previous` are the reports of the article's previous revision that this
    one has not replaced yet, `present` the ids of all reports of this revision, `decided` those already decided."""

    state: LedgerState
    report: Report
    renew_after: timedelta | None
    previous: tuple[RecordedReport, ...] = ()
    present: frozenset[str] = frozenset()
    decided: dict[str, RecordedReport] = field(default_factory=dict)

    @cached_property
    def thread(self) -> ThreadState:
        return own_thread(self.state, self.report)

    @cached_property
    def known(self) -> list[ClaimState]:
        return self.known_in(self.thread)

    @property
    def side_unknown(self) -> bool:
        return self.report.claim.actor is None or self.report.claim.destination is None

    def known_in(self, thread: ThreadState) -> list[ClaimState]:
        return known_claims(thread, self.report, self.renew_after)


Row = Callable[[Case], Verdict | None]


def decide_report(case: Case) -> Verdict:
    """The verdict of the first row that holds."""
    for row in ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    raise AssertionError("the last row always holds")


def row_0_same_slots(case: Case) -> Verdict | None:
    """The same slots in the article's previous revision, or earlier in this one: repeated."""
    before = case.decided.get(case.report.report_id) or next(
        (report for report in case.previous if report.report_id == case.report.report_id), None
    )
    if before is None:
        return None
    thread = case.state.threads[before.thread_id]
    claim = thread.claims[before.claim_id]
    return Verdict("0", Kind.REPEATED, thread, claim, claim)


def row_background(case: Case) -> Verdict | None:
    """Dated before the renewal time: rows 9 and 10 if a claim agrees, else a claim is opened silently."""
    if not case.report.background:
        return None
    thread = case.thread
    known = case.known if not case.report.denied else list(thread.claims.values())
    claim = agreeing_claim(known, case.report)
    if claim is None or case.report.denied:
        return Verdict("background", Kind.REPEATED, thread, claim, claim)
    return _row_9_or_10(case, thread, claim)


def row_1_edited_figure(case: Case) -> Verdict | None:
    """Affirmed, and the article's edit took back a report that differs in its figure: revised, same claim."""
    report = case.report
    if report.denied or report.figure is None:
        return None
    taken_back = [
        (before, figure)
        for before in case.previous
        if before.report_id not in case.present
        and (figure := figure_of(before.claim)) is not None
        and _same_but_figure_and_place(before, report)
        and not figures_agree(figure, report.figure)
    ]
    if not taken_back:
        return None
    figure = report.figure
    before, _ = min(
        taken_back,
        key=lambda pair: (pair[0].claim.place_key != report.claim.place_key, figure_distance(pair[1], figure)),
    )
    thread = case.state.threads[before.thread_id]
    claim = thread.claims[before.claim_id]
    return Verdict("1", Kind.REVISED, thread, claim, claim, replaces=before)


def row_2_side_unknown(case: Case) -> Verdict | None:
    """Affirmed, a side unknown, and a compatible thread has told as much: rows 9 and 10 in the latest such.

    Row 6 comes before them there: a party that admits what it denied is news even if it leaves a side open.
    """
    if case.report.denied or not case.side_unknown:
        return None
    key = case.report.claim.place_key
    candidates = [
        (thread, claim)
        for thread in compatible_threads(case.state, case.report.claim)
        if covers_place(thread, key, known_places(thread, case.report, case.renew_after))
        and (claim := agreeing_claim(case.known_in(thread), case.report)) is not None
    ]
    if not candidates:
        return None
    thread, claim = max(candidates, key=lambda pair: (last_heard(case.known_in(pair[0])), pair[0].thread_id))
    return _row_6_in(case, thread) or _row_9_or_10(case, thread, claim)


def row_3_denied_again(case: Case) -> Verdict | None:
    """Denied, and this source's last word on the stage was a denial, for this place or for none, or of all that was
    asserted there: repeated."""
    report = case.report
    if not report.denied:
        return None
    for thread in _threads_denied(case):
        denied = claims_denied(thread, report)
        if last_word_denies(thread, report, (report.claim.place_key, None)) or (
            all_denied_by(report.source_key, denied) and last_word_denies(thread, report, None)
        ):
            claim = denied_claim(denied or claims_of_stage(thread, report))
            return Verdict("3", Kind.REPEATED, thread, claim, claim)
    return None


def row_4_denied(case: Case) -> Verdict | None:
    """Denied otherwise: one event on the claim without a figure, else the one heard last, or a claim of its own."""
    if not case.report.denied:
        return None
    thread = next(iter(_threads_denied(case)), case.thread)
    denied = claims_denied(thread, case.report)
    claim = denied_claim(denied)
    also = sorted((other for other in denied if other is not claim), key=heard, reverse=True)
    return Verdict("4", Kind.DENIED, thread, claim, claim, also=tuple(also))


def row_5_first_report(case: Case) -> Verdict | None:
    """Nothing known, or unheard for the renewal time: new; revised if a party affirms what it denied."""
    if case.known:
        return None
    thread = case.thread
    kind = Kind.REVISED if denied_last(thread, case.report) else Kind.NEW
    forgotten = nearest_claim(known_claims(thread, case.report, None), case.report)
    vague = agreeing_claim(vague_claims(case.state, case.report, case.renew_after), case.report)
    earlier = forgotten or vague or closest_of_any_stage(thread, case.report)
    return Verdict("5", kind, thread, None, earlier)


def row_6_admits(case: Case) -> Verdict | None:
    """The actor or the destination affirms what it denied last: revised, same claim."""
    return _row_6_in(case, case.thread)


def row_7_back_in_combat(case: Case) -> Verdict | None:
    """Engaged, a withdrawal has been claimed, and no engaged report since that claim was opened: new."""
    report, thread = case.report, case.thread
    if report.claim.stage is not Stage.ENGAGED:
        return None
    withdrawn = max(
        affirmed_claims(thread, Stage.WITHDRAWN), key=lambda claim: (claim.opened_at, claim.opened_order), default=None
    )
    if withdrawn is None or report.at < withdrawn.opened_at:
        return None
    opened = (withdrawn.opened_at, withdrawn.opened_order)
    if any((claim.heard_at, claim.heard_order) > opened for claim in affirmed_claims(thread, Stage.ENGAGED)):
        return None
    return Verdict("7", Kind.NEW, thread, None, withdrawn)


def row_8_other_figure(case: Case) -> Verdict | None:
    """A figure that agrees with no known one: revised if this source gave another in another article, else new."""
    report, thread, known = case.report, case.thread, case.known
    if report.figure is None or agreeing_claim(known, report) is not None:
        return None
    kind = Kind.NEW
    if report.source_key is not None:
        claim = report.claim
        word = thread.words.get(WordKey(claim.stage, claim.additional, report.source_key, claim.place_key))
        if word is not None and word.figure_article not in (None, report.article.id):
            kind = Kind.REVISED
    return Verdict("8", kind, thread, None, nearest_claim(known, report))


def row_8b_other_place(case: Case) -> Verdict | None:
    """A place not told before for this stage, and no known place lies inside it: new."""
    key = case.report.claim.place_key
    if place_told(key, known_places(case.thread, case.report, case.renew_after)):
        return None
    return Verdict("8b", Kind.NEW, case.thread, None, nearest_claim(case.known, case.report))


def row_9_other_source(case: Case) -> Verdict | None:
    """A named source not yet on the agreeing claim: corroborated."""
    claim = agreeing_claim(case.known, case.report)
    if claim is None or case.report.source_key is None or case.report.source_key in claim.sources:
        return None
    return Verdict("9", Kind.CORROBORATED, case.thread, claim, claim)


def row_10_repeated(case: Case) -> Verdict | None:
    claim = agreeing_claim(case.known, case.report)
    return Verdict("10", Kind.REPEATED, case.thread, claim, claim)


ROWS: tuple[Row, ...] = (
    row_0_same_slots,
    row_background,
    row_1_edited_figure,
    row_2_side_unknown,
    row_3_denied_again,
    row_4_denied,
    row_5_first_report,
    row_6_admits,
    row_7_back_in_combat,
    row_8_other_figure,
    row_8b_other_place,
    row_9_other_source,
    row_10_repeated,
)


def _row_6_in(case: Case, thread: ThreadState) -> Verdict | None:
    if not denied_last(thread, case.report):
        return None
    known = case.known_in(thread)
    claim = agreeing_claim(known, case.report) or nearest_claim(known, case.report)
    return Verdict("6", Kind.REVISED, thread, claim, claim)


def _row_9_or_10(case: Case, thread: ThreadState, claim: ClaimState) -> Verdict:
    source = case.report.source_key
    if source is not None and source not in claim.sources:
        return Verdict("9", Kind.CORROBORATED, thread, claim, claim)
    return Verdict("10", Kind.REPEATED, thread, claim, claim)


def _same_but_figure_and_place(before: RecordedReport, report: Report) -> bool:
    old, new = before.claim, report.claim
    return (old.actor, old.destination, old.stage, old.additional, source_key(old.source)) == (
        new.actor,
        new.destination,
        new.stage,
        new.additional,
        report.source_key,
    )


def _threads_denied(case: Case) -> list[ThreadState]:
    return threads_denied(case.state, case.report) if case.side_unknown else [case.thread]
