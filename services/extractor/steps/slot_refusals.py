"""Part of step 9: why a frame whose slots are missing, or only guessed, is no claim."""

from dataclasses import dataclass

from services.extractor.document import Document, Frame
from services.extractor.steps.actors import HOME_ARMY
from services.extractor.steps.departures import is_homecoming, is_ship_leaving
from services.extractor.steps.destinations import REPORTED_FROM, STORY
from services.extractor.steps.discourse import LAST_TOLD, Discourse, Where
from services.extractor.steps.gerund_subjects import ANTECEDENT
from services.extractor.steps.guessed_actors import GUESSES, LAST_FORCE
from services.extractor.steps.place_meanings import ABOARD, BORDER
from services.extractor.steps.places_told import SEVERAL
from services.extractor.steps.pointer_refusals import POINTING
from services.extractor.steps.told_before import is_predicate, is_told_before
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, VerbForm
from shared.events.statements import Stage

NO_ACTOR, NO_DESTINATION = "no actor", "no destination"


@dataclass(frozen=True, slots=True)
class Slots:
    """A frame with its actor, the rule that found him, and its destination."""

    frame: Frame
    actor: str | None
    rule: str
    where: Where


def unresolved(document: Document, slots: Slots, discourse: Discourse) -> str | None:
    """Why slots that are missing, or only guessed, make no claim."""
    frame, actor, where = slots.frame, slots.actor, slots.where
    if frame.weak and not where.explicit and not is_told_before(frame, where):
        return "weak trigger without a place"
    if is_predicate(document, frame, where):
        return "what they are, not where"
    if frame.frame is FrameClass.FIGHT and ANTECEDENT in frame.because and not where.explicit:
        return "whom they fight, not where"
    if where.country is None and where.place is None and where.because not in (SEVERAL, ABOARD):
        return NO_DESTINATION
    if _is_guessed(frame, where, discourse):
        return NO_DESTINATION
    if _points_elsewhere(frame, actor, where, discourse):
        return "pronoun for those told to be elsewhere"
    if where.because in (REPORTED_FROM, STORY) and slots.rule in GUESSES:
        return NO_DESTINATION
    if _passing(frame, where):
        return "people of a nation in passing"
    at_home = actor == where.country and not _may_be_at_home(frame, where)
    advances = frame.stage is Stage.ENGAGED and frame.frame not in ATTACKS
    if actor is None or (slots.rule in GUESSES and (at_home or advances)):
        return NO_ACTOR
    if slots.rule == HOME_ARMY and where.country not in (actor, None):
        return NO_ACTOR  # "the army" without a name is the country's own, and never abroad
    if _leaves_home(slots):
        return "who leaves his own country is on his way to another"
    if discourse.is_state(actor) and _is_group_of(frame, actor, where.country):
        return "fighters of no state"
    if is_ship_leaving(frame) and where.country == actor:
        return "a ship that leaves its port, nobody says where to"
    if is_homecoming(discourse, frame, actor, where):
        return "homecoming of what was withdrawn"
    return None


def _leaves_home(slots: Slots) -> bool:
    """ "700 Kenyans left Kenya", "the soldiers flew out": from one's own country one retreats in a war, by a
    verb of retreat; else a journey begins there, or the side is another's."""
    frame = slots.frame
    if frame.stage is not Stage.WITHDRAWN or slots.actor != slots.where.country or frame.force is None:
        return False
    people = "demonym" in frame.force.features and slots.where.place is None  # "many Haitians have left the country"
    return (frame.force.counted or people) and (frame.frame is FrameClass.LEAVE or slots.rule == LAST_FORCE)


def _points_elsewhere(frame: Frame, actor: str | None, where: Where, told: Discourse) -> bool:
    """ "They are in X", "fight in X" before anything was told of anybody, or of those told to be in another country:
    mostly others."""
    last, force = told.last_claim, frame.force
    stays = frame.frame is FrameClass.BE or frame.frame in ATTACKS
    if force is None or not stays or "pronoun" not in force.features or force.counted:
        return False
    return last is None or (last.actor == actor and last.destination != where.country)


def _is_guessed(frame: Frame, where: Where, told: Discourse) -> bool:
    """What somebody says of forces, without a place, once others are told of: not all in the article's country."""
    return where.because == STORY and bool(told.claims) and frame.clause.source is not None


def _may_be_at_home(frame: Frame, where: Where) -> bool:
    """Massed at the border, or a figure that moves, or their own state says what they do there ("300 soldiers guard the
    dams, the ministry in Riga said"): those whose side is only guessed, in that very country."""
    speaker, force = frame.clause.source, frame.force
    told = speaker is not None and speaker.code == where.country and frame.verb is not None
    if told and frame.stage is not Stage.WITHDRAWN and frame.frame is not FrameClass.HAVE:
        return True
    if force is None:
        return where.because == BORDER
    moved = frame.frame in (FrameClass.SEND, FrameClass.WITHDRAW) and not frame.weak and not frame.nominal
    return where.because == BORDER or (moved and force.counted) or _does_there(frame, where)


def _does_there(frame: Frame, where: Where) -> bool:
    """ "Since May the garrison at X has had 110 soldiers": what plain forces do at a place by its name; not "the new
    barracks at X will have room for 110", "the soldiers in X get new uniforms"."""
    if frame.verb is None or where.place is None or frame.force is None:
        return False
    room = frame.frame is FrameClass.HAVE and frame.verb.reading.form is VerbForm.INFINITIVE
    known = {"definite", "people"} <= frame.force.features
    return not (room or known or frame.force.features & {"demonym", "vessel", "negated", *POINTING})


def _passing(frame: Frame, where: Where) -> bool:
    """A nation's people without a number are a force only where the clause itself places them, or if they stay or leave
    where forces were told to be: "the Danes are staying"."""
    force = frame.force
    stays = frame.verb is not None and frame.verb.reading.verb.effect is Effect.BEGIN and frame.frame is FrameClass.BE
    leaves = frame.frame in (FrameClass.WITHDRAW, FrameClass.LEAVE) and not frame.nominal
    if where.because == LAST_TOLD and (stays or leaves):
        return False
    return force is not None and "demonym" in force.features and not force.counted and not where.explicit


def _is_group_of(frame: Frame, actor: str, country: str | None) -> bool:
    """ "Iraqi militias in Iraq", "Palestinian militants shelled X": where they come from, not whose they are; abroad
    they are told by it, "500 Iraqi militiamen were flown to Syria"."""
    force = frame.force
    if force is None or "group" not in force.features:
        return False
    known = force.counted or ("unit" in force.features and frame.frame not in ATTACKS)
    if known and country not in (actor, None) and frame.stage is not Stage.WITHDRAWN:
        return False
    return actor in (force.code, force.country if "from" in force.features else None)
