"""Part of step 6: vehicles that are a force, since their crews drive them."""

from services.extractor.document import SUBJECT_MOVES, Frame, FrameClass, Mention
from services.extractor.steps.frame_senders import is_active


def drives(vehicles: Mention, frame: Frame) -> bool:
    """ "Turkish tanks rolled into Syria": armour moves and fights with its crews; what is sent may be given away."""
    if "armour" not in vehicles.features or vehicles.code is None or frame.verb is None:
        return False
    itself = frame.frame is FrameClass.SEND and vehicles.last <= frame.head and is_active(frame)
    return itself or frame.frame in SUBJECT_MOVES
