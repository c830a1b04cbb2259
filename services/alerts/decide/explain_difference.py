"""Why a report is what it is, and how it differs from the closest earlier claim: in English, for programs and people.

Messages in other languages have their own templates and take the slots, not these sentences.
"""

from services.alerts.decide.compare_slots import source_key
from services.alerts.decide.decide_report import Kind, Verdict
from services.alerts.decide.known_claims import affirmed_claims
from services.alerts.decide.reports import Report
from services.alerts.decide.state import ClaimState
from shared.events.statements import Certainty, Claim, Stage

_FIRST = {
    Stage.PLANNED: "first report of plans to send {forces} to {where}",
    Stage.DEPLOYED: "first report of {forces} deployed in {where}",
    Stage.ENGAGED: "first report of {forces} fighting in {where}",
    Stage.WITHDRAWN: "first report of {forces} leaving {where}",
}
_DENIED = {
    Stage.PLANNED: "{who} denies that {forces} will be sent to {where}",
    Stage.DEPLOYED: "{who} denies that {forces} are in {where}",
    Stage.ENGAGED: "{who} denies that {forces} are fighting in {where}",
    Stage.WITHDRAWN: "{who} denies that {forces} are leaving {where}",
}


def why(verdict: Verdict, report: Report) -> str:
    """One sentence without a full stop: what makes the report new, or what makes it nothing new.

    Asked before the verdict is recorded: the first report of a thread is one as long as the thread is empty.
    """
    who, figure = speaker(report.claim), count_words(report.claim)
    if verdict.row == "4":
        return _DENIED[report.claim.stage].format(who=who, forces=forces(report.claim), where=_spot(report.claim))
    if verdict.row == "5":
        return _why_first(verdict, report)
    if verdict.row == "8":
        told = verdict.earlier.claim if verdict.earlier else None
        old = f", not {count_words(told)}" if told and verdict.kind is Kind.REVISED and _has_count(told) else ""
        return (
            f"{who} now says {figure}{old}" if verdict.kind is Kind.REVISED else f"a figure not told before: {figure}"
        )
    if verdict.row == "9":
        return f"{who} says so too"
    return {
        "0": "this article has said so already",
        "background": "history, told beside the news",
        "1": f"this article was edited and now says {figure}",
        "3": f"{who} has denied it before",
        "6": f"{who} admits what it denied",
        "7": f"{forces(report.claim)} are back in combat in {where(report.claim)} after a reported withdrawal",
        "8b": f"{_first(report.claim)} that names {report.claim.place}",
        "10": _told_before(verdict, report),
    }[verdict.row]


def difference(earlier: Claim, later: Claim) -> str:
    """The slots in which two claims differ, as "count 3,000 → 10,000; place none → Kursk"; "none" if in none.

    Who says so counts only where nothing else differs; that somebody denies it counts first.
    """
    changes = [
        ("actor", earlier.actor or "unknown", later.actor or "unknown"),
        ("destination", earlier.destination or "unknown", later.destination or "unknown"),
        ("stage", earlier.stage.value, later.stage.value),
        ("count", count_words(earlier), count_words(later)),
    ]
    if (earlier.place_key or earlier.place) != (later.place_key or later.place):
        changes.append(("place", earlier.place or "none", later.place or "none"))
    if earlier.additional != later.additional:
        changes.append(("forces", _forces_kind(earlier), _forces_kind(later)))
    if _denies(earlier) != _denies(later):
        changes = [("certainty", _stance(earlier), _stance(later))]
    told = [f"{slot} {old} → {new}" for slot, old, new in changes if old != new]
    if not told and source_key(earlier.source) != source_key(later.source):
        told = [f"source {speaker(earlier)} → {speaker(later)}"]
    return "; ".join(told) or "none"


def count_words(claim: Claim) -> str:
    """The count as people write it in English."""
    low, high = claim.count_min, claim.count_max
    if low is None and high is None:
        return "no figure"
    if high is None:
        return f"at least {low:,}"
    if low is None:
        return f"up to {high:,}"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def speaker(claim: Claim) -> str:
    """The code behind a claim, else the name of a medium or person, else that nobody is named."""
    if claim.source is None:
        return "an unnamed source"
    code = claim.source.code
    return code if code and code != "MEDIA" else claim.source.name


def forces(claim: Claim) -> str:
    kind = "additional " if claim.additional else ""
    return f"{kind}{claim.actor} forces" if claim.actor else f"{kind}forces of an unnamed country"


def where(claim: Claim) -> str:
    return claim.destination or claim.place or "an unnamed country"


def _spot(claim: Claim) -> str:
    return f"{claim.place} ({claim.destination})" if claim.place and claim.destination else where(claim)


def _why_first(verdict: Verdict, report: Report) -> str:
    claim = report.claim
    if verdict.kind is Kind.REVISED:
        return f"{speaker(claim)} admits what it denied"
    told = affirmed_claims(verdict.thread)
    if not told and claim.stage is Stage.DEPLOYED:
        return f"first report of {forces(claim)} in {where(claim)}"
    if verdict.earlier is not None and _is_forgotten(verdict.earlier, verdict, report):
        return f"not reported since {verdict.earlier.heard_at:%Y-%m-%d}"
    return _first(claim)


def _first(claim: Claim) -> str:
    return _FIRST[claim.stage].format(forces=forces(claim), where=where(claim))


def _told_before(verdict: Verdict, report: Report) -> str:
    said = verdict.joins is not None and report.source_key in verdict.joins.sources
    return f"{speaker(report.claim)} has said so before" if said else "told before"


def _is_forgotten(earlier: ClaimState, verdict: Verdict, report: Report) -> bool:
    """Row 5 holds though the same thread knows the stage: nobody has said so for the renewal time."""
    same_thread = earlier.claim_id in verdict.thread.claims
    old, new = earlier.claim, report.claim
    return same_thread and earlier.affirmed and (old.stage, old.additional) == (new.stage, new.additional)


def _has_count(claim: Claim) -> bool:
    return claim.count_min is not None or claim.count_max is not None


def _forces_kind(claim: Claim) -> str:
    return "additional" if claim.additional else "in all"


def _denies(claim: Claim) -> bool:
    return claim.certainty is Certainty.DENIED


def _stance(claim: Claim) -> str:
    return f"{claim.certainty.value} by {speaker(claim)}"
