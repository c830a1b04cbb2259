"""How a report differs from the closest earlier claim: in English, for programs and people.

Messages in other languages have their own templates and take the slots, not these sentences.
"""

from collections.abc import Callable

from services.alerts.decide.compare_slots import source_key
from shared.events.statements import Certainty, Claim


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


def speaker(claim: Claim, name: Callable[[str], str] = str) -> str:
    """The code behind a claim, by its `name`, else a medium or person, else that nobody is named."""
    if claim.source is None:
        return "an unnamed source"
    code = claim.source.code
    return name(code) if code and code != "MEDIA" else claim.source.name


def _forces_kind(claim: Claim) -> str:
    return "additional" if claim.additional else "in all"


def _denies(claim: Claim) -> bool:
    return claim.certainty is Certainty.DENIED


def _stance(claim: Claim) -> str:
    return f"{claim.certainty.value} by {speaker(claim)}"
