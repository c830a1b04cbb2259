"""Part of step 9: what is no claim, each reason a rule of the annotation guide or a class of false alarms."""

from services.extractor.document import Document, Frame, Sentence
from services.extractor.steps.discourse import Discourse
from services.extractor.steps.event_refusals import REFUSED, SUPPOSED, refused_event
from services.extractor.steps.focus import IN_PASSING
from services.extractor.steps.force_refusals import refused_force
from services.extractor.steps.gerund_subjects import ANTECEDENT
from services.extractor.steps.history import HISTORY
from services.extractor.vocabulary import Effect, FrameClass, VerbForm

NO_CLAIM = {
    Effect.QUESTION: "question",
    Effect.CONDITION: SUPPOSED,
    Effect.DEMAND: "demanded, not told",
    Effect.PAST: HISTORY,
    Effect.UNRELATED: "no armed forces",
    Effect.EXERCISE: "exercise",
    Effect.REFUSE: REFUSED,
}
_PASSING = frozenset({Effect.QUESTION, Effect.CONDITION, Effect.DEMAND, Effect.REFUSE})


def refusal(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    """Why a frame is no claim whatever its slots; None if it may be one."""
    presupposed = _PASSING if frame.attributive else frozenset()
    if _has_to_go(sentence, frame):
        presupposed |= {Effect.DEMAND}
    for effect, reason in NO_CLAIM.items():
        if effect in frame.clause.effects - presupposed and not (effect is Effect.EXERCISE and _moves_for_it(frame)):
            return reason
    if discourse.focus.excludes(frame):
        return IN_PASSING
    if _were_elsewhere(document, frame):
        return "where those just told of were not before"
    return refused_force(document, sentence, frame, discourse) or refused_event(
        document, sentence, frame, discourse.words
    )


def _were_elsewhere(document: Document, frame: Frame) -> bool:
    """ "… zeigten 1500 Soldaten, die dort im Mai noch nicht gewesen waren": denies nothing that it tells."""
    if ANTECEDENT not in frame.because or Effect.NEGATE not in frame.clause.effects or frame.force is None:
        return False
    others = (f for f in document.frames if f.sentence == frame.sentence and f.clause is frame.clause.parent)
    return any(f.force is not None and f.force.first == frame.force.first for f in others)


def _has_to_go(sentence: Sentence, frame: Frame) -> bool:
    """ "By June the 300 soldiers must leave Haiti", "Under the deal Kenya must withdraw its troops": a must that nobody
    is said to utter is a date set; not "demands: They must leave", nor "the troops must leave"."""
    clause, force = frame.clause, frame.force
    settled = force is not None and (force.counted or Effect.PLAN in clause.effects)
    leaves = frame.frame in (FrameClass.LEAVE, FrameClass.WITHDRAW) and settled
    if not leaves or clause.kind == "sub" or clause.source is not None:
        return False
    demands = [v.reading for c in sentence.clauses for v in c.verbs if v.reading.verb.effect is Effect.DEMAND]
    return any(r.form is VerbForm.PRESENT for r in demands) and all(r.verb.modal for r in demands)


def _moves_for_it(frame: Frame) -> bool:
    """ "has massed 20,000 soldiers on its border for the manoeuvres": who moves there is there, for whatever end."""
    owned = frame.sender is not None or (frame.force is not None and frame.force.code is not None)
    return frame.frame in (FrameClass.SEND, FrameClass.GO) and owned and bool(frame.places)
