"""Step 6: frames. A verb or event noun of the language data, and the phrases of its clause that fill its roles."""

from dataclasses import replace

from services.extractor.document import (
    ATTACKS,
    Clause,
    ClauseVerb,
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
from services.extractor.gazetteer import Gazetteer
from services.extractor.lexicon import Language
from services.extractor.orthography import Orthography
from services.extractor.steps.clause_phrases import is_part, is_passive, is_whole, mentions_in
from services.extractor.steps.contested_places import is_attack, place_before
from services.extractor.steps.frame_forces import verb_force
from services.extractor.steps.frame_places import (
    bare_places,
    innermost_first,
    is_known_place,
    need_object,
    place_noun_behind,
    places_of,
    takes_another,
)
from services.extractor.steps.frame_senders import is_the_country, nameless_sender, pronoun_sender, who_sends
from services.extractor.steps.frame_turns import relief_frames, turn_frame
from services.extractor.steps.implied_places import aboard, host_of, purpose_objects, recipients, ship_of, who_is_helped
from services.extractor.steps.joined_forces import frames_beside, share_out
from services.extractor.steps.other_frames import denied_presence, event_frames, unknown_verb_frames, verbless_frames
from shared.events.statements import Stage

MIN_STEM, MAX_PARTICLE_LETTERS = 2, 10
"""From and up to where a participle's own prefix may stand behind its particle: "zusammenGEzogen"."""

_OBJECT_PLACE = frozenset({FrameClass.ENTER, FrameClass.TAKE, FrameClass.LEAVE})
_LEFT = frozenset({"noun:town", "noun:site", "noun:region"})
_MOVES = frozenset({FrameClass.GO, FrameClass.DEPART, FrameClass.LEAVE, FrameClass.WITHDRAW})


def build_frames(document: Document, language: Language, gazetteer: Gazetteer) -> None:
    for sentence in document.sentences:
        for clause in sentence.clauses:
            for frame in clause_frames(document, sentence, clause, language, gazetteer):
                document.frames.append(frame)


def clause_frames(
    document: Document, sentence: Sentence, clause: Clause, language: Language, gazetteer: Gazetteer
) -> list[Frame]:
    """All frames of one clause; a verb that sends several counted forces makes one frame for each. What a force is
    sent for has not happened: a clause of purpose has none, nor one of what is left undone ("without sending")."""
    frames: list[Frame] = []
    if clause.kind in ("purpose", "undone"):
        return frames
    for verb in clause.verbs:
        frame_class = verb.reading.verb.frame
        if frame_class is None or _is_killed(document, clause, verb):
            continue
        if (
            _only_helps(document, sentence, clause, verb, language.orthography)
            or _goes_about(document, verb, language)
            or _rules_infinitive(document, clause, verb, language)
        ):
            continue
        if (
            verb.reading.verb.copula
            and verb.particle_at is None
            and _unknown_predicate(document, sentence, verb.index, language)
        ):
            continue
        if frame_class is FrameClass.COUNT and not _has_figure(sentence, clause):
            continue
        if _only_describes(sentence, clause, verb, language.orthography):
            continue
        if _leaves_victims(document, frame_class, clause, verb):
            continue
        base = Frame(
            sentence.index,
            clause,
            verb.index,
            frame_class,
            verb.reading.verb.stage or Stage.DEPLOYED,
            verb=verb,
            weak=verb.reading.verb.weak,
            because=[f"verb:{verb.reading.verb.lemma}"],
        )
        _fill_verb_frame(document, sentence, base, language, gazetteer)
        if verb.reading.verb.yields and not base.places:
            continue
        if base.frame is FrameClass.COUNT and base.force is not None and base.force.code and base.places:
            base.frame = FrameClass.BE  # "sprach von 300 chilenischen Soldaten in Bolivien"
        elif _counts_last(document, sentence, base):
            if verb.reading.form is VerbForm.PAST:
                continue  # "im Sommer waren es noch 900"
            base.frame = FrameClass.COUNT
        relief = relief_frames(document, sentence, base)
        frames.extend(_for_each_force(document, sentence, base, language) if relief is None else relief)
    frames.extend(event_frames(document, sentence, clause, language, gazetteer))
    if not frames and any(v.reading.verb.effect is Effect.DENY for v in clause.verbs):
        frames.extend(denied_presence(document, sentence, clause))
    if not clause.verbs or all(v.reading.verb.frame is None and not v.reading.verb.says for v in clause.verbs):
        frames.extend(verbless_frames(document, sentence, clause, frames))
    if not frames:
        frames.extend(unknown_verb_frames(document, sentence, clause, language))
    return frames


def _leaves_victims(document: Document, frame_class: FrameClass, clause: Clause, verb: ClauseVerb) -> bool:
    """ "clashed near X, leaving 14 people dead"."""
    return (
        frame_class is FrameClass.LEAVE
        and verb.reading.form is VerbForm.GERUND
        and any(document.tokens[k].has(TermKind.NOT_PEOPLE, "casualty") for k in clause.tokens() if k > verb.index)
    )


def _only_describes(sentence: Sentence, clause: Clause, verb: ClauseVerb, orthography: Orthography) -> bool:
    """ "les soldats déployés à Gao rentreront", "soldiers based in X flew home", "die in X stationierten Soldaten
    flogen heim", "holt die in X stationierten Soldaten zurück": a participle within its force or right behind it, when
    another verb says what they do; its place is the clause's. Where adjectives stand before their noun, only if they
    move."""
    if verb.reading.form not in (VerbForm.PARTICIPLE, VerbForm.PAST):
        return False
    forces = [m for m in sentence.mentions if m.kind is MentionKind.FORCE]
    inside = any(m.first <= verb.index < m.head for m in forces)
    return (inside or any(m.last == verb.index for m in forces)) and any(
        v is not verb
        and (v.index > verb.index or (inside and orthography.verb_final))
        and v.reading.verb.frame in _MOVES
        and v.reading.form is not VerbForm.GERUND
        for v in clause.verbs
    )


def _counts_last(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Sechshundert sollen es sein": a figure for those told of before."""
    force, verb = frame.force, frame.verb
    if frame.frame is not FrameClass.BE or verb is None or force is None or frame.places:
        return False
    if force.counted and "pronoun" in force.features:
        return True  # "They number about 400"
    plain = force.counted and force.code is None and "with" not in force.features
    if not plain or not verb.reading.verb.copula:
        return False
    it = (k for k in sentence.where(TermKind.ANAPHOR) if document.tokens[k].has(TermKind.ANAPHOR, "expletive"))
    return any(k in frame.clause for k in it)


def _has_figure(sentence: Sentence, clause: Clause) -> bool:
    return any(m.counted for m in mentions_in(sentence, clause, MentionKind.FORCE)) or any(
        not m.vague for m in mentions_in(sentence, clause, MentionKind.QUANTITY)
    )


def _only_helps(
    document: Document, sentence: Sentence, clause: Clause, verb: ClauseVerb, orthography: Orthography
) -> bool:
    """Whether the verb says nothing of its own, only helps another beside it, listed or not."""
    if _is_helper(sentence, verb, clause, orthography.verb_final):
        return True
    if verb.particle_at is not None:
        return False  # "are involved in the mission"
    may_help = any(reading.verb.auxiliary for reading in document.tokens[verb.index].verbs)
    return may_help and (_helps_unlisted(document, clause, verb.index, orthography) or _helps_mover(clause, verb.index))


def _is_killed(document: Document, clause: Clause, verb: ClauseVerb) -> bool:
    """ "were killed": who fell does not fight any more."""
    fallen = document.tokens[verb.index].has(TermKind.NOT_PEOPLE, "casualty")
    return fallen and is_passive(clause, verb)


def _rules_infinitive(document: Document, clause: Clause, verb: ClauseVerb, language: Language) -> bool:
    """ "ordered the army to send howitzers": what is ordered tells who goes, the order does not."""
    markers = language.orthography.infinitive_markers
    return verb.reading.verb.stage is Stage.PLANNED and any(
        v.index > verb.index
        and v.reading.form is VerbForm.INFINITIVE
        and v.reading.verb.frame is not None
        and document.tokens[v.index - 1].lower in markers
        for v in clause.verbs
    )


def _goes_about(document: Document, verb: ClauseVerb, language: Language) -> bool:
    """ "are going to arrive": nobody goes yet."""
    behind = document.tokens[verb.index + 1 : verb.index + 3]
    return (
        verb.reading.form is VerbForm.GERUND
        and verb.reading.verb.frame is FrameClass.GO
        and len(behind) == 2
        and behind[0].lower in language.orthography.infinitive_markers
        and any(reading.form is VerbForm.INFINITIVE for reading in behind[1].verbs)
    )


def _is_helper(sentence: Sentence, verb: ClauseVerb, clause: Clause, verb_final: bool) -> bool:
    """An auxiliary beside the verb it helps, or before it, says nothing of its own."""
    return verb.reading.verb.auxiliary and any(
        (
            other is not verb
            and not other.reading.verb.auxiliary
            and not other.reading.verb.modal
            and other.reading.form
            in (VerbForm.PARTICIPLE, VerbForm.INFINITIVE, VerbForm.TO_INFINITIVE, VerbForm.GERUND)
        )
        or (other is not verb and other.reading.form is VerbForm.PARTICIPLE)
        for other in clause.verbs
        if verb_final or (other.index > verb.index and not _stands_before_place(sentence, verb, other.index))
    )


def _stands_before_place(sentence: Sentence, verb: ClauseVerb, end: int) -> bool:
    """ "are in X, twice the number foreseen by the treaty": who is somewhere is there, whatever participle follows."""
    places = (m for m in sentence.mentions if m.kind is MentionKind.PLACE)
    return verb.reading.verb.copula and any(verb.index < m.first < end for m in places)


def _helps_mover(clause: Clause, index: int) -> bool:
    """ "have moved", though there are forces to have: right before the participle of a verb that tells of them."""
    behind = next((v for v in clause.verbs if v.index == index + 1), None)
    return behind is not None and behind.reading.form is VerbForm.PARTICIPLE and behind.reading.verb.frame is not None


def _helps_unlisted(document: Document, clause: Clause, index: int, orthography: Orthography) -> bool:
    """ "haben die Stadt abgeriegelt", "… verhindert haben": a participle of a verb in no list, where one must stand."""
    words = [k for k in clause.tokens() if document.tokens[k].form[0].isalpha()]
    before = [k for k in words if k < index]
    behind = [k for k in words if k > index]
    places = [words[-1], *before[-1:]] if orthography.verb_final else behind[:1]
    read = {verb.index for verb in clause.verbs if verb.index != index}
    is_state = any(reading.verb.copula for reading in document.tokens[index].verbs)  # "sind beteiligt"
    others = [document.tokens[k] for k in places if k != index and k not in read]
    return any(
        (_is_participle(token) and not is_state) or _is_unlisted_participle(token, orthography) for token in others
    )


def _is_participle(token: Token) -> bool:
    """Of a listed verb, though none of its readings fits."""
    return any(reading.form is VerbForm.PARTICIPLE for reading in token.verbs) and token.form[0].islower()


def _is_unlisted_participle(token: Token, orthography: Orthography) -> bool:
    if token.terms or token.verbs or token.inside or token.form[0].isupper():
        return False
    if not token.lower.endswith(orthography.participle_endings):
        return False
    prefixes = orthography.participle_prefixes
    return not prefixes or token.lower.startswith(prefixes) or prefixes[0] in token.lower[MIN_STEM:MAX_PARTICLE_LETTERS]


def _unknown_predicate(document: Document, sentence: Sentence, index: int, language: Language) -> bool:
    """ "were decorated in Madrid": behind a copula, a word in no list says what they are, not where."""
    if language.orthography.verb_final:
        return False
    for token in document.tokens[index + 1 : min(sentence.last, index + 4)]:
        if token.terms or token.verbs or token.inside or not token.form[0].islower():
            return False
        if not token.lower.endswith(language.orthography.adverb_endings):
            return True
    return False


def _fill_verb_frame(
    document: Document, sentence: Sentence, frame: Frame, language: Language, gazetteer: Gazetteer
) -> None:
    subject_first = not language.orthography.inverted_subject
    frame.force = verb_force(document, sentence, frame, language)
    frame.sender = who_sends(document, sentence, frame, language)
    host = host_of(frame)
    if frame.sender is None and subject_first:
        frame.sender = pronoun_sender(document, sentence, frame)
    if frame.sender is None:
        frame.institution = nameless_sender(document, sentence, frame, subject_first)
        frame.the_country = not frame.institution and is_the_country(document, sentence, frame)
    if subject_first:
        turn_frame(document, sentence, frame)
    _fill_places(document, sentence, frame, language, gazetteer)
    if host is not None:
        frame.sender, frame.places = None, frame.places or [host]
    ship = ship_of(document, sentence, frame)
    if ship is not None and frame.force is not None and frame.force.code is None:
        frame.force = replace(frame.force, code=ship.code)
    if not frame.places and frame.frame is FrameClass.SEND:
        frame.places = recipients(document, sentence, frame)
    if not frame.places:
        frame.places = who_is_helped(sentence, frame) or aboard(ship)
    if subject_first and frame.frame in ATTACKS:
        need_object(frame)
    fallen = frame.frame is FrameClass.FIGHT and any(_is_killed(document, frame.clause, v) for v in frame.clause.verbs)
    if frame.force is not None and fallen:  # "nine soldiers were killed while fighting in X"
        frame.force = replace(frame.force, count_min=None, count_max=None, counted=False)
    if frame.force is None and frame.frame in ATTACKS and frame.sender is not None:
        frame.because.append("a state fights")


def _fill_places(
    document: Document, sentence: Sentence, frame: Frame, language: Language, gazetteer: Gazetteer
) -> None:
    clause = frame.clause
    frame.places = places_of(document, sentence, clause, frame, language)
    named = mentions_in(sentence, clause, MentionKind.PLACE)
    frame.origin = next((m.country for m in named if m.role == "origin" and m.name is None), None)
    subject_first = not language.orthography.inverted_subject
    fights = frame.frame is FrameClass.FIGHT and (subject_first or frame.force is not None)
    if fights or frame.frame in _OBJECT_PLACE:
        near = fights and subject_first
        bare = bare_places(document, sentence, clause, frame.head, near, language, gazetteer)
        if fights and not subject_first:
            bare = [m for m in bare if m.name is not None]  # a country may be the subject
        if not bare and is_attack(frame):
            before = place_before(document, sentence, frame, language, gazetteer)
            bare = [before] if before is not None else bare
        at_name = fights and not subject_first and frame.places and frame.places[0].name is not None
        frame.places = innermost_first(frame.places + bare) if at_name else bare + frame.places
        taken = any(m.first == frame.head + 1 and m.role == "at" for m in frame.places)  # "s'est emparé de X"
        frame.has_object = bool(bare) or taken or place_noun_behind(document, sentence, frame.head)
    if frame.frame is FrameClass.BE and subject_first and not frame.places and _may_hold(frame):
        objects = bare_places(document, sentence, clause, frame.head, True, language, gazetteer)
        held = [m for m in objects if m.first == frame.head + 1 and m.name is not None]
        frame.places = [m for m in held if m.key is not None and not m.key.startswith("x:")]
    if frame.frame is FrameClass.SEND and not frame.places:
        frame.places = purpose_objects(document, sentence, clause, language, gazetteer)
    if subject_first and frame.frame is FrameClass.WITHDRAW:
        frame.has_object = is_known_place(frame) and not takes_another(document, frame)
    if not subject_first and frame.frame is FrameClass.WITHDRAW and not frame.places:
        objects = bare_places(document, sentence, clause, frame.head, False, language, gazetteer)
        frame.places = [m for m in objects if m.features & _LEFT]  # "haben die Stadt geräumt"


def _may_hold(frame: Frame) -> bool:
    """ "have held Uvira", "are guarding Goma"."""
    return frame.force is not None and frame.verb is not None and not frame.verb.reading.verb.copula


def _for_each_force(document: Document, sentence: Sentence, base: Frame, language: Language) -> list[Frame]:
    """ "1000 Minenräumer und 5000 Bausoldaten", "Rwandan and Ugandan soldiers": one report each."""
    if base.force is None:
        return [base]
    others: list[Mention] = []
    if base.force.counted:
        others.extend(
            m
            for m in mentions_in(sentence, base.clause, MentionKind.FORCE)
            if (m.first, m.last) != (base.force.first, base.force.last)
            and m.counted
            and "part" not in m.features
            and not (m.code is None and (m.count_min, m.count_max) == (base.force.count_min, base.force.count_max))
            and ("weak" not in m.features or "demonym" in m.features & base.force.features)
            and not is_part(document, sentence, m)
            and not is_whole(document, sentence, m)
        )
    frames = [base, *frames_beside(document, sentence, base, language)]
    share_out(document, sentence, frames)
    frames.extend(
        replace(base, force=force, places=list(base.places), because=[*base.because, "coordinated"]) for force in others
    )
    return frames
