"""Part of step 9: of the frames that one clause makes of the same force, the one that says most."""

from services.extractor.document import Document, Frame, Mention
from services.extractor.steps.stages import describes_force, is_inserted
from services.extractor.steps.tenses import STATIC
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, VerbForm
from shared.events.statements import Stage


def strongest(frames: list[Frame], document: Document) -> list[Frame]:
    """One frame for each force of a clause: a verb before a noun, what happens before what only describes ("soldiers
    stationed in X will be sent to Y"), a mover before a plain presence; a verb that says something of a force only
    beside a place comes last where it has none."""

    if len(frames) < 2:
        return frames
    # not "300 serving there are to be joined by two doctors", "soldiers stationed in X came under fire"
    moves = not any(_is_copula(f) or f.frame in ATTACKS for f in frames)

    def rank(f: Frame) -> tuple[bool | int, ...]:
        stays = is_inserted(f, document) and all(other is f or other.frame in STATIC for other in frames)
        described = moves and not stays and describes_force(f, document)
        unseen = f.force is None and f.frame is FrameClass.BE
        none = unseen and Effect.NEGATE in f.clause.effects  # "no build-up near X"
        return f.weak and not f.places, none, f.nominal, described, f.weak, _only_there(f), f.head

    kept: list[Frame] = []
    for frame in sorted(frames, key=rank):
        same = [
            other
            for other in kept
            if (
                other.clause is frame.clause
                and (frame.force is None or _is_same(other.force, frame.force))
                and not _is_other_sender(other, frame)
                and not _goes_on_elsewhere(other, frame)
            )
            or (frame.frame is FrameClass.COUNT and other.force is frame.force and other.clause.parent is frame.clause)
        ]
        if not same:
            kept.append(frame)
        elif _counts(frame) and same[0].force is not None and not _counts(same[0]):
            same[0].force = frame.force  # "soldiers stationed in X number 340"
    return sorted(kept, key=lambda f: f.head)


def _is_copula(frame: Frame) -> bool:
    return frame.verb is not None and frame.verb.reading.verb.copula


def _only_there(frame: Frame) -> bool:
    """A presence; or "since fighting last May", which only tells when."""
    beside = frame.form is VerbForm.GERUND
    return frame.frame in (STATIC if beside else STATIC - ATTACKS)


def _counts(frame: Frame) -> bool:
    return frame.force is not None and frame.force.counted


def _is_other_sender(one: Frame, other: Frame) -> bool:
    """ "Gabon and Angola will each send 200 soldiers": the same verb and words, another side."""
    if one.sender is None or other.sender is None:
        return False
    return one.head == other.head and one.sender.code != other.sender.code


def _goes_on_elsewhere(one: Frame, other: Frame) -> bool:
    """ "has pulled a division out of X and sent it to Y", "haben X geräumt und sind nach Y gewechselt": two verbs of
    one clause, a goal behind what was left."""
    left, sent = sorted((one, other), key=lambda f: f.stage is not Stage.WITHDRAWN)
    if (
        left.stage is not Stage.WITHDRAWN
        or sent.frame not in (FrameClass.SEND, FrameClass.GO)
        or left.nominal
        or sent.nominal
    ):
        return False
    origins, goals = left.places[:1], sent.places[:1]
    return bool(origins and goals) and origins[0].role in ("origin", None) and goals[0].role == "goal"


def _is_same(one: Mention | None, other: Mention) -> bool:
    """Whether both are the same words: each frame has its own mention of a bare number."""
    return one is not None and (one.first, one.last) == (other.first, other.last)
