"""Step 6: frames. A verb or event noun of the language data, and the phrases of its clause that fill its roles."""

from dataclasses import replace

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import is_agent, is_part, is_passive, is_whole, mentions_in
from services.extractor.steps.contested_places import place_before
from services.extractor.steps.frame_forces import ADDS, verb_force
from services.extractor.steps.frame_places import innermost_first, is_known_place, need_object, places_of, takes_another
from services.extractor.steps.frame_senders import (
    is_by_pronoun,
    is_by_speaker,
    is_the_country,
    nameless_sender,
    pronoun_sender,
    who_sends,
)
from services.extractor.steps.frame_turns import relief_frames, turn_frame
from services.extractor.steps.frame_verbs import is_killed, tells_of_itself
from services.extractor.steps.gerund_subjects import ANTECEDENT
from services.extractor.steps.implied_places import aboard, host_of, purpose_objects, recipients, ship_of, who_is_helped
from services.extractor.steps.joined_forces import (
    frames_beside,
    goes_along,
    is_listed,
    receives_others,
    share_out,
    with_force,
)
from services.extractor.steps.object_places import GROUND, bare_places, held_places, holds_unnamed, place_noun_behind
from services.extractor.steps.other_frames import (
    denied_presence,
    event_frames,
    unknown_verb_frames,
    verbless_frames,
)
from services.extractor.steps.placed_forces import placed_force_frames
from services.extractor.steps.standing_forces import where_it_stands, where_those_stand
from services.extractor.steps.whose_told import tell_whose
from services.extractor.vocabulary import ATTACKS, FINITE, Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

_OBJECT_PLACE = frozenset({FrameClass.ENTER, FrameClass.TAKE, FrameClass.LEAVE})
_TOLD = frozenset({MentionKind.FORCE, MentionKind.QUANTITY})
_HOLDS = frozenset(
    {FrameClass.BE, FrameClass.HAVE, FrameClass.ENTER, FrameClass.TAKE, FrameClass.LEAVE, FrameClass.FIGHT}
)


def build_frames(document: Document, sentences: list[Sentence], language: Language) -> None:
    for sentence in sentences:
        tell_whose(document, sentence, language)
        first = len(document.frames)
        for clause in sentence.clauses:
            document.frames.extend(clause_frames(document, sentence, clause, language))
        _name_senders(document.frames[first:])


def _name_senders(frames: list[Frame]) -> None:
    """ "The 900 soldiers whom Peru had sent to X came home": whose a force is that a relative clause tells of."""
    for told in frames:
        sent = ANTECEDENT in told.because and told.frame in (FrameClass.SEND, FrameClass.HAVE)
        if not sent or told.force is None or told.force.code is not None or told.sender is None:
            continue
        for frame in frames:
            counts = frame.frame is FrameClass.COUNT
            if not counts and frame.force is not None and frame.force.first == told.force.first:
                frame.force = replace(frame.force, code=told.sender.code)


def clause_frames(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Frame]:
    """All frames of one clause; a verb that sends several counted forces makes one frame for each. What a force is
    sent for has not happened: a clause of purpose has none, nor one of what is left undone ("without sending")."""
    frames: list[Frame] = []
    if clause.kind in ("purpose", "undone"):
        return [f for f in placed_force_frames(document, sentence, clause, frames) if f.attributive]
    for verb in clause.verbs:
        frame_class = verb.reading.verb.frame
        if frame_class is None or not tells_of_itself(document, sentence, clause, verb, language):
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
        _fill_verb_frame(document, sentence, base, language)
        if verb.reading.verb.yields and not base.places:
            continue
        if base.frame is FrameClass.COUNT and base.force is not None and base.places:
            subject = verb.reading.verb.copula and base.force.first < base.head  # "will be the strength of X"
            base.frame = FrameClass.BE
            base.attributive = not (subject or verb.reading.verb.says)  # "does not affect the 300 in X"
        elif _counts_last(document, sentence, base):
            if any(v.reading.verb.copula and v.reading.form is VerbForm.PAST for v in clause.verbs):
                continue  # "im Sommer waren es noch 900", "waren es 900 gewesen"
            base.frame = FrameClass.COUNT
        relief = relief_frames(document, sentence, base)
        frames.extend(_for_each_force(document, sentence, base, language) if relief is None else relief)
    frames.extend(event_frames(document, sentence, clause, language))
    if not any(m.kind in _TOLD and m.head in clause for m in sentence.mentions):
        return frames  # all that follow tell of a force or a figure that the clause names
    if all(frame.force is None for frame in frames) and _is_denied(document, sentence, clause):
        frames.extend(denied_presence(sentence, clause))
    if not clause.verbs or all(v.reading.verb.frame is None and not v.reading.verb.says for v in clause.verbs):
        frames.extend(verbless_frames(document, sentence, clause, frames))
    frames.extend(placed_force_frames(document, sentence, clause, frames))
    if all(frame.attributive for frame in frames):
        standing = [frame.force for frame in frames]  # "will join | the 300 in X"
        others = unknown_verb_frames(document, sentence, clause, language)
        frames.extend(frame for frame in others if frame.force not in standing)
    return frames


def _is_denied(document: Document, sentence: Sentence, clause: Clause) -> bool:
    """ "dementiert Berichte über …", "von Soldaten in X will Y nichts wissen": by verb or by phrase."""
    if any(verb.reading.verb.effect is Effect.DENY for verb in clause.verbs):
        return True
    cues = (match.term for k in sentence.where(TermKind.CUE) if k in clause for match in document.tokens[k].terms)
    return any(term.kind is TermKind.CUE and term.effect is Effect.DENY for term in cues)


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


def _fill_verb_frame(document: Document, sentence: Sentence, frame: Frame, language: Language) -> None:
    subject_first = not language.orthography.inverted_subject
    frame.force = verb_force(document, sentence, frame, language)
    frame.sender = who_sends(document, sentence, frame, language)
    host = host_of(document, frame, language)
    if frame.sender is None and (subject_first or frame.clause.parent is not None):
        frame.sender = pronoun_sender(document, sentence, frame)
    if frame.sender is None:
        frame.institution = nameless_sender(document, sentence, frame, subject_first)
        frame.the_country = is_the_country(document, sentence, frame)
        frame.by_pronoun = is_by_pronoun(document, sentence, frame)
        frame.by_speaker = is_by_speaker(document, sentence, frame, subject_first)
    if subject_first:
        turn_frame(document, sentence, frame)
    if frame.frame is FrameClass.GO and frame.stage is Stage.WITHDRAWN:  # "will go to Benin", "will go by March"
        places = mentions_in(sentence, frame.clause, MentionKind.PLACE)
        goals = [m for m in places if m.role != "origin" and (m.first > frame.head or not subject_first)]
        frame.frame, frame.stage = (frame.frame, Stage.DEPLOYED) if goals else (FrameClass.WITHDRAW, frame.stage)
    _fill_places(document, sentence, frame, language)
    if subject_first and _remains(frame):
        frame.frame, frame.stage = FrameClass.BE, Stage.DEPLOYED
    if host is not None:
        frame.sender, frame.places = None, frame.places or [host]
    ship = ship_of(document, sentence, frame)
    if ship is not None and frame.force is not None and frame.force.code is None:
        frame.force = replace(frame.force, code=ship.code)
    if not frame.places and frame.frame is FrameClass.SEND:
        frame.places = recipients(document, sentence, frame)
    if not frame.places:
        frame.places = who_is_helped(sentence, frame, language) or aboard(ship)
    if not frame.places and frame.frame in ADDS and frame.force is not None:
        frame.places = where_those_stand(document, sentence, frame.force)
    if subject_first and frame.frame in ATTACKS:
        need_object(frame)
    fallen = frame.frame is FrameClass.FIGHT and any(is_killed(document, frame.clause, v) for v in frame.clause.verbs)
    if frame.force is not None and fallen:  # "nine soldiers were killed while fighting in X"
        frame.force = replace(frame.force, count_min=None, count_max=None, counted=False)
    if frame.force is None and frame.frame in ATTACKS and frame.sender is not None:
        frame.because.append("a state fights")
    if frame.force is not None and frame.stage is Stage.DEPLOYED:
        describes = _describes_those if subject_first else _stands_within
        frame.attributive = describes(frame, frame.force)


def _stands_within(frame: Frame, force: Mention) -> bool:
    """ "die in X stationierten 90 Soldaten": a participle among the force's own words."""
    return frame.form in (VerbForm.PARTICIPLE, VerbForm.PAST) and force.first <= frame.head < force.head


def _describes_those(frame: Frame, force: Mention) -> bool:
    """ "will not pay for | the 900 soldiers stationed in X": what the clause's own verb denies is another thing."""
    if frame.form is not VerbForm.PARTICIPLE or force.last != frame.head or "definite" not in force.features:
        return False
    verbs = frame.clause.verbs
    ruled = any(v.index < force.first and v.reading.form in FINITE for v in verbs)
    return force.counted and ruled and not any(v.index > frame.head and v.reading.form in FINITE for v in verbs)


def _fill_places(document: Document, sentence: Sentence, frame: Frame, language: Language) -> None:
    clause = frame.clause
    frame.places = places_of(document, sentence, clause, frame, language)
    named = mentions_in(sentence, clause, MentionKind.PLACE)
    frame.origin = next((m.country for m in named if m.role == "origin" and m.name is None), None)
    subject_first = not language.orthography.inverted_subject
    whose = frame.sender if frame.force is None else None
    fights = frame.frame is FrameClass.FIGHT and (subject_first or frame.force is not None or whose is not None)
    if fights or frame.frame in _OBJECT_PLACE:
        near = fights and subject_first
        bare = bare_places(document, sentence, clause, frame.head, near, language)
        if fights and not subject_first:
            bare = [m for m in bare if m.name is not None]  # a country may be the subject
        if whose is not None and frame.frame in (FrameClass.LEAVE, FrameClass.FIGHT):  # "Mexiko übergab X"
            bare = [m for m in bare if m.first not in whose]
        if not bare and frame.frame in ATTACKS:
            before = place_before(document, sentence, frame, language)
            bare = [before] if before is not None else bare
        at_name = fights and not subject_first and frame.places and frame.places[0].name is not None
        frame.places = innermost_first(frame.places + bare) if at_name else bare + frame.places
        led = [m for m in named if frame.verb is not None and m.first == frame.verb.particle_at]  # "took over X"
        frame.places = frame.places or led
        taken = bool(led) or any(m.first == frame.head + 1 and m.role == "at" for m in frame.places)  # "s'empare de X"
        frame.has_object = bool(bare) or taken or place_noun_behind(document, sentence, frame.head)
    holds = frame.frame is FrameClass.HAVE and frame.force is not None and _holds_itself(document, sentence, frame)
    unnamed = all(place.name is None and place.country for place in frame.places)
    if frame.frame is FrameClass.BE or holds:  # "bewachen in Benin | den Flugplatz X", "still hold X | in Benin"
        held = held_places(document, sentence, frame, language)
        inside = held and frame.places and held[0].last == frame.places[0].first
        frame.places = held + frame.places if unnamed or inside else frame.places
    if frame.frame in _HOLDS and not frame.places and frame.force is not None:
        frame.has_object = frame.has_object or holds_unnamed(document, frame, language)
    aims = frame.frame is FrameClass.SEND or (fights and subject_first and frame.force is not None)
    if aims and not frame.places:
        frame.places = purpose_objects(document, sentence, clause, language)
    if subject_first and frame.frame is FrameClass.WITHDRAW:
        frame.has_object = is_known_place(frame) and not takes_another(document, frame)
    if not subject_first and frame.frame is FrameClass.WITHDRAW and not frame.places:
        objects = bare_places(document, sentence, clause, frame.head, False, language)
        frame.places = [m for m in objects if m.features & GROUND]  # "haben die Stadt geräumt"


def _holds_itself(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "The rebels hold Goma", "Goma is held by 900 rebels": the force is who has it, not what somebody has."""
    force = frame.force
    if force is None or frame.verb is None:
        return False
    if is_passive(frame.clause, frame.verb) and is_agent(document, sentence, force):
        return True
    whose = force.code is not None or force.features & {"definite", "home"}
    return bool(whose) and not force.counted and (frame.sender is None or frame.sender.code == force.code)


def _remains(frame: Frame) -> bool:
    """ "The 900 Americans left in X": where they were left, not what they left; "has 900 soldiers left"."""
    force, verb, place = frame.force, frame.verb, next(iter(frame.places), None)
    if frame.frame is not FrameClass.LEAVE or force is None or verb is None or place is None:
        return False
    before = [v.reading for v in frame.clause.verbs if v.index < force.first]
    if any(r.verb.frame is FrameClass.HAVE and r.form in FINITE for r in before):
        return force.last == verb.index and (place.role == "at" or place.last < verb.index)
    left = verb.reading.form in (VerbForm.PAST, VerbForm.PARTICIPLE) and verb.index - force.last <= 1
    return left and force.last <= verb.index and place.role == "at" and place.first == verb.index + 1


def _for_each_force(document: Document, sentence: Sentence, base: Frame, language: Language) -> list[Frame]:
    """ "1000 Minenräumer und 5000 Bausoldaten", "Rwandan and Ugandan soldiers": one report each."""
    if base.force is None:
        return [base]
    along = [m for m in mentions_in(sentence, base.clause, MentionKind.FORCE) if goes_along(document, sentence, m)]
    others = [
        m
        for m in (mentions_in(sentence, base.clause, MentionKind.FORCE) if base.force.counted else along)
        if (m.first, m.last) != (base.force.first, base.force.last)
        and m.counted
        and "part" not in m.features
        and not (m.code is None and (m.count_min, m.count_max) == (base.force.count_min, base.force.count_max))
        and ("weak" not in m.features or is_listed(document, m, base.force) or m in along)
        and not is_part(document, sentence, m)
        and not is_whole(document, sentence, m)
        and where_it_stands(document, sentence, m) is None
    ]
    frames = [base, *frames_beside(document, sentence, base, language)]
    share_out(document, sentence, frames)
    told = {frame.force.first for frame in frames if frame.force is not None}  # "Peru sent 90 sappers, Chile 15 medics"
    frames += [with_force(base, force, "coordinated") for force in others if force.first not in told]
    return [frame for frame in frames if frame is not base or not receives_others(document, sentence, base)]
