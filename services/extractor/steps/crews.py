"""Part of step 6: vehicles that are a force, since their crews drive them."""

from services.extractor.document import Frame, Mention
from services.extractor.steps.frame_senders import is_active
from services.extractor.vocabulary import SUBJECT_MOVES, FrameClass


def drives(vehicles: Mention, frame: Frame) -> bool:
    """ "Turkish tanks rolled into Syria", "are massed near X": armour has its crews; what is sent may be given away."""
    if "armour" not in vehicles.features or vehicles.code is None or frame.verb is None:
        return False
    stands = is_active(frame) or all(place.role in ("at", "near") for place in frame.places)
    itself = frame.frame is FrameClass.SEND and vehicles.last <= frame.head and stands
    return itself or frame.frame in SUBJECT_MOVES
