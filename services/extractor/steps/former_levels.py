"""Part of step 9: how many there were before: "Spain had 1,400 soldiers in X and now has 200"."""

from services.extractor.document import Document, DraftClaim, Frame
from services.extractor.steps.stages import is_now
from services.extractor.vocabulary import FINITE, FrameClass, VerbForm
from shared.events.statements import Stage

_LEVELS = frozenset({FrameClass.HAVE, FrameClass.BE})


def without_former(told: list[tuple[DraftClaim, Frame]], document: Document) -> list[DraftClaim]:
    """A sentence's claims but those of a presence in the past of which the same sentence says how many are left, or
    that they are elsewhere now."""
    return [
        claim
        for claim, frame in told
        if not any(
            (_is_former(frame, later, document) and _are_same(claim, other))
            or (_has_moved(frame, later) and _are_elsewhere(claim, other))
            for other, later in told
        )
    ]


def _is_former(frame: Frame, later: Frame, document: Document) -> bool:
    past, present = frame.form is VerbForm.PAST, later.form is VerbForm.PRESENT or is_now(later, document)
    return past and present and frame.frame in _LEVELS and frame.head < later.head and not is_now(frame, document)


def _has_moved(frame: Frame, later: Frame) -> bool:
    """ "the 260 soldiers who had been in X | are now in Y": where they were, in a relative clause."""
    here, there = ({v.reading.form for v in one.clause.verbs} & FINITE for one in (frame, later))
    same = frame.force is not None and later.force is not None and frame.force.first == later.force.first
    was = frame.clause.kind == "relative" and frame.frame in _LEVELS and here == {VerbForm.PAST}
    return same and was and there == {VerbForm.PRESENT}


def _are_elsewhere(claim: DraftClaim, other: DraftClaim) -> bool:
    return other.destination not in (None, claim.destination) and other.stage is Stage.DEPLOYED


def _are_same(claim: DraftClaim, other: DraftClaim) -> bool:
    """Of one side in one country, in two numbers."""
    sides = (claim.actor, claim.destination, claim.stage) == (other.actor, other.destination, Stage.DEPLOYED)
    numbers = {claim.count_min, claim.count_max}.isdisjoint({other.count_min, other.count_max})
    return sides and numbers
