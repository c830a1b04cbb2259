"""Part of step 9: which words for people are no force that does what the frame says."""

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_phrases import NO_SUBJECT, after_relator, is_attributed, is_passive, mentions_in
from services.extractor.steps.crews import drives
from services.extractor.steps.discourse import NEAR_FORCE, Discourse
from services.extractor.steps.event_refusals import NOUN_WITHIN, tells
from services.extractor.steps.object_places import SEAT
from services.extractor.steps.other_frames import UNKNOWN_VERB
from services.extractor.steps.pointer_refusals import refused_pointer
from services.extractor.vocabulary import ATTACKS, Effect, FrameClass, TermKind
from shared.events.statements import Stage

MIN_PEOPLE = 10
"""Fewer soldiers or men of no side than this are persons, no force."""
MAX_PEOPLE = 200_000  # of a nation are no force any more

NO_FORCE, VAGUE_FORCE = "no force", "vague word for people, vague verb"
_SIDED = frozenset({FrameClass.SEND, FrameClass.WITHDRAW, FrameClass.GROW, FrameClass.LEAVE})
_PUT_AT = frozenset({"at", "goal", "of", "with"})
"""Roles of what leads a figure that somebody gives for others."""
_NO_SOLDIERS = frozenset({"role", "demonym", "pronoun", "elided"})


def refused_force(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    """Why who is named goes, is and fights nowhere; None if he may."""
    if frame.force is None:
        acts = _acts_by_name(frame) or _leaves_country(document, frame, discourse.words.orthography)
        return None if acts else NO_FORCE
    return (
        _not_soldiers(document, sentence, frame, frame.force, discourse)
        or _no_force_by_its_word(document, sentence, frame, frame.force, discourse)
        or refused_pointer(document, sentence, frame, discourse, military=_is_military(frame) and frame.force.counted)
    )


def _acts_by_name(frame: Frame) -> bool:
    """ "Russia attacked X", "Turkey keeps outposts in X", "Paris denied a deployment": a state is as good as its
    forces."""
    sender, verb = frame.sender, frame.verb
    if frame.nominal:
        spoken = frame.clause.source is not None and frame.clause.source.code is not None
        denied = spoken and Effect.NEGATE in frame.clause.effects and frame.stage is Stage.DEPLOYED
        return sender is not None or denied
    if sender is None:
        return False
    if (frame.frame in ATTACKS and frame.places) or (frame.frame is FrameClass.WITHDRAW and frame.has_object):
        return True
    abroad = frame.frame is FrameClass.BE and any(p.country not in (None, sender.code) for p in frame.places)
    goes = abroad or frame.frame in (FrameClass.LEAVE, FrameClass.WITHDRAW, FrameClass.GO)
    return goes and verb is not None and verb.reading.verb.military


def _leaves_country(document: Document, frame: Frame, script: Orthography) -> bool:
    """ "Denmark has withdrawn from Mali", "zieht sich aus Mali zurück": a state, and nothing else that it withdraws
    ("its ambassador from Mali"); who left a capital may be an envoy."""
    sender, verb, place = frame.sender, frame.verb, next(iter(frame.places), None)
    if sender is None or verb is None or place is None or place.country in (None, sender.code):
        return False
    left = frame.frame is FrameClass.LEAVE and place.role is None
    if not (left or frame.frame is FrameClass.WITHDRAW) or document.tokens[place.last - 1].has(*SEAT):
        return False
    before = document.tokens[place.first - 1]
    alone = before.index in sender or before.verbs or before.index == verb.particle_at
    small = script.capitalised_nouns and before.form.islower() and before.term(TermKind.RELATOR) is None
    return bool(alone or small)


def _not_soldiers(
    document: Document, sentence: Sentence, frame: Frame, force: Mention, discourse: Discourse
) -> str | None:
    """Forces by their word, which the sentence tells of in another way."""
    if _is_army_size(document, sentence, frame):
        return "size of a whole army"
    if "whichever" in force.features and not frame.clause.effects & {Effect.DENY, Effect.NEGATE}:
        return "forces that may be there, not those that are"
    if frame.sender is None and _is_crowd(document, sentence, force):
        return "a crowd, no army"
    if _is_lodging(document, force):
        return "lodging, no people"
    alone = force.features & {"person", "single"} and not (force.counted or "negated" in force.features)
    if alone and not _is_any(document, frame):
        return "a single person"
    if "vehicle" in force.features and not drives(force, frame):
        return "vehicles, no people"
    if "institution" in force.features and frame.frame in (FrameClass.GROW, FrameClass.SHRINK):
        return "an army that grows, no force that goes somewhere"
    if _only_sends(frame, force, discourse.words.armed_groups):
        return "who sends, not who is sent"
    return None


def _no_force_by_its_word(
    document: Document, sentence: Sentence, frame: Frame, force: Mention, discourse: Discourse
) -> str | None:
    """Words that mean forces only now and then: "members", "Danes", "engineers"."""
    if _is_vague(frame):
        return VAGUE_FORCE
    if force.features & {"demonym", "elided"} and tells(document, frame, "displaced"):
        return "people who flee"
    demonym = "demonym" in force.features
    if demonym and _serve_others(document, sentence, frame, discourse):
        return "people of a nation in a group's ranks"
    if demonym and not _among_forces(sentence, frame, discourse):
        return "people of a nation far from any force"
    military = _is_military(frame) and force.counted
    if "role" in force.features and not (military or ("unit" in force.features and discourse.has_strong_force)):
        return "people of a civilian trade"
    there = (frame.frame in ATTACKS and frame.places) or (force.counted and sentence.where(TermKind.MILITARY))
    told = discourse.has_strong_force or military or (demonym and there) or _officer_counts(document, sentence, force)
    if "weak" in force.features and not (told or _is_sided_unit(frame, force) or _are_abroad(frame)):
        return "word for people without any force in the article"
    few = force.most < MIN_PEOPLE
    if "people" in force.features and force.counted and few and force.code is None and not force.additional:
        return "a few persons"
    return None


def _is_sided_unit(frame: Frame, force: Mention) -> bool:
    """ "a Chilean unit", "Chile sent a unit": whose the unit, or the presence that ends, is."""
    sided = force.code is not None
    unit = "unit" in force.features and (sided or force.counted or (frame.sender is not None and not frame.weak))
    ended = "presence" in force.features and frame.frame is FrameClass.WITHDRAW
    return unit or _are_somebodys(frame, force) or (ended and (sided or frame.sender is not None))


def _is_any(document: Document, frame: Frame) -> bool:
    """ "denies that there is a single fighter in X", "the last to leave was the commander": one who stands for all."""
    last = any(document.tokens[k].has(TermKind.QUANTIFIER, "last") for k in frame.clause.tokens())
    return last or bool(frame.clause.effects & {Effect.DENY, Effect.NEGATE})


def _are_abroad(frame: Frame) -> bool:
    """ "Two Chilean officers have turned up in X", "no Chilean officer has", "Chile has 400 men in X": a number of a
    side's people in another country serve there."""
    force, place = frame.force, next(iter(frame.places), None)
    if force is None or place is None or frame.verb is None or force.features & {"demonym", "definite"}:
        return False
    numbered = force.counted or "negated" in force.features
    owner = frame.sender.code if frame.sender is not None and frame.frame is FrameClass.HAVE else None
    side = force.code or owner
    return numbered and side is not None and place.country not in (None, side)


def _are_somebodys(frame: Frame, force: Mention) -> bool:
    """ "60 portugiesische Ausbilder gingen in Pemba von Bord": whose they are makes those who move or work there a
    force; not a trade ("French doctors"), nor a nation's people."""
    sent = frame.sender is not None and (not frame.weak or "possessive" in force.features)
    told = frame.verb is not None and not frame.verb.reading.verb.copula
    return told and not force.features & _NO_SOLDIERS and (force.code is not None or sent)


def _is_lodging(document: Document, force: Mention) -> bool:
    """ "barracks for 3,000 soldiers are going up": where forces will live."""
    led = document.tokens[max(0, force.first - NOUN_WITHIN) : force.first]
    return bool(led) and led[-1].leads("for") and any(token.has(TermKind.NOT_PEOPLE, "lodging") for token in led)


def _officer_counts(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "'We have 900 men in X,' the army spokesman said": of whom an officer gives the number."""
    ranks = (k for k in sentence.where(TermKind.CUE) if document.tokens[k].has(TermKind.CUE, "rank"))
    officers = any(k in m for k in ranks for m in sentence.of_kind(MentionKind.SPEAKER))
    return officers and force.counted and not force.features & {"demonym", "role", "unit"}


def _counts_those(document: Document, sentence: Sentence, frame: Frame, figure: Mention) -> bool:
    """ "The army put their number at 220", "spoke of 220 men": so many are others, told of before."""
    says = frame.verb is not None and frame.verb.reading.verb.says
    if not says or not after_relator(document, sentence, figure, _PUT_AT):
        return False
    pointed = any(frame.head < k < figure.first for k in sentence.where(TermKind.ANAPHOR))
    return pointed or 0 < figure.first - frame.head <= 2


def _is_crowd(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "An army of 300 activists marched into X"; not "an army of 300 fighters", "an army of the kingdom"."""
    tokens, behind = document.tokens, force.head + 1
    if "institution" not in force.features or not tokens[force.first].has(TermKind.DETERMINER, "indefinite"):
        return False
    if behind + 1 >= sentence.last or not tokens[behind].leads("of"):
        return False
    number = sentence.beginning(MentionKind.QUANTITY, behind + 1)
    noun = tokens[min(number.last if number is not None else behind + 1, sentence.last - 1)]
    armed = noun.term(TermKind.FORCE)
    other = noun.form.islower() and noun.form.isalpha() and noun.term(TermKind.DETERMINER) is None
    return other and (armed is None or armed.term.weak)


def _is_army_size(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Its army has 40,000 soldiers", "zählt die Armee des Landes 40.000 Soldaten", "a brigade has 3,500 soldiers": no
    force goes anywhere."""
    force = frame.force
    if frame.frame not in (FrameClass.HAVE, FrameClass.COUNT) or frame.places or force is None or not force.counted:
        return False
    if _counts_those(document, sentence, frame, force):
        return False
    told = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    tokens = document.tokens
    armies = [
        m
        for m in told
        if "institution" in m.features
        or (m.last <= frame.head and tokens[m.first].has(TermKind.DETERMINER, "indefinite"))
    ]
    subjects = [m for m in armies if m.last <= force.first and "named" not in m.features and m is not force]
    return any(
        not after_relator(document, sentence, m, NO_SUBJECT) and not is_attributed(document, sentence, m)
        for m in subjects
    )


def _only_sends(frame: Frame, force: Mention, groups: frozenset[str]) -> bool:
    """ "stellt das Heer Zelte auf": an army that nobody sends is the subject. By a verb that says little no whole army
    goes where no place is told ("provided the army with boots"), nor does anybody send a group ("wanted ISIS to move to
    X") or have an army ("the army gets new tanks in X") unless it keeps its posts."""
    if frame.verb is None or force.counted or "institution" not in force.features:
        return False
    verb = frame.verb.reading.verb
    if frame.frame is FrameClass.HAVE:
        held = frame.has_object or any(place.role is None for place in frame.places)  # "die M23-Rebellen halten Goma"
        return frame.weak and not (held or verb.military or verb.effect is Effect.BEGIN)
    unsent = frame.sender is None and not frame.institution and force.code is None and "definite" in force.features
    active = (unsent or (frame.weak and force.code in groups)) and not is_passive(frame.clause, frame.verb)
    return frame.frame is FrameClass.SEND and (active or (frame.weak and not frame.places))


def _is_military(frame: Frame) -> bool:
    return frame.verb is not None and frame.verb.reading.verb.military


def _among_forces(sentence: Sentence, frame: Frame, discourse: Discourse) -> bool:
    """Whether a nation's people can be its soldiers: forces or their quarters stand near, or only forces do what they
    do; in the same sentence, if a verb in no list tells what they do. A handful of them are persons, two million all
    who live there."""
    force = frame.force
    size = force.most if force is not None and force.counted else MIN_PEOPLE
    if not MIN_PEOPLE <= size < MAX_PEOPLE:
        return False
    if _is_military(frame) or (frame.frame in ATTACKS and frame.places):
        return True
    if force is not None and force.counted and force.code in discourse.before:
        return True
    if force is not None and force.counted and sentence.where(TermKind.MILITARY):
        return True  # "in der Kaserne wohnen 400 Franzosen"
    if force is not None and force.counted and discourse.claims and any(place.name for place in frame.places):
        return True  # of an article that told of forces: "In Camp X 400 Frenchmen serve"
    forces = [m for m in sentence.mentions if m.kind is MentionKind.FORCE and "part" not in m.features]
    here = any("weak" not in m.features or "unit" in m.features for m in forces)
    return here or (UNKNOWN_VERB not in frame.because and sentence.index - discourse.force_seen <= NEAR_FORCE)


def _serve_others(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> bool:
    """ "90 Peruaner sind für den IS in den Krieg gezogen": whom they fight for, their state has not sent."""
    return any(
        m.code is not None
        and not discourse.is_state(m.code)
        and "named" in m.features
        and after_relator(document, sentence, m, frozenset({"for"}))
        for m in mentions_in(sentence, frame.clause, MentionKind.FORCE)
    )


def _is_vague(frame: Frame) -> bool:
    """ "in the presence of members": neither number nor nation, and a verb or noun that says little by itself; not if
    somebody in office admits it: "acknowledged that officers had travelled to X"."""
    force, source = frame.force, frame.clause.source
    admitted = Effect.CONFIRM in frame.clause.effects and source is not None and source.code is not None
    return (
        force is not None
        and frame.weak
        and not (admitted and not frame.nominal)
        and "weak" in force.features
        and force.code is None
        and force.country is None
        and not _is_somebodys(frame)
        and not force.counted
        and not force.vague
        and not force.features & {"possessive", "pronoun", "definite"}
    )


def _is_somebodys(frame: Frame) -> bool:
    """ "Chile has begun the transfer of instructors to X", "is shifting men and equipment": a side sends or leaves."""
    return frame.sender is not None and frame.frame in _SIDED
