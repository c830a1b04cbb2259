"""Part of step 8: who leaves his own country for another, or goes back to one, is on his way there, not withdrawn."""

from dataclasses import replace

from services.extractor.document import Frame, FrameClass, Mention, MentionKind, Sentence
from services.extractor.steps.clause_phrases import mentions_in
from services.extractor.steps.discourse import Where
from shared.events.statements import Stage

_LEAVES = frozenset({FrameClass.LEAVE, FrameClass.DEPART})


def set_out(sentence: Sentence, frame: Frame, actor: str | None, left: Where) -> Frame | None:
    """ "Croatian soldiers left Zagreb for Kosovo", "returned to Mali": the frame of where they go, if it is abroad;
    None if they leave another's country."""
    if actor is None:
        return None
    places = mentions_in(sentence, frame.clause, MentionKind.PLACE)
    leaves_home = frame.frame in _LEAVES and left.country == actor
    comes_back = frame.verb is not None and frame.verb.reading.verb.returns and not _tells_whence(places)
    goal = next((place for place in places if _is_goal(place, leaves_home)), None)
    if goal is None or not (leaves_home or comes_back):
        return None
    return replace(frame, frame=FrameClass.GO, stage=Stage.DEPLOYED, places=[replace(goal, role="goal")])


def _tells_whence(places: list[Mention]) -> bool:
    return any(place.role in ("origin", "at") for place in places)


def _is_goal(place: Mention, leaves_home: bool) -> bool:
    named = place.name is not None or place.country is not None
    return named and (place.role == "goal" or (leaves_home and place.role == "for"))
