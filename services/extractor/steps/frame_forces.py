"""Part of step 6: the force of a verb's frame."""

from dataclasses import replace
from itertools import takewhile

from services.extractor.document import (
    FINITE,
    Clause,
    Document,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    Token,
    VerbForm,
)
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import after_relator, forces_in, is_passive, is_whole, mentions_in
from services.extractor.steps.force_counts import AFTER_NUMBER, tells_strength
from services.extractor.terms import Match

ELIDED_REACH = 2
"""How many sentences back the noun of a bare number may stand."""
MIN_ELIDED = 10
"""Smaller numbers without a noun are mostly something else."""
HAVE_REACH, LASTING_REACH = 3, 9
"""Words between a verb of having, or of what lasts, and the force."""
_NO_PEOPLE = frozenset({"vehicle", "vessel", "aircraft"})
_SUBJECT_MOVES = frozenset(
    {FrameClass.GO, FrameClass.BE, FrameClass.ENTER, FrameClass.FIGHT, FrameClass.TAKE, FrameClass.LEAVE}
)
_NATION_FORCE = frozenset({FrameClass.FIGHT, FrameClass.TAKE})
_LEVELS = frozenset({FrameClass.GROW, FrameClass.SHRINK})
_WITH_PEOPLE = frozenset({FrameClass.GO, FrameClass.DEPART, FrameClass.ENTER, FrameClass.SEND, FrameClass.BE})
_TAKE_ALONG = frozenset(
    {FrameClass.GROW, FrameClass.GO, FrameClass.DEPART, FrameClass.BE, FrameClass.HAVE, FrameClass.SEND}
)


def verb_force(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """Who moves: a phrase of the clause, a pronoun or bare number, else the subject or antecedent it shares."""
    clause = frame.clause
    force = (
        _led_by(sentence, frame, language)
        or _pronoun_force(document, clause, frame, language)
        or _pick_force(_candidates(document, sentence, frame, language), frame)
        or _rest(document, clause)
    )
    if force is not None and frame.frame is FrameClass.SHRINK and _tells_levels(sentence, clause):
        return replace(force, count_min=None, count_max=None, counted=False)
    if force is not None and frame.frame in _LEVELS and "before" in force.features:
        force = _new_level(document, sentence, frame, force)
    if force is not None and not force.counted and frame.frame in _LEVELS:
        figure = _elided(document, sentence, frame)
        if figure is not None:  # "die Zahl der Soldaten hat sich auf 11.000 erhöht", "from 900 to 1,500"
            least = figure.count_max if "before" in figure.features else figure.count_min
            force = replace(force, count_min=least, count_max=figure.count_max, counted=True)
    if force is not None and not force.counted and not force.vague:
        force = _with_figure(document, sentence, frame, force)
    if force is not None and force.counted:
        force = _part_of(document, sentence, force)
    if force is None or (not force.counted and "weak" in force.features):
        force = _elided(document, sentence, frame) or force
    if force is None and clause.index > 0 and clause.pieces[0][0] > sentence.first:
        force = _shared_subject(document, sentence, clause)
    if force is None and clause.kind == "relative":
        force = _antecedent(sentence, clause)
        if force is not None:
            frame.because.append("relative:antecedent")
    if force is None and clause.kind in ("infinitive", "sub") and frame.frame is not FrameClass.HAVE:
        force = _from_parent(document, sentence, clause)
    return force


def _with_figure(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "The marines at X number 120", "the contingent was 296 strong", "the frigate sailed with 170 sailors": a figure
    that the clause tells of the force."""
    figure = None
    if frame.frame is FrameClass.BE:
        inside = mentions_in(sentence, frame.clause, MentionKind.QUANTITY)
        figure = next((m for m in inside if m.first == frame.head + 1 and tells_strength(document, sentence, m)), None)
    elif force.features & {"vessel", "institution", "unit"} and frame.frame in _WITH_PEOPLE:
        figure = next(iter(_taken_along(document, sentence, frame.clause, crew=True)), None)
    if figure is None:
        return force
    return replace(force, count_min=figure.count_min, count_max=figure.count_max, counted=True)


def _part_of(document: Document, sentence: Sentence, force: Mention) -> Mention:
    """ "Of the 1,100 soldiers in X, 400 return": who moves are the 400; not if they are its dead and wounded."""
    lost = any(document.tokens[k].has(TermKind.NOT_PEOPLE, "casualty") for k in sentence.where(TermKind.NOT_PEOPLE))
    if lost or not is_whole(document, sentence, force):
        return force
    for number in sentence.mentions:
        fits = number.kind is MentionKind.QUANTITY and number.first >= force.last
        if fits and tells_strength(document, sentence, number):
            return replace(force, count_min=number.count_min, count_max=number.count_max)
    return force


def _tells_levels(sentence: Sentence, clause: Clause) -> bool:
    """ "is reduced from 900 to 600": neither figure is of those who leave."""
    return any("before" in m.features for m in mentions_in(sentence, clause, MentionKind.QUANTITY))


def _new_level(document: Document, sentence: Sentence, frame: Frame, force: Mention) -> Mention:
    """ "from 250 to 400 soldiers": the second figure is what the force has now."""
    if force.count_max is not None and force.count_min != force.count_max:
        return replace(force, count_min=force.count_max)
    others = [m for m in forces_in(document, sentence, frame.clause) if m.counted and "before" not in m.features]
    return others[0] if others else force


def _candidates(document: Document, sentence: Sentence, frame: Frame, language: Language) -> list[Mention]:
    clause = frame.clause
    forces = forces_in(document, sentence, clause)
    if frame.frame is FrameClass.BE and all(not m.counted or "weak" in m.features for m in forces):
        forces = _taken_along(document, sentence, clause) or forces
    only_vehicles = all("vehicle" in force.features for force in forces)
    if frame.frame is FrameClass.COUNT or (only_vehicles and frame.frame in _TAKE_ALONG):
        inside = mentions_in(sentence, clause, MentionKind.FORCE)
        forces = [m for m in inside if m.counted] or [m for m in inside if _is_cargo(document, sentence, m, frame)]
        for force in forces:
            if after_relator(document, sentence, force, frozenset({"with"})):
                force.features |= {"with"}  # "eilte mit 1000 Mann zu Hilfe"
    if not forces and frame.frame in _LEVELS:
        forces = mentions_in(sentence, clause, MentionKind.FORCE)  # "the number of Burundian soldiers has risen to 900"
    return forces if language.orthography.inverted_subject else _by_word_order(document, forces, frame)


def _is_cargo(document: Document, sentence: Sentence, force: Mention, frame: Frame) -> bool:
    """ "Maschinen mit Söldnern landeten"."""
    plain = not force.features & {"weak", "institution"}
    return (
        frame.frame in (FrameClass.GO, FrameClass.DEPART)
        and plain
        and after_relator(document, sentence, force, frozenset({"with"}))
    )


def _taken_along(document: Document, sentence: Sentence, clause: Clause, crew: bool = False) -> list[Mention]:
    """ "beteiligt sich mit 150 Soldaten": the subject's own people, said with a relator."""
    found = []
    for mention in mentions_in(sentence, clause, MentionKind.FORCE):
        plain = mention.counted and ("weak" not in mention.features or crew)
        if plain and after_relator(document, sentence, mention, frozenset({"with"})):
            mention.features |= {"with"}
            found.append(mention)
    return found


def _pronoun_force(document: Document, clause: Clause, frame: Frame, language: Language) -> Mention | None:
    """ "sie", "they" as the subject of a verb whose subject moves; discourse says whom it means."""
    passive = frame.verb is not None and is_passive(clause, frame.verb)
    if frame.frame in (FrameClass.HAVE, FrameClass.SEE) or (frame.frame is FrameClass.SEND and not passive):
        return None
    for index in document.sentences[frame.sentence].where(TermKind.FORCE, TermKind.ANAPHOR):
        token = document.tokens[index]
        if index not in clause:
            continue
        noun = token.term(TermKind.FORCE)
        if noun is not None and not noun.term.role:
            return None
        if token.has(TermKind.ANAPHOR, "force"):
            if not _is_plural(document, clause, language) or not _can_mean_force(document, frame, index, language):
                return None
            return Mention(
                MentionKind.FORCE,
                index,
                index + 1,
                index,
                features=frozenset({"pronoun", "definite"}),
                because=("pronoun",),
            )
    return None


def _can_mean_force(document: Document, frame: Frame, index: int, language: Language) -> bool:
    """Where the subject comes first, "they" goes on with the subject: at a sentence's head with the forces of the
    sentence before, else with a force told of before it in its own."""
    if language.orthography.inverted_subject:
        return True
    here = document.sentences[frame.sentence]
    if index != here.first and frame.clause.subordinator is None:
        return False  # "saying they would …"
    before = document.sentences[max(0, here.index - 1)] if index == here.first else here
    forces = [m for m in before.mentions if m.kind is MentionKind.FORCE and "weak" not in m.features]
    return any(index == here.first or (m.last <= index and m.code is not None) for m in forces)


def _rest(document: Document, clause: Clause) -> Mention | None:
    """ "the rest will follow": those of a force told of before that were not counted yet."""
    for index in clause.tokens():
        for match in document.tokens[index].terms:
            rest = match.term.kind is TermKind.ANAPHOR and match.term.sort == "rest"
            if rest and _stands_alone(document, clause, match):
                features = frozenset({"part", "definite"})
                return Mention(
                    MentionKind.FORCE, index, match.last, index, features=features, because=(match.term.rule,)
                )
    return None


def _stands_alone(document: Document, clause: Clause, rest: Match) -> bool:
    """ "the rest will follow", not "the rest of the country"."""
    if rest.last >= clause.last:
        return True
    token = document.tokens[rest.last]
    relator = token.term(TermKind.RELATOR)
    if relator is not None:
        return "of" not in relator.term.roles
    owned = token.term(TermKind.DETERMINER) is not None
    return not owned and (bool(token.verbs) or not token.form[0].isalnum())


def _is_plural(document: Document, clause: Clause, language: Language) -> bool:
    endings = language.orthography.plural_endings
    finite = [v.index for v in clause.verbs if v.reading.form in FINITE]
    return not endings or not finite or any(document.tokens[k].lower.endswith(endings) for k in finite)


def _elided(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "tausend weitere", "the first 500": a number whose noun was told before, at most two sentences ago; with a verb
    that is said of forces only, however long ago."""
    clause = frame.clause
    military = frame.verb is not None and frame.verb.reading.verb.military
    near = document.sentences[max(0, sentence.index - ELIDED_REACH) : sentence.index + 1]
    people = (m for s in near for m in s.mentions if m.kind is MentionKind.FORCE)
    no_people = all(m.features & _NO_PEOPLE or ("weak" in m.features and not m.counted) for m in people)
    if no_people and not military:
        return None
    for mention in mentions_in(sentence, clause, MentionKind.QUANTITY):
        if (
            mention.vague
            or "year" in mention.features
            or (
                "before" in mention.features and not (frame.frame in _LEVELS and mention.count_min != mention.count_max)
            )
            or (mention.count_min or mention.count_max or 0) < MIN_ELIDED
        ):
            continue
        if any(m.kind is MentionKind.FORCE and m.first <= mention.first < m.last for m in sentence.mentions):
            continue
        after = document.tokens[mention.last] if mention.last < sentence.last else None
        before = document.tokens[mention.first - 1] if mention.first > sentence.first else None
        if after is not None and (
            (after.form[0].isalnum() and not _ends_phrase(after) and not _strength_of_it(document, clause, after))
            or after.form in ("%", "/", ":", "-", "–")
        ):
            continue
        is_name = before is not None and before.form[0].isupper() and not before.terms and not before.verbs
        if is_name and not mention.additional:  # "Boeing 737"
            continue
        return Mention(
            MentionKind.FORCE,
            mention.first,
            mention.last,
            mention.head,
            count_min=mention.count_min,
            count_max=mention.count_max,
            counted=True,
            additional=mention.additional,
            features=frozenset({"people", "elided", "definite"}) | (mention.features & {"before"}),
            because=("elided",),
        )
    return None


def _strength_of_it(document: Document, clause: Clause, after: Token) -> bool:
    """ "It is 600 strong"."""
    it = any(document.tokens[k].has(TermKind.ANAPHOR, "subject") for k in clause.tokens())
    return it and after.has(TermKind.STRENGTH, "before")


def _ends_phrase(token: Token) -> bool:
    """Whether the word can follow a number without being what is counted."""
    if token.term(TermKind.NOT_PEOPLE) is not None or token.form[0].isupper():
        return False
    if any(m.term.kind in (TermKind.PLACE_NOUN, TermKind.EVENT, TermKind.ROLE_NOUN) for m in token.terms):
        return False
    return bool(token.verbs) or any(m.term.kind in AFTER_NUMBER for m in token.terms)


def _shared_subject(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "… hat A verlassen und kämpft in B": the second verb has the first one's subject."""
    if document.tokens[clause.first].term(TermKind.COORDINATOR) is None:
        return None
    before = sentence.clauses[clause.index - 1]
    here = takewhile(lambda frame: frame.sentence == sentence.index, reversed(document.frames))
    told = [frame.force for frame in here if frame.clause is before and frame.force is not None]
    if told:
        return told[-1]
    forces = forces_in(document, sentence, before)
    return forces[0] if forces else None


def _led_by(sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "a meeting with NATO troops stationed in Estonia": the force right before a participle, where the subject comes
    first."""
    if frame.verb is None or frame.verb.reading.form is not VerbForm.PARTICIPLE:
        return None
    if language.orthography.inverted_subject:
        return None
    return next((m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.last == frame.head), None)


def _fight_each_other(document: Document, forces: list[Mention]) -> bool:
    """ "clashes broke out between soldiers and rebels": two sides behind the verb."""
    leads = [document.tokens[force.first - 1].term(TermKind.QUANTIFIER) for force in forces if force.first > 0]
    return len(forces) > 1 and any(match is not None and match.term.sort == "between" for match in leads)


def _by_word_order(document: Document, forces: list[Mention], frame: Frame) -> list[Mention]:
    """Where the subject comes first: who moves stands before its verb, and behind the verb that rules it ("wants the
    militia to go"); what somebody has stands right behind it."""
    tokens = document.tokens
    if frame.frame is FrameClass.HAVE:
        lasts = frame.verb is not None and frame.verb.reading.verb.effect is Effect.BEGIN
        reach = LASTING_REACH if lasts else HAVE_REACH  # "extended by a year the stay of its 60 soldiers"
        return [
            force
            for force in forces
            if 0 <= force.first - frame.head - 1 <= reach
            and not any(tokens[k].verbs for k in range(frame.head + 1, force.first))
        ]
    if frame.frame is FrameClass.SEE and not (frame.verb is not None and is_passive(frame.clause, frame.verb)):
        return [force for force in forces if force.first > frame.head]  # who is seen, not who sees
    if frame.frame is FrameClass.SEND:
        return [force for force in forces if not _only_sends(document, force, frame)]
    if frame.frame not in _SUBJECT_MOVES:
        return forces
    before = [force for force in forces if force.first < frame.head]
    if not before and frame.frame is FrameClass.FIGHT and _fight_each_other(document, forces):
        return forces
    if not before and frame.frame in _NATION_FORCE:
        return []
    ruling = [v.index for v in frame.clause.verbs if v.index < frame.head and v.reading.verb.effect is not None]
    if ruling and frame.verb is not None and frame.verb.reading.form is VerbForm.INFINITIVE:
        ruled = [force for force in before if force.first > ruling[-1]]
        before = ruled or before
    return before or forces


def _only_sends(document: Document, force: Mention, frame: Frame) -> bool:
    """ "The army ships parcels": an institution before an active verb with an object is who sends, not what is sent."""
    if "institution" not in force.features or force.first > frame.head or frame.verb is None:
        return False
    if frame.verb.reading.form is VerbForm.PARTICIPLE and any(v.reading.verb.passive for v in frame.clause.verbs):
        return False
    after = document.tokens[frame.head + 1] if frame.head + 1 < len(document.tokens) else None
    return after is not None and after.term(TermKind.RELATOR) is None


def _pick_force(forces: list[Mention], frame: Frame) -> Mention | None:
    """Of several, the counted one; else the first, else a weak one; "half of them" only where nothing else moves."""
    people = [force for force in forces if "vehicle" not in force.features]
    people = [force for force in people if "part" not in force.features or force.counted] or people
    if frame.frame in (FrameClass.FIGHT, FrameClass.TAKE):
        plain = [force for force in people if "weak" not in force.features]
        return next(iter(plain or people), None)
    ranked = (
        [force for force in people if force.counted and "demonym" not in force.features],
        [force for force in people if not force.features & {"weak", "institution"}],
        [force for force in people if force.counted],
        [force for force in people if "weak" not in force.features],
        people,
    )
    return next((forces[0] for forces in ranked if forces), None)


def _antecedent(sentence: Sentence, clause: Clause) -> Mention | None:
    before = [m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.last <= clause.first]
    if not before:
        return None
    nearest = before[-1]
    return nearest if clause.first - nearest.last <= 5 else None


def _from_parent(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    if clause.parent is None or clause.kind != "infinitive":
        return None
    forces = forces_in(document, sentence, clause.parent)
    return forces[0] if forces else None
