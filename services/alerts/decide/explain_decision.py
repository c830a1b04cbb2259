"""Why a report is what it is: a word for programs, and a sentence in English, with codes or with names.

Messages in other languages have their own sentences for the word.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from services.alerts.decide.explain_difference import count_words, speaker
from services.alerts.decide.known_claims import affirmed_claims
from services.alerts.decide.reports import Report
from services.alerts.decide.state import ClaimState
from services.alerts.decide.verdict import Kind, Verdict
from shared.events.statements import Claim, Stage

NameOf = Callable[[str], str]
"""What a reader calls the country or organisation of a code; `str` leaves the code."""


class Because(StrEnum):
    """What makes a report worth telling."""

    FIRST = "first"  # of this actor's forces there
    FIRST_OF_STAGE = "first_of_stage"
    UNHEARD = "unheard"  # for the renewal time
    FIGURE = "figure"
    PLACE = "place"
    CHANGED = "changed"  # the same source says another figure
    EDITED = "edited"  # the same article does
    ADMITTED = "admitted"
    BACK = "back"
    DENIED = "denied"
    SOURCE = "source"


_FIRST = {
    Stage.PLANNED: "first report of plans to send {forces} to {where}",
    Stage.DEPLOYED: "first report of {forces} deployed in {where}",
    Stage.ENGAGED: "first report of {forces} fighting in {where}",
    Stage.WITHDRAWN: "first report of {forces} leaving {where}",
}
_DENIED = {
    Stage.PLANNED: "{who} denies that {forces} will be sent to {spot}",
    Stage.DEPLOYED: "{who} denies that {forces} are in {spot}",
    Stage.ENGAGED: "{who} denies that {forces} are fighting in {spot}",
    Stage.WITHDRAWN: "{who} denies that {forces} are leaving {spot}",
}
_SENTENCES = {
    Because.FIRST: "first report of {forces} in {where}",
    Because.UNHEARD: "not reported since {since}",
    Because.FIGURE: "a figure not told before: {figure}",
    Because.CHANGED: "{who} now says {figure}",
    Because.EDITED: "this article was edited and now says {figure}",
    Because.ADMITTED: "{who} admits what it denied",
    Because.BACK: "{forces} are back in combat in {where} after a reported withdrawal",
    Because.SOURCE: "{who} says so too",
}
_NOTHING_NEW = {
    "0": "this article has said so already",
    "background": "history, told beside the news",
    "3": "{who} has denied it before",
}
_OF_ROW = {
    "1": Because.EDITED,
    "4": Because.DENIED,
    "6": Because.ADMITTED,
    "7": Because.BACK,
    "8b": Because.PLACE,
    "9": Because.SOURCE,
}


def because(verdict: Verdict, report: Report) -> Because | None:
    """The word; None where the report is nothing new.

    Asked before the verdict is recorded: the first report of a thread is one as long as the thread is empty.
    """
    if verdict.row == "5":
        return _because_first(verdict, report)
    if verdict.row == "8":
        return Because.CHANGED if verdict.kind is Kind.REVISED else Because.FIGURE
    return _OF_ROW.get(verdict.row)


def why(verdict: Verdict, report: Report) -> str:
    """One sentence without a full stop: what makes the report new, or what makes it nothing new. Asked when `because`
    is."""
    word = because(verdict, report)
    if word is None:
        return _nothing_new(verdict, report)
    earlier = verdict.earlier
    since = earlier.heard_at.date() if earlier else None
    return sentence(word, report.claim, earlier.claim if earlier else None, since)


def sentence(word: Because, claim: Claim, earlier: Claim | None, since: date | None, name: NameOf = str) -> str:
    """`earlier` is the closest claim told before, last heard on the day `since`."""
    first = _FIRST[claim.stage]
    pattern = {
        Because.DENIED: _DENIED[claim.stage],
        Because.FIRST_OF_STAGE: first,
        Because.PLACE: f"{first} that names {{place}}",
        **_SENTENCES,
    }[word]
    if word is Because.CHANGED and earlier is not None and has_count(earlier):
        pattern += f", not {count_words(earlier)}"
    return pattern.format(
        who=speaker(claim, name),
        forces=_forces(claim, name),
        where=_where(claim, name),
        spot=_spot(claim, name),
        place=claim.place,
        figure=count_words(claim),
        since=since,
    )


def has_count(claim: Claim) -> bool:
    return claim.count_min is not None or claim.count_max is not None


def _because_first(verdict: Verdict, report: Report) -> Because:
    if verdict.kind is Kind.REVISED:
        return Because.ADMITTED
    if not affirmed_claims(verdict.thread) and report.claim.stage is Stage.DEPLOYED:
        return Because.FIRST
    if verdict.earlier is not None and _is_forgotten(verdict.earlier, verdict, report):
        return Because.UNHEARD
    return Because.FIRST_OF_STAGE


def _nothing_new(verdict: Verdict, report: Report) -> str:
    who = speaker(report.claim)
    if verdict.row in _NOTHING_NEW:
        return _NOTHING_NEW[verdict.row].format(who=who)
    said = verdict.joins is not None and report.source_key in verdict.joins.sources
    return f"{who} has said so before" if said else "told before"


def _is_forgotten(earlier: ClaimState, verdict: Verdict, report: Report) -> bool:
    """Row 5 holds though the same thread knows the stage: nobody has said so for the renewal time."""
    same_thread = earlier.claim_id in verdict.thread.claims
    old, new = earlier.claim, report.claim
    return same_thread and earlier.affirmed and (old.stage, old.additional) == (new.stage, new.additional)


def _forces(claim: Claim, name: NameOf) -> str:
    kind = "additional " if claim.additional else ""
    return f"{kind}forces of {name(claim.actor) if claim.actor else 'an unnamed country'}"


def _where(claim: Claim, name: NameOf) -> str:
    return name(claim.destination) if claim.destination else claim.place or "an unnamed country"


def _spot(claim: Claim, name: NameOf) -> str:
    where = _where(claim, name)
    return f"{claim.place} ({where})" if claim.place and claim.destination else where
