"""Part of step 9: what "they", "sie", "500 more" may mean that is no force, or none that is told of now."""

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.steps.civilians import civilians_before
from services.extractor.steps.discourse import NEAR_FORCE, Discourse
from services.extractor.steps.history import HISTORY
from services.extractor.vocabulary import FrameClass, TermKind, VerbForm

POINTING = frozenset({"pronoun", "elided", "part"})
_TOLD, _THINGS = (MentionKind.FORCE, MentionKind.QUANTITY), ("thing", "person")
_MOVED = frozenset({FrameClass.SEND, FrameClass.WITHDRAW})


def note_refused(document: Document, frame: Frame, reason: str, discourse: Discourse) -> None:
    """Remembers what later pronouns do not mean: forces of long ago, others whom the state sends or brings home."""
    forces = document.sentences[frame.sentence].of_kind(MentionKind.FORCE)
    if reason == HISTORY and frame.force is not None:
        discourse.history_told = frame.sentence
    elif frame.sender is not None and not frame.nominal and frame.frame in _MOVED and not forces:
        discourse.others_moved = frame.sentence


def refused_pointer(
    document: Document, sentence: Sentence, frame: Frame, discourse: Discourse, *, military: bool
) -> str | None:
    """Why a force that is only pointed at is none."""
    force = frame.force
    if force is None or force.code is not None:
        return None
    if _goes_on_in_the_past(frame, force) and 0 <= sentence.index - discourse.history_told <= 1:
        return HISTORY
    far = sentence.index - discourse.force_seen > NEAR_FORCE and not _named_before(sentence, force)
    there = force.counted and "part" in force.features and frame.frame is FrameClass.BE and bool(frame.places)
    if force.features & POINTING and not military and far and not there:  # "in X there are 1,900 of them"
        return "pronoun far from any force"
    if "part" in force.features and _goes_on_with_things(document, sentence, force):
        return "so many of the things named before"
    if "pronoun" not in force.features and ("part" not in force.features or force.counted):
        return None
    others = 0 <= sentence.index - discourse.others_moved <= 1
    return "pronoun for civilians" if others or civilians_before(document, sentence, force.first) else None


def _goes_on_in_the_past(frame: Frame, force: Mention) -> bool:
    """ "In 1994 … They stayed for three years", "the soldiers left in 1997"."""
    past = frame.verb is not None and all(
        v.reading.form in (VerbForm.PAST, VerbForm.PARTICIPLE) for v in frame.clause.verbs
    )
    return past and bool(force.features & {"pronoun", "definite", "possessive"})


def _goes_on_with_things(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "fired four rockets, three of them at X": what is counted before is no force; not "ships with 20 of them"."""
    told = [m for m in sentence.mentions if m.kind in _TOLD and m.last < force.first and "year" not in m.features]
    last = max(told, key=lambda m: m.last, default=force)
    thing = document.tokens[last.last]
    plain = thing.form.isalpha() and not thing.verbs and all(m.term.sort in _THINGS for m in thing.terms)
    counted = last is not force and ("vehicle" in last.features or (plain and last.kind is MentionKind.QUANTITY))
    return counted and document.tokens[force.first - 1].term(TermKind.RELATOR) is None


def _named_before(sentence: Sentence, pointing: Mention) -> bool:
    """ "Russian peacekeepers, of whom there are 2,000 in X"."""
    return any(
        m.kind is MentionKind.FORCE and "weak" not in m.features and m.last <= pointing.first for m in sentence.mentions
    )
