"""Part of step 9: how many there were before: "Spain had 1,400 soldiers in X and now has 200"."""

from services.extractor.document import Document, DraftClaim, Frame
from services.extractor.steps.stages import is_now
from services.extractor.vocabulary import FrameClass, VerbForm
from shared.events.statements import Stage

_LEVELS = frozenset({FrameClass.HAVE, FrameClass.BE})


def without_former(told: list[tuple[DraftClaim, Frame]], document: Document) -> list[DraftClaim]:
    """A sentence's claims but those of a presence in the past of which the same sentence says how many are left."""
    return [
        claim
        for claim, frame in told
        if not any(_is_former(frame, later, document) and _are_same(claim, other) for other, later in told)
    ]


def _is_former(frame: Frame, later: Frame, document: Document) -> bool:
    past, present = frame.form is VerbForm.PAST, later.form is VerbForm.PRESENT or is_now(later, document)
    return past and present and frame.frame in _LEVELS and frame.head < later.head and not is_now(frame, document)


def _are_same(claim: DraftClaim, other: DraftClaim) -> bool:
    """Of one side in one country, in two numbers."""
    sides = (claim.actor, claim.destination, claim.stage) == (other.actor, other.destination, Stage.DEPLOYED)
    numbers = {claim.count_min, claim.count_max}.isdisjoint({other.count_min, other.count_max})
    return sides and numbers
