"""Part of step 6: the force of a verb's frame."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import after_relator, forces_in, is_agent, is_passive, mentions_in
from services.extractor.steps.contested_places import has_what_follows, taken_in_phrase, who_has_it
from services.extractor.steps.crews import drives
from services.extractor.steps.force_counts import tells_strength
from services.extractor.steps.frame_figures import (
    LEVELS,
    elided,
    is_set_apart,
    new_level,
    numbered,
    of_their_nation,
    part_of,
    so_many,
    tells_levels,
    told_apart,
)
from services.extractor.steps.frame_senders import is_active, plain_sender
from services.extractor.steps.gerund_subjects import ANTECEDENT, antecedent, subject_above
from services.extractor.steps.joined_forces import goes_along
from services.extractor.steps.pointed_forces import pronoun_force, pronoun_object, shared_subject, who_tells_of_himself
from services.extractor.steps.standing_forces import where_it_stands
from services.extractor.steps.word_order import by_word_order, uses_thing
from services.extractor.vocabulary import ATTACKS, SUBJECT_MOVES, EventNoun, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

_MANNED = frozenset({FrameClass.BE, FrameClass.ENTER})
_COMES_WITH = frozenset({FrameClass.BE, FrameClass.GO, FrameClass.ENTER})
_NOBODYS = frozenset({"weak", "definite", "institution", "group", "vehicle", "any_side"})
_WITH_PEOPLE = frozenset(
    {
        FrameClass.GO,
        FrameClass.DEPART,
        FrameClass.ENTER,
        FrameClass.SEND,
        FrameClass.BE,
        FrameClass.HAVE,
        FrameClass.LEAVE,
        FrameClass.WITHDRAW,
    }
)
_WITH_MEN = frozenset({FrameClass.TAKE, FrameClass.ENTER, FrameClass.GO, FrameClass.HAVE})
_OTHERS_MEN = frozenset({"group", "any_side", "demonym", "role", "vehicle", "vessel", "aircraft", "from"})
_NO_EVENT = SUBJECT_MOVES - {FrameClass.BE} | {FrameClass.GROW, FrameClass.HAVE}
_PUT_TO_USE = frozenset({FrameClass.SEND, FrameClass.HAVE})
ADDS = frozenset({FrameClass.SEND, FrameClass.GO, FrameClass.GROW})
"""What is said of those who come to others: "will reinforce its 500 soldiers in X by 300"."""
_CREW = (TermKind.STRENGTH, "behind")
_CREWED = frozenset({"vessel", "aircraft", "institution", "unit"})
_TAKE_ALONG = frozenset(
    {FrameClass.GROW, FrameClass.GO, FrameClass.DEPART, FrameClass.BE, FrameClass.HAVE, FrameClass.SEND}
)


def verb_force(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """Who moves: a phrase of the clause, a pronoun or bare number, else the subject or antecedent it shares."""
    clause = frame.clause
    if frame.frame in ATTACKS:
        agents = [m for m in mentions_in(sentence, clause, MentionKind.FORCE) if is_agent(document, sentence, m)]
        if _is_suffered(document, frame, agents):
            return next(iter(agents), None)
    if frame.frame in (FrameClass.BE, FrameClass.HAVE):
        holders = [m for m in mentions_in(sentence, clause, MentionKind.FORCE) if m.last == frame.head]
        if any(has_what_follows(document, m, language) and is_agent(document, sentence, m) for m in holders):
            return None  # "rückte in das vom IS gehaltene X ein": no other holds it
    if frame.verb is not None and frame.verb.reading.verb.yields:
        return who_has_it(document, sentence, frame)
    force = (taken_in_phrase(document, sentence, frame) if frame.frame in ATTACKS else None) or (
        _led_by(document, sentence, frame, language)
        or pronoun_force(document, clause, frame, language)
        or _pick_force(_candidates(document, sentence, frame, language), frame)
    )
    if force is not None and frame.frame is FrameClass.SHRINK and tells_levels(document, sentence, clause):
        if force.last > frame.head or not is_active(frame) or language.orthography.inverted_subject:
            return replace(force, count_min=None, count_max=None, counted=False, features=force.features - {"person"})
        frame.frame, frame.stage = FrameClass.GROW, Stage.DEPLOYED  # "The contingent in X has shrunk to 68 soldiers"
    if force is not None and frame.frame in LEVELS and "before" in force.features:
        force = new_level(force)
    if force is not None and not force.counted and frame.frame in LEVELS:
        figure = elided(document, sentence, frame) or _level_behind(document, sentence, frame)
        if figure is not None:  # "die Zahl der Soldaten hat sich auf 11.000 erhöht", "from 900 to 1,500"
            least = figure.count_max if "before" in figure.features else figure.count_min
            more = force.additional or figure.additional
            force = replace(force, count_min=least, count_max=figure.count_max, counted=True, additional=more)
    adds_up = frame.frame is FrameClass.COUNT and frame.form is VerbForm.GERUND
    if force is not None and adds_up and force.last <= frame.head:
        force = None  # "sends 90 soldiers, bringing the total to 250"
    if frame.frame is FrameClass.COUNT and (force is None or force.code is None):
        force = numbered(document, sentence, frame, force)
    if force is not None and not force.counted and not force.vague:
        force = _with_figure(document, sentence, frame, force)
    if force is not None and force.counted:
        force = part_of(document, sentence, frame, force)
    stands = force is not None and frame.frame in ADDS and where_it_stands(document, sentence, force) is not None
    if force is None or stands or (not force.counted and "weak" in force.features):
        force = elided(document, sentence, frame) or force
    return of_their_nation(sentence, frame, force) if force else _force_around(document, sentence, frame, language)


def _force_around(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """Where the clause names no force: a pronoun as its object, the subject or antecedent that it shares."""
    clause, force = frame.clause, None
    if frame.frame is FrameClass.WITHDRAW:
        force = pronoun_object(document, sentence, frame, language)
    if force is None and clause.index > 0 and clause.first > sentence.first:
        force = shared_subject(document, sentence, frame, language)
    if force is None and clause.kind == "relative" and not document.tokens[clause.first].has(TermKind.ANAPHOR, "where"):
        force = antecedent(document, sentence, clause)
        if force is not None:
            frame.because.append(ANTECEDENT)
            figure = told_apart(document, sentence, force) if not force.counted else None
            force = force if figure is None else so_many(force, figure)  # "those who are in X, some 900, are Kenyans"
    if force is None and clause.kind == "gerund" and frame.frame is not FrameClass.SEE:  # "after tracking a tanker"
        force = subject_above(document, sentence, clause)
    if force is None and clause.kind == "infinitive" and clause.parent is not None:
        above = forces_in(document, sentence, clause.parent) if frame.frame is not FrameClass.HAVE else []
        force = next(iter(above), None)
    return force or who_tells_of_himself(document, sentence, frame)


def _with_figure(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "The contingent was 296 strong", "the frigate sailed with 170 sailors": a figure that the clause tells of the
    force."""
    figure = None
    if frame.frame is FrameClass.BE:
        figure = _told_strength(document, sentence, frame, force)
    if figure is None and force.features & _CREWED and frame.frame in _WITH_PEOPLE:
        figure = next(iter(_taken_along(document, sentence, frame.clause, crew=True)), None)
    if figure is not None and force.code is None and (figure.code or figure.country) and "people" in figure.features:
        return figure  # "The force in X is made up of 300 soldiers from Peru"
    figure = figure or _crew_of(document, sentence, frame, force) or _men_of(document, sentence, frame, force)
    figure = figure or told_apart(document, sentence, force)
    return force if figure is None else so_many(force, figure)


def _crew_of(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention | None:
    """ "The frigate has arrived with a crew of 160", "is on its way to X with 160 aboard"."""
    if not force.features & {"vessel", "aircraft"} or frame.frame not in _WITH_PEOPLE:
        return None
    for number in mentions_in(sentence, frame.clause, MentionKind.QUANTITY):
        ends = [m.last for t in document.tokens[force.last : number.first] for m in t.terms if t.has(*_CREW)]
        bare = after_relator(document, sentence, number, frozenset({"with"}))
        if tells_strength(document, sentence, number) and (bare or number.first in ends):
            return number
    return None


def _men_of(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention | None:
    """ "Marines seized the port with 450 men", "nahmen mit 450 Mann den Hafen ein": nobody's but the force's own."""
    if frame.frame not in _WITH_MEN:
        return None
    for men in mentions_in(sentence, frame.clause, MentionKind.FORCE):
        own = men.counted and men.code is None and not men.features & _OTHERS_MEN
        if own and men is not force and after_relator(document, sentence, men, frozenset({"with"})):
            return men
    return None


def _told_strength(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention | None:
    """ "The marines at X number 120", "the force at X numbers 120 men", "is made up of 120 men"; not those of another
    side ("soldiers who were guarding X were relieved by 120 Danes")."""
    bare = mentions_in(sentence, frame.clause, MentionKind.QUANTITY)
    figure = next((m for m in bare if m.first == frame.head + 1 and tells_strength(document, sentence, m)), None)
    if figure is not None:
        return figure
    people = mentions_in(sentence, frame.clause, MentionKind.FORCE)
    own = (m for m in people if m.counted and (force.code is None or m.code in (None, force.code)))
    return next((m for m in own if not goes_along(document, sentence, m)), None)


def _candidates(document: Document, sentence: Sentence, frame: Frame, language: Language) -> list[Mention]:
    clause = frame.clause
    if not mentions_in(sentence, clause, MentionKind.FORCE):
        return []
    forces = forces_in(document, sentence, clause)
    forces = [m for m in forces if not _is_membership(document, sentence, m)] or forces
    forces = [m for m in forces if not _is_given_to(document, m)]
    whole = [m for m in forces if "part" not in m.features or not is_set_apart(document, m)]
    if any("vehicle" not in m.features for m in whole):
        forces = whole  # "sent soldiers to X, ten of them engineers"
    if frame.frame is FrameClass.SEND:
        forces = [m for m in forces if not _is_withdrawn(document, m)]
    elif frame.frame in _NO_EVENT and frame.stage is not Stage.PLANNED and forces:
        forces = [m for m in forces if _event_of(document, m) is None]
        if not forces:
            return []  # "The arrival of 300 soldiers met with criticism"
    if frame.frame not in ATTACKS:  # "kehrten in das von Rebellen eroberte X zurück"
        named = [m for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.name is not None]
        forces = [m for m in forces if not any(place.first < m.first < m.last <= place.last for place in named)]
    active = frame.verb is not None and not is_passive(clause, frame.verb)
    if active and frame.frame not in ATTACKS and not language.orthography.verb_final:
        forces = [m for m in forces if not is_agent(document, sentence, m)]  # "a border attacked by rebels"
    if frame.frame in ATTACKS and language.orthography.verb_final:
        forces = [m for m in forces if not is_agent(document, sentence, m)]  # "von Rebellen gehaltene Städte"
    if frame.frame is FrameClass.BE and any(m.counted and "demonym" in m.features for m in forces):
        forces = [m for m in forces if m.counted]  # "600 Spanier dienen in der Nato-Brigade"
    if frame.frame in _MANNED and all(not m.counted or "weak" in m.features for m in forces):
        forces = _taken_along(document, sentence, clause) or forces
    if frame.frame is FrameClass.HAVE and all(m.last <= frame.head for m in forces):
        forces = _taken_along(document, sentence, clause) or forces  # "unterhält dort einen Posten mit 300 Soldaten"
    only_vehicles = all("vehicle" in force.features and not drives(force, frame) for force in forces)
    if frame.frame is FrameClass.COUNT or (only_vehicles and frame.frame in _TAKE_ALONG):
        inside = [m for m in mentions_in(sentence, clause, MentionKind.FORCE) if not _is_lacking(document, sentence, m)]
        forces = [m for m in inside if m.counted] or [m for m in inside if _is_cargo(document, sentence, m, frame)]
        for force in forces:
            if after_relator(document, sentence, force, frozenset({"with"})):
                force.features |= {"with"}  # "eilte mit 1000 Mann zu Hilfe"
    if frame.frame in _COMES_WITH and not forces:
        forces = _own_people(document, sentence, frame, language)
    if not forces and frame.frame in LEVELS:
        forces = mentions_in(sentence, clause, MentionKind.FORCE)  # "the number of Burundian soldiers has risen to 900"
    if not language.orthography.inverted_subject:
        return by_word_order(document, sentence, forces, frame)
    return [] if active and frame.frame in _PUT_TO_USE and uses_thing(document, sentence, frame) else forces


def _is_withdrawn(document: Document, force: Mention) -> bool:
    """ "ordered the withdrawal of its soldiers": whose withdrawal it is, nobody sends."""
    event = _event_of(document, force)
    return event is not None and event.stage is Stage.WITHDRAWN


def _event_of(document: Document, force: Mention) -> EventNoun | None:
    """The event whose force it is: "after the arrival of 300 soldiers, the rebels fled"."""
    led = force.first > 1 and document.tokens[force.first - 1].leads("of")
    owned = led or document.tokens[force.first].has(TermKind.DETERMINER, "genitive")  # "der Abzug | der Soldaten"
    return document.tokens[force.first - 1 - led].event if owned and force.first > 1 else None


def _is_given_to(document: Document, force: Mention) -> bool:
    """ "versprach den Soldaten in Gao mehr Geld": to whom something is done, by the article and the plural's ending."""
    given = document.tokens[force.first].has(TermKind.DETERMINER, "dative")
    led = force.first > 0 and document.tokens[force.first - 1].term(TermKind.RELATOR) is not None
    return given and not led and force.code is None and document.tokens[force.last - 1].lower.endswith("n")


def _level_behind(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "the brigade has grown to 1,700 soldiers", "will increase its contingent by 250 soldiers"."""
    for force in mentions_in(sentence, frame.clause, MentionKind.FORCE):
        counted = force.counted and force.code is None and force.first > frame.head
        if counted and after_relator(document, sentence, force, frozenset({"goal"})):
            return force
        if counted and document.tokens[force.first - 1].leads("measure"):
            return replace(force, additional=frame.frame is FrameClass.GROW)
    return None


def _is_lacking(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "instead of 3,000 soldiers", "ohne Soldaten"."""
    return after_relator(document, sentence, force, frozenset({"lacking"}))


def _is_membership(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "the Austrian contingent with Eufor", "das Kontingent bei Kfor": a mission by name, which others serve."""
    named = {"named", "institution"} <= force.features
    return named and after_relator(document, sentence, force, frozenset({"at", "near", "with"}))


def _is_suffered(document: Document, frame: Frame, agents: list[Mention]) -> bool:
    """ "wurde von Soldaten beschossen", "were attacked by a man": who is attacked does not fight; "were engaged in
    fighting" is no passive. With its agent beside it also a state or a headline is: "ist von Rebellen umstellt", "X
    captured by rebels", not "im von Rebellen besetzten X"."""
    verb = frame.verb
    if verb is None:
        return False
    form = verb.reading.form
    helpers = [v.reading.verb for v in frame.clause.verbs if v is not verb]
    led = verb.index + 1 < frame.clause.last and document.tokens[verb.index + 1].leads("by")
    done = form is VerbForm.PARTICIPLE or (agents and form is VerbForm.INFINITIVE)  # "ist überfallen worden"
    if done and any(helper.passive and (led or not helper.copula) for helper in helpers):
        return True
    behind = form in (VerbForm.PAST, VerbForm.PARTICIPLE)
    beside = any(agent.last == verb.index or (behind and agent.first == verb.index + 2) for agent in agents)
    noun_behind = verb.index + 1 < frame.clause.last and document.tokens[verb.index + 1].form[0].isupper()
    plain = not noun_behind and (form is VerbForm.PARTICIPLE or frame.clause.kind == "main")
    return beside and plain and all(helper.copula for helper in helpers if helper.auxiliary)


def _is_cargo(document: Document, sentence: Sentence, force: Mention, frame: Frame) -> bool:
    """ "Maschinen mit Söldnern landeten"."""
    plain = not force.features & {"weak", "institution"}
    return (
        frame.frame in (FrameClass.GO, FrameClass.DEPART)
        and plain
        and after_relator(document, sentence, force, frozenset({"with"}))
    )


def _taken_along(document: Document, sentence: Sentence, clause: Clause, crew: bool = False) -> list[Mention]:
    """ "beteiligt sich mit 150 Soldaten": people that the clause counts; said with a relator, the subject's own."""
    found = []
    for mention in mentions_in(sentence, clause, MentionKind.FORCE):
        told = mention.counted or (mention.vague and not crew)  # "mit mehreren Hundert Soldaten"
        plain = told and ("weak" not in mention.features or crew)
        stands = crew and where_it_stands(document, sentence, mention) is not None  # "will join its 900 soldiers in X"
        if plain and not (stands or _is_lacking(document, sentence, mention)):
            if after_relator(document, sentence, mention, frozenset({"with"})):
                mention.features |= {"with"}
            found.append(mention)
    return found


def _own_people(document: Document, sentence: Sentence, frame: Frame, language: Language) -> list[Mention]:
    """ "Chile ist mit einem Bataillon in X präsent": what the state that is the subject has with it, nobody else's and
    none known already ("ist mit den Truppen zufrieden")."""
    own = [
        force
        for force in mentions_in(sentence, frame.clause, MentionKind.FORCE)
        if not (force.code or force.features & _NOBODYS)
        and not _is_lacking(document, sentence, force)
        and after_relator(document, sentence, force, frozenset({"with"}))
    ]
    return own if own and plain_sender(document, sentence, frame, language) is not None else []


def _led_by(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "a meeting with NATO troops stationed in Estonia": the force right before a participle, where the subject comes
    first."""
    forms = (VerbForm.PARTICIPLE, VerbForm.GERUND) if frame.frame in SUBJECT_MOVES else (VerbForm.PARTICIPLE,)
    if frame.form not in forms or language.orthography.inverted_subject:
        return None
    end = frame.head
    while end > sentence.first and document.tokens[end - 1].term(TermKind.TIME) is not None:
        end -= 1  # "two battalions already stationed in X"
    return sentence.ending(MentionKind.FORCE, end)


def _pick_force(forces: list[Mention], frame: Frame) -> Mention | None:
    """Of several, the counted one; else the first, else a weak one; "half of them" only where nothing else moves."""
    people = [force for force in forces if "vehicle" not in force.features]
    people = people or [force for force in forces if drives(force, frame)]
    people = [force for force in people if "negated" not in force.features] or people
    if frame.frame in LEVELS:  # "die Bundeswehr hat ihr Kontingent halbiert"
        people = [force for force in people if "institution" not in force.features] or people
    people = [force for force in people if "part" not in force.features or force.counted] or people
    if frame.frame in ATTACKS:
        plain = [f for f in people if "weak" not in f.features or ("unit" in f.features and f.code is not None)]
        return next(iter(plain or people), None)
    ranked = (
        [force for force in people if force.counted],
        [force for force in people if not force.features & {"weak", "institution"}],
        [force for force in people if "weak" not in force.features],
        people,
    )
    return next((forces[0] for forces in ranked if forces), None)
