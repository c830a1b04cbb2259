"""Part of step 5: a further clause whose subject is parted from its verb: "…, while the 260, flown to X, are in Y"."""

from dataclasses import replace

from services.extractor.document import Token
from services.extractor.steps.finite_verbs import may_say
from services.extractor.steps.relative_pronouns import RELATIVE
from services.extractor.steps.segments import Segment
from services.extractor.vocabulary import FINITE, TermKind

_PARTS = frozenset({";", "–", "—"})


def open_joined_subjects(tokens: list[Token], segments: list[Segment], verb_final: bool) -> list[Segment]:
    """The segments, with such a subject in one of its own that opens a clause: it is no rest of the clause before."""
    found: list[Segment] = []
    fronted = not verb_final and _is_fronted(tokens, segments[0])
    whole = segments[0].finite
    for number, segment in enumerate(segments):
        subject = None
        if whole and not segment.finite:
            subject = _subject_at(tokens, segment, fronted)
        elif whole and not verb_final:
            subject = _subordinate_end(tokens, segment)
        if subject is not None and _verb_follows(tokens, segments[number + 1 :]):
            if subject > segment.first:
                found.append(replace(segment, last=subject))
            found.append(Segment(subject, segment.last, segment.opener, quote=segment.quote, opens=True))
        else:
            found.append(segment)
        fronted = fronted and not found[-1].opens
        whole = whole or (segment.finite and segment.subordinator is None)
    return found


def _is_fronted(tokens: list[Token], segment: Segment) -> bool:
    """ "While rebels took X, | the battalion, …"."""
    opening = tokens[segment.first].term(TermKind.COORDINATOR) is not None
    return segment.finite and (opening or segment.subordinator is not None)


def _subject_at(tokens: list[Token], segment: Segment, fronted: bool) -> int | None:
    """Where the segment begins, the word that joins it included, if it may be the subject of a further clause."""
    if segment.gerund or segment.is_purpose or segment.infinitive or segment.subordinator is not None:
        return None
    joined = tokens[segment.first].term(TermKind.COORDINATOR)
    subject = joined.last if joined is not None else segment.first
    apart = segment.opener in _PARTS or (segment.opener == "," and (joined is not None or fronted))
    plain = subject < segment.last and tokens[subject].term(TermKind.RELATOR) is None
    return segment.first if apart and plain else None


def _subordinate_end(tokens: list[Token], segment: Segment) -> int | None:
    """ "soldiers left X | as the frigate, …": what a subordinator opens last in a segment, and no verb closes."""
    if segment.gerund or segment.is_purpose or segment.bare_relative:
        return None
    for index in range(segment.last - 2, segment.first, -1):
        if tokens[index].may_be(*FINITE):
            return None
        opening = tokens[index].term(TermKind.SUBORDINATOR)
        if opening is not None and opening.term.sort not in RELATIVE:
            return index if tokens[opening.last].term(TermKind.RELATOR) is None else None
    return None


def _verb_follows(tokens: list[Token], behind: list[Segment]) -> bool:
    """What goes on behind relative clauses and appositions opens with a verb without a subject of its own; not "…, said
    Y", who tells it, nor "…, verlegt", the last word of the clause before."""
    ruled = next((later for later in behind if later.finite and later.subordinator is None), None)
    if ruled is None or not tokens[ruled.first].may_be(*FINITE) or may_say(tokens, ruled.first):
        return False
    return ruled.first + 1 < ruled.last and tokens[ruled.first + 1].form[0].isalnum()
