"""Part of step 9: what is no claim, each reason a rule of the annotation guide or a class of false alarms."""

from services.extractor.document import (
    ATTACKS,
    FINITE,
    Document,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    VerbForm,
)
from services.extractor.lexicon import Language
from services.extractor.steps.civilians import is_about_others, moves_others
from services.extractor.steps.clause_phrases import NO_SUBJECT, after_relator, is_attributed, is_passive, mentions_in
from services.extractor.steps.crews import drives
from services.extractor.steps.discourse import NEAR_FORCE, Discourse
from services.extractor.steps.history import HISTORY, is_history
from services.extractor.steps.pointer_refusals import refused_pointer
from shared.events.statements import Stage

MAX_BEFORE_DEAD = 5
"""Words between "bodies" and the noun of those who died, "tents" and that of those who will live there."""

MIN_WEAK_COUNT = 10
"""Fewer specialists, pilots or men than this are persons, no force."""
MAX_PEOPLE = 200_000  # of a nation are no force any more

NO_FORCE, VAGUE_FORCE = "no force", "vague word for people, vague verb"
NO_CLAIM = {
    Effect.QUESTION: "question",
    Effect.CONDITION: "condition",
    Effect.DEMAND: "demanded, not told",
    Effect.PAST: HISTORY,
    Effect.UNRELATED: "no armed forces",
    Effect.EXERCISE: "exercise",
    Effect.REFUSE: "refusal",
}
_SIDED = frozenset({FrameClass.SEND, FrameClass.WITHDRAW, FrameClass.GROW, FrameClass.LEAVE})
_QUALIFIES = ("about", "when", "least", "most")
_NO_SOLDIERS = frozenset({"role", "demonym", "pronoun", "elided"})
_PASSING = frozenset({Effect.QUESTION, Effect.CONDITION, Effect.DEMAND, Effect.REFUSE})
_LICENCES = frozenset({Effect.PLAN, Effect.BEGIN, Effect.CLAIM, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})
_TOLD = frozenset({Effect.END, Effect.PLAN, Effect.BEGIN, Effect.CONFIRM, Effect.ANNOUNCE, Effect.DENY})


def refusal(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    """Why a frame is no claim whatever its slots; None if it may be one."""
    presupposed = _PASSING if frame.attributive else frozenset()
    if _has_to_go(sentence, frame):
        presupposed |= {Effect.DEMAND}
    for effect, reason in NO_CLAIM.items():
        if effect in frame.clause.effects - presupposed and not (effect is Effect.EXERCISE and _moves_for_it(frame)):
            return reason
    if discourse.focus.excludes(frame):
        return "in passing, in an article about something else"
    return _refused_force(document, sentence, frame, discourse) or _refused_event(
        document, sentence, frame, discourse.words
    )


def _has_to_go(sentence: Sentence, frame: Frame) -> bool:
    """ "By June the 300 soldiers must leave Haiti": a must that nobody is said to utter is a date set; not "demands:
    They must leave", nor "the troops must leave"."""
    clause, force = frame.clause, frame.force
    leaves = frame.frame in (FrameClass.LEAVE, FrameClass.WITHDRAW) and force is not None and force.counted
    if not leaves or clause.kind == "sub" or clause.source is not None:
        return False
    demands = [v.reading for c in sentence.clauses for v in c.verbs if v.reading.verb.effect is Effect.DEMAND]
    return any(r.form is VerbForm.PRESENT for r in demands) and all(r.verb.modal for r in demands)


def _moves_for_it(frame: Frame) -> bool:
    """ "has massed 20,000 soldiers on its border for the manoeuvres": who moves there is there, for whatever end."""
    owned = frame.sender is not None or (frame.force is not None and frame.force.code is not None)
    return frame.frame in (FrameClass.SEND, FrameClass.GO) and owned and bool(frame.places)


def _refused_event(document: Document, sentence: Sentence, frame: Frame, words: Language) -> str | None:
    if (frame.clause.kind == "infinitive" and not frame.clause.effects & _LICENCES) or _trains_for(frame):
        return "infinitive that nothing states"
    if _has_left_since(document, frame):
        return "where they were before they left"
    if _is_supposed(frame):
        return NO_CLAIM[Effect.CONDITION]
    if _only_mentioned(frame):
        return "event only mentioned"
    if frame.nominal and _is_against(document, frame):
        return NO_CLAIM[Effect.REFUSE]
    if is_history(document, sentence, frame, words.dates):
        return HISTORY
    if _casualties(document, frame):
        return "casualties, no movement"
    if _is_deed(document, frame, words.armed_groups):
        return "a bomb or a lone attacker, no force in a place"
    if moves_others(document, sentence, frame):
        return "who takes others away"
    if is_about_others(document, sentence, frame):
        return "no armed forces"
    return None


def _refused_force(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> str | None:
    force = frame.force
    if force is None:
        withdraws = frame.frame is FrameClass.WITHDRAW and frame.has_object
        fights = frame.frame in ATTACKS and bool(frame.places)
        acts = (fights or withdraws) and frame.sender is not None
        home = frame.sender.code if frame.sender is not None else None
        has = frame.frame is FrameClass.BE and any(p.country not in (None, home) for p in frame.places)
        leaves = has or frame.frame in (FrameClass.LEAVE, FrameClass.WITHDRAW, FrameClass.GO)
        bases = leaves and frame.verb is not None and frame.verb.reading.verb.military and frame.sender is not None
        spoken = frame.clause.source is not None and frame.clause.source.code is not None
        denied = spoken and Effect.NEGATE in frame.clause.effects and frame.stage is Stage.DEPLOYED
        if acts or bases or (frame.nominal and (frame.sender is not None or denied)):
            return None
        return NO_FORCE
    if _is_army_size(document, sentence, frame):
        return "size of a whole army"
    if "whichever" in force.features and not frame.clause.effects & {Effect.DENY, Effect.NEGATE}:
        return "forces that may be there, not those that are"
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
    if _is_vague(frame):
        return VAGUE_FORCE
    if force.features & {"demonym", "elided"} and _tells(document, frame, "displaced"):
        return "people who flee"
    if "demonym" in force.features and _serve_others(document, sentence, frame, discourse):
        return "people of a nation in a group's ranks"
    demonym = "demonym" in force.features
    if demonym and not _among_forces(sentence, frame, discourse):
        return "people of a nation far from any force"
    military = _is_military(frame) and force.counted
    if "role" in force.features and not (military or ("unit" in force.features and discourse.has_strong_force)):
        return "people of a civilian trade"
    sent = frame.sender is not None and not frame.weak
    sided_unit = "unit" in force.features and (force.code is not None or force.counted or sent)
    sided_unit = sided_unit or _are_somebodys(frame, force)
    ended = "presence" in force.features and frame.frame is FrameClass.WITHDRAW
    sided_unit = sided_unit or (ended and (force.code is not None or frame.sender is not None))
    there = (frame.frame in ATTACKS and frame.places) or (force.counted and sentence.where(TermKind.MILITARY))
    told = discourse.has_strong_force or sided_unit or military or (demonym and there) or _are_abroad(frame)
    if "weak" in force.features and not told:
        return "word for people without any force in the article"
    few = max(force.count_min or 0, force.count_max or 0) < MIN_WEAK_COUNT
    loose = "people" in force.features and force.features & {"weak", "group"}
    if loose and force.counted and few and force.code is None:
        return "a few persons"
    return refused_pointer(document, sentence, frame, discourse, military=bool(military))


def _is_any(document: Document, frame: Frame) -> bool:
    """ "denies that there is a single fighter in X", "the last to leave was the commander": one who stands for all."""
    last = any(document.tokens[k].has(TermKind.QUANTIFIER, "last") for k in frame.clause.tokens())
    return last or bool(frame.clause.effects & {Effect.DENY, Effect.NEGATE})


def _are_abroad(frame: Frame) -> bool:
    """ "Two Chilean officers have turned up in X", "no Chilean officer has": a number of a side's people in another
    country serve there."""
    force, place = frame.force, next(iter(frame.places), None)
    if force is None or place is None or frame.verb is None or force.features & {"demonym", "definite"}:
        return False
    numbered = force.counted or "negated" in force.features
    return numbered and force.code is not None and place.country not in (None, force.code)


def _are_somebodys(frame: Frame, force: Mention) -> bool:
    """ "60 portugiesische Ausbilder gingen in Pemba von Bord": whose they are makes those who move or work there a
    force; not a trade ("French doctors"), nor a nation's people."""
    sent = frame.sender is not None and (not frame.weak or "possessive" in force.features)
    told = frame.verb is not None and not frame.verb.reading.verb.copula
    return told and not force.features & _NO_SOLDIERS and (force.code is not None or sent)


def _is_lodging(document: Document, force: Mention) -> bool:
    """ "barracks for 3,000 soldiers are going up": where forces will live."""
    led = document.tokens[max(0, force.first - MAX_BEFORE_DEAD) : force.first]
    relator = led[-1].term(TermKind.RELATOR) if led else None
    if relator is None or "for" not in relator.term.roles:
        return False
    return any(token.has(TermKind.NOT_PEOPLE, "lodging") for token in led)


def _is_army_size(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Its army has 40,000 soldiers", "zählt die Armee des Landes 40.000 Soldaten", "a brigade has 3,500 soldiers": no
    force goes anywhere."""
    force = frame.force
    if frame.frame not in (FrameClass.HAVE, FrameClass.COUNT) or frame.places or force is None or not force.counted:
        return False
    tokens = document.tokens
    armies = [
        m
        for m in mentions_in(sentence, frame.clause, MentionKind.FORCE)
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
    do. A handful of them are persons, two million all who live there."""
    force = frame.force
    size = max(force.count_min or 0, force.count_max or 0) if force is not None and force.counted else MIN_WEAK_COUNT
    if not MIN_WEAK_COUNT <= size < MAX_PEOPLE:
        return False
    if _is_military(frame) or (frame.frame in ATTACKS and frame.places):
        return True
    if force is not None and force.counted and force.code in discourse.before:
        return True
    if force is not None and force.counted and sentence.where(TermKind.MILITARY):
        return True  # "in der Kaserne wohnen 400 Franzosen"
    forces = [m for m in sentence.mentions if m.kind is MentionKind.FORCE and "part" not in m.features]
    here = any("weak" not in m.features or "unit" in m.features for m in forces)
    return here or sentence.index - discourse.force_seen <= NEAR_FORCE


def _serve_others(document: Document, sentence: Sentence, frame: Frame, discourse: Discourse) -> bool:
    """ "90 Peruaner sind für den IS in den Krieg gezogen": whom they fight for, their state has not sent."""
    return any(
        m.code is not None
        and m.code not in discourse.words.countries
        and "named" in m.features
        and after_relator(document, sentence, m, frozenset({"for"}))
        for m in mentions_in(sentence, frame.clause, MentionKind.FORCE)
    )


def _is_supposed(frame: Frame) -> bool:
    """ "für eine Entsendung wäre ein Mandat nötig": a noun or a copula in a conditional that nobody has spoken."""
    if not (frame.nominal or (frame.verb is not None and frame.verb.reading.verb.copula)):
        return False
    finite = [v.reading for v in frame.clause.verbs if v.reading.form in FINITE]
    supposed = [
        r
        for r in finite
        if r.form is VerbForm.CONDITIONAL and r.verb.auxiliary and (r.verb.passive or not r.verb.future)
    ]
    return bool(supposed) and len(supposed) == len(finite) and frame.clause.source is None


def _is_against(document: Document, frame: Frame) -> bool:
    """ "entschied sich gegen die Entsendung"."""
    led = document.tokens[max(0, frame.head - 2) : frame.head]
    relators = [match for token in led if (match := token.term(TermKind.RELATOR)) is not None]
    return bool(relators) and "against" in relators[-1].term.roles


def _has_left_since(document: Document, frame: Frame) -> bool:
    """ "were withdrawn after being deployed there for a year"."""
    force = frame.force
    if frame.clause.kind != "gerund" or force is None or frame.stage is Stage.WITHDRAWN:
        return False
    above = [other for other in document.frames if other.clause is frame.clause.parent and other.force is not None]
    return any(o.stage is Stage.WITHDRAWN and o.force is not None and o.force.first == force.first for o in above)


def _only_mentioned(frame: Frame) -> bool:
    """An event noun behind its force, with nothing that says it is planned, begun, told or denied."""
    force = frame.force
    told = frame.clause.effects & _TOLD or frame.frame in ATTACKS  # "the army's siege of X" goes on
    return frame.nominal and force is not None and force.last <= frame.head and not told


def _is_active(frame: Frame) -> bool:
    """Not "were killed": the verb that the frame stands on is no passive participle."""
    passive = any(v.reading.verb.passive for v in frame.clause.verbs)
    return frame.frame not in ATTACKS or not (
        passive and frame.verb is not None and frame.verb.reading.form is VerbForm.PARTICIPLE
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


def _trains_for(frame: Frame) -> bool:
    """ "are training to defend X": what those who are somewhere are to fight for."""
    verb = frame.verb
    if verb is None or frame.frame is not FrameClass.FIGHT or verb.reading.form is not VerbForm.INFINITIVE:
        return False
    before = [v.reading.verb for v in frame.clause.verbs if v.index < verb.index and not v.reading.verb.auxiliary]
    return bool(before) and before[-1].frame is FrameClass.BE and before[-1].effect is None


def _casualties(document: Document, frame: Frame) -> bool:
    if frame.force is not None and _are_dead(document, frame.force):
        return True
    movers = (FrameClass.SEND, FrameClass.GO, FrameClass.WITHDRAW)
    plain = frame.force is not None and not frame.force.features & {"demonym", "elided"}
    if frame.frame in movers and not frame.nominal and plain:
        return False
    if frame.frame in ATTACKS and not frame.nominal and plain and _is_active(frame):
        return False
    return _tells(document, frame, "casualty")


def _is_deed(document: Document, frame: Frame, armed_groups: frozenset[str]) -> bool:
    """ "The group claimed responsibility for the attack in X", "soldiers wounded in a knife attack", "Militants stormed
    a hotel", "killed four people at a courthouse": a bomb, a lone attacker or victims, where nobody fights."""
    force, attacks = frame.force, frame.frame in ATTACKS
    nameless = force is not None and force.code is None and force.features & {"group", "any_side"}
    groups = force is not None and frame.weak and (nameless or force.code in armed_groups)
    if groups and attacks and _hits(document, frame):
        return True
    named = (k for k in frame.clause.tokens() if document.tokens[k].has(TermKind.NOT_PEOPLE, "deed"))
    return (attacks or groups) and not all(_lies_before(document, index) for index in named)


def _hits(document: Document, frame: Frame) -> bool:
    """Whether civilians or their places are the object of one attack, not of a war that "has killed 9,000 people"."""
    form = frame.verb.reading.form if frame.verb is not None else None
    lasts = form is VerbForm.PARTICIPLE and document.tokens[frame.head].has(TermKind.NOT_PEOPLE, "casualty")
    for token in document.tokens[frame.head + 1 : frame.clause.last]:
        if token.has(TermKind.NOT_PEOPLE, "target"):
            return form in FINITE | {VerbForm.PARTICIPLE} and not lasts
        if token.term(TermKind.RELATOR) or not token.form[0].isalnum():
            break
    return False


def _lies_before(document: Document, index: int) -> bool:
    """ "seit dem Anschlag", "following the suicide bombing": what came before that which the sentence tells."""
    for token in reversed(document.tokens[max(0, index - MAX_BEFORE_DEAD) : index]):
        if (relator := token.term(TermKind.RELATOR)) or token.has(TermKind.TIME, "since"):
            return relator is None or relator.term.roles <= {"goal", "for"}
    return False


def _tells(document: Document, frame: Frame, sort: str) -> bool:
    """Whether the frame's clause holds a word of casualties, or of people who fled; who kills is none."""
    does = {v.index for v in frame.clause.verbs if v.reading.form is VerbForm.GERUND}
    return any(document.tokens[k].has(TermKind.NOT_PEOPLE, sort) for k in frame.clause.tokens() if k not in does)


def _are_dead(document: Document, force: Mention) -> bool:
    """ "the bodies of three soldiers were flown home", "eleven wounded soldiers": no force that goes anywhere."""
    for index in range(force.head - 1, max(-1, force.head - MAX_BEFORE_DEAD - 1), -1):
        token = document.tokens[index]
        if token.has(TermKind.NOT_PEOPLE, "casualty"):
            return True
        inside = token.term(TermKind.DETERMINER) or token.term(TermKind.NATION) or token.term(TermKind.NUMBER)
        relator = token.term(TermKind.RELATOR)
        of = relator is not None and "of" in relator.term.roles
        if not (inside or of or token.form[0].isdigit() or token.has(TermKind.QUANTIFIER, *_QUALIFIES)):
            return False
    return False
