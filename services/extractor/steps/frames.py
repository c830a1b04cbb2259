"""Step 6: frames. A verb or event noun of the language data, and the phrases of its clause that fill its roles."""

from dataclasses import replace

from services.extractor.document import (
    FINITE,
    Clause,
    ClauseVerb,
    Document,
    Effect,
    Frame,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    Stage,
    TermKind,
    Token,
    VerbForm,
)
from services.extractor.gazetteer import Gazetteer
from services.extractor.lexicon import Language
from services.extractor.steps.joined_forces import frames_beside
from services.extractor.steps.place_slots import read_slot
from shared.events.statements import StatementType

NEAR_OBJECT = 3
"""How many tokens behind a verb of fighting the attacked place may stand."""
ELIDED_REACH = 2
"""How many sentences back the noun of a bare number may stand."""
MIN_ELIDED = 10
"""Smaller numbers without a noun are mostly something else."""

_PHRASE_PARTS = frozenset({TermKind.FORCE, TermKind.NATION, TermKind.DETERMINER, TermKind.ANAPHOR})
_OBJECT_PLACE = frozenset({FrameClass.ENTER, FrameClass.TAKE, FrameClass.LEAVE})
_SUBJECT_MOVES = frozenset(
    {FrameClass.GO, FrameClass.BE, FrameClass.ENTER, FrameClass.FIGHT, FrameClass.TAKE, FrameClass.LEAVE}
)
_NATION_FORCE = frozenset({FrameClass.FIGHT, FrameClass.TAKE})
_GOAL_FIRST = frozenset({FrameClass.SEND, FrameClass.GO, FrameClass.GROW, FrameClass.DEPART})
_ORIGIN_FIRST = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE, FrameClass.SHRINK})
_ROLE_ORDER = {
    "goal": ("goal", "at", "near"),
    "at": ("at", "near", "goal"),
    "origin": ("origin", "at", "near"),
}


def build_frames(document: Document, language: Language, gazetteer: Gazetteer) -> None:
    for sentence in document.sentences:
        for clause in sentence.clauses:
            for frame in clause_frames(document, sentence, clause, language, gazetteer):
                document.frames.append(frame)


def clause_frames(
    document: Document, sentence: Sentence, clause: Clause, language: Language, gazetteer: Gazetteer
) -> list[Frame]:
    """All frames of one clause; a verb that sends several counted forces makes one frame for each. What a force is
    sent for has not happened: a clause of purpose has none."""
    frames: list[Frame] = []
    if clause.kind == "purpose":
        return frames
    for verb in clause.verbs:
        frame_class = verb.reading.verb.frame
        if frame_class is None or _is_helper(verb, clause, verb_final=language.orthography.verb_final):
            continue
        if verb.reading.verb.copula and _unknown_predicate(document, sentence, verb.index, language):
            continue
        if frame_class is FrameClass.COUNT and not _has_figure(sentence, clause):
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
        if base.frame is FrameClass.COUNT and base.force is not None and base.force.code and base.places:
            base.frame = FrameClass.BE  # "sprach von 300 chilenischen Soldaten in Bolivien"
        frames.extend(_for_each_force(document, sentence, base))
    frames.extend(_event_frames(document, sentence, clause, language))
    if not frames and any(v.reading.verb.effect is Effect.DENY for v in clause.verbs):
        frames.extend(_denied_presence(document, sentence, clause))
    if not clause.verbs or all(v.reading.verb.frame is None and not v.reading.verb.says for v in clause.verbs):
        frames.extend(_verbless_frames(document, sentence, clause, frames))
    if not frames:
        frames.extend(_unknown_verb_frames(document, sentence, clause, language))
    return frames


def _has_figure(sentence: Sentence, clause: Clause) -> bool:
    return any(m.counted for m in mentions_in(sentence, clause, MentionKind.FORCE)) or any(
        not m.vague for m in mentions_in(sentence, clause, MentionKind.QUANTITY)
    )


def _is_helper(verb: ClauseVerb, clause: Clause, verb_final: bool) -> bool:
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
        if verb_final or other.index > verb.index
    )


def _unknown_predicate(document: Document, sentence: Sentence, index: int, language: Language) -> bool:
    """ "were decorated in Madrid": behind a copula, a word in no list says what they are, not where."""
    if language.orthography.verb_final:
        return False
    for token in document.tokens[index + 1 : min(sentence.last, index + 4)]:
        if token.terms or token.verbs or token.inside or not token.form[0].islower():
            return False
        if not token.lower.endswith(language.orthography.adverb_endings or ("\0",)):
            return True
    return False


def mentions_in(sentence: Sentence, clause: Clause, kind: MentionKind) -> list[Mention]:
    return [mention for mention in sentence.mentions if mention.kind is kind and mention.head in clause]


def forces_in(document: Document, sentence: Sentence, clause: Clause) -> list[Mention]:
    """Force mentions that can be who moves: not those one fights against or stands beside."""
    return [
        mention
        for mention in mentions_in(sentence, clause, MentionKind.FORCE)
        if not after_relator(document, sentence, mention, frozenset({"against", "with", "for"}))
        and not _attribute(document, sentence, mention)
        and not _is_part(document, sentence, mention)
    ]


def _is_cargo(document: Document, sentence: Sentence, force: Mention, frame: Frame) -> bool:
    """ "Maschinen mit Söldnern landeten"."""
    plain = not force.features & {"weak", "institution"}
    return frame.frame is FrameClass.GO and plain and after_relator(document, sentence, force, frozenset({"with"}))


def _taken_along(document: Document, sentence: Sentence, clause: Clause) -> list[Mention]:
    """ "beteiligt sich mit 150 Soldaten": the subject's own people, said with a relator."""
    found = []
    for mention in mentions_in(sentence, clause, MentionKind.FORCE):
        if mention.counted and "weak" not in mention.features:
            if after_relator(document, sentence, mention, frozenset({"with"})):
                mention.features |= {"with"}
                found.append(mention)
    return found


def _is_part(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "2000 Mann, darunter 300 Fallschirmjäger": the parts of a sum are no report of their own."""
    index = mention.first - 1
    return index >= sentence.first and document.tokens[index].term(TermKind.PARTITIVE) is not None


def _attribute(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "Familien von Soldaten": the force only tells whose something else is."""
    index = mention.first - 1
    if index <= sentence.first:
        return False
    if document.tokens[mention.first].has(TermKind.DETERMINER, "genitive") and "pronoun" not in mention.features:
        before = document.tokens[index]
        owned = (TermKind.FORCE, TermKind.EVENT, TermKind.QUANTIFIER, TermKind.VAGUE)
        return before.form[0].isupper() and not any(m.term.kind in owned for m in before.terms)
    relator = document.tokens[index].term(TermKind.RELATOR)
    if relator is None or "of" not in relator.term.roles:
        return False
    before = document.tokens[index - 1]
    noun = before.form[0].isupper() or not before.verbs
    return noun and before.form[0].isalnum() and not before.terms and not before.inside


def after_relator(document: Document, sentence: Sentence, mention: Mention, roles: frozenset[str]) -> bool:
    for index in range(mention.first - 1, max(sentence.first, mention.first - 5) - 1, -1):
        token = document.tokens[index]
        relator = token.term(TermKind.RELATOR)
        if relator is not None:
            return bool(relator.term.roles & roles) and not relator.term.roles & {"by"}
        if token.form[0].isupper() and not any(m.term.kind in _PHRASE_PARTS for m in token.terms):
            return False
        if token.form[0] in ",;:.()" or token.term(TermKind.COORDINATOR) is not None:
            return False
        if any(reading.verb.says for reading in token.verbs):
            return False
    return False


def _fill_verb_frame(
    document: Document, sentence: Sentence, frame: Frame, language: Language, gazetteer: Gazetteer
) -> None:
    clause = frame.clause
    forces = forces_in(document, sentence, clause)
    if frame.frame is FrameClass.COUNT or (
        not forces and frame.frame in (FrameClass.GO, FrameClass.BE, FrameClass.HAVE, FrameClass.SEND)
    ):
        inside = mentions_in(sentence, clause, MentionKind.FORCE)
        forces = [m for m in inside if m.counted] or [m for m in inside if _is_cargo(document, sentence, m, frame)]
    if frame.frame is FrameClass.BE and all(not m.counted or "weak" in m.features for m in forces):
        forces = _taken_along(document, sentence, clause) or forces
    if not language.orthography.inverted_subject:
        forces = _by_word_order(document, forces, frame)
    frame.force = (
        _led_by(sentence, frame, language)
        or _pronoun_force(document, clause, frame, language)
        or _pick_force(forces, frame)
    )
    if frame.force is None or (not frame.force.counted and "weak" in frame.force.features):
        frame.force = _elided(document, sentence, clause) or frame.force
    if frame.force is None and clause.index > 0 and clause.pieces[0][0] > sentence.first:
        frame.force = _shared_subject(document, sentence, clause)
    if frame.force is None and clause.kind == "relative":
        frame.force = _antecedent(sentence, clause)
        if frame.force is not None:
            frame.because.append("relative:antecedent")
    if frame.force is None and clause.kind in ("infinitive", "sub") and frame.frame not in (FrameClass.HAVE,):
        frame.force = _from_parent(document, sentence, clause)
    frame.sender = _who_sends(document, sentence, frame, language)
    if frame.sender is None and not language.orthography.inverted_subject:
        frame.sender = _pronoun_sender(document, sentence, frame)
        frame.institution = frame.sender is None and _nameless_sender(document, sentence, frame)
    frame.places = _places(document, sentence, clause, frame, language)
    frame.origin = next(
        (m.country for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.role == "origin" and m.name is None),
        None,
    )
    subject_first = not language.orthography.inverted_subject
    fights = frame.frame is FrameClass.FIGHT and subject_first
    if fights or frame.frame in _OBJECT_PLACE:
        bare = bare_places(document, sentence, clause, frame.head, fights, language, gazetteer)
        frame.places = bare + frame.places
        frame.has_object = bool(bare) or _place_noun_behind(document, sentence, frame.head)
    if subject_first and frame.frame is FrameClass.WITHDRAW:
        frame.has_object = _is_known_place(frame)
    if subject_first and frame.frame in _NATION_FORCE:
        _need_object(frame)
    if frame.force is None and frame.frame in _NATION_FORCE and frame.sender is not None:
        frame.because.append("a state fights")


def _pronoun_force(document: Document, clause: Clause, frame: Frame, language: Language) -> Mention | None:
    """ "sie", "they" as the subject of a verb whose subject moves; discourse says whom it means."""
    passive = frame.verb is not None and is_passive(clause, frame.verb)
    if frame.frame in (FrameClass.HAVE, FrameClass.SEE) or (frame.frame is FrameClass.SEND and not passive):
        return None
    for index in clause.tokens():
        token = document.tokens[index]
        if token.term(TermKind.FORCE) is not None:
            return None
        if token.has(TermKind.ANAPHOR, "force"):
            if not _is_plural(document, clause, language):
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


def is_passive(clause: Clause, verb: ClauseVerb) -> bool:
    """ "sind stationiert", "wurden verlegt": the subject is who is moved."""
    return verb.reading.form is VerbForm.PARTICIPLE and any(
        v.reading.verb.copula or v.reading.verb.passive for v in clause.verbs if v is not verb
    )


def _is_plural(document: Document, clause: Clause, language: Language) -> bool:
    endings = language.orthography.plural_endings
    finite = [v.index for v in clause.verbs if v.reading.form in FINITE]
    return not endings or not finite or any(document.tokens[k].lower.endswith(endings) for k in finite)


def _elided(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "tausend weitere", "the first 500": a number whose noun was told before, at most two sentences ago."""
    near = document.sentences[max(0, sentence.index - ELIDED_REACH) : sentence.index + 1]
    people = (m for s in near for m in s.mentions if m.kind is MentionKind.FORCE)
    if all(m.features & {"weak", "vehicle", "vessel", "aircraft"} for m in people):
        return None
    for mention in mentions_in(sentence, clause, MentionKind.QUANTITY):
        if mention.vague or "year" in mention.features or (mention.count_min or mention.count_max or 0) < MIN_ELIDED:
            continue
        if any(m.kind is MentionKind.FORCE and m.first <= mention.first < m.last for m in sentence.mentions):
            continue
        after = document.tokens[mention.last] if mention.last < sentence.last else None
        before = document.tokens[mention.first - 1] if mention.first > sentence.first else None
        if after is not None and (
            (after.form[0].isalnum() and not _ends_phrase(after)) or after.form in ("%", "/", ":", "-", "–")
        ):
            continue
        if before is not None and (before.form[0].isupper() and not before.terms and not before.verbs):
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
            features=frozenset({"people", "elided", "definite"}),
            because=("elided",),
        )
    return None


def _ends_phrase(token: Token) -> bool:
    """Whether the word can follow a number without being what is counted."""
    if token.term(TermKind.NOT_PEOPLE) is not None or token.form[0].isupper():
        return False
    if any(m.term.kind in (TermKind.PLACE_NOUN, TermKind.EVENT, TermKind.ROLE_NOUN) for m in token.terms):
        return False
    return bool(token.verbs) or any(
        m.term.kind in (TermKind.RELATOR, TermKind.ANAPHOR, TermKind.DETERMINER, TermKind.COORDINATOR, TermKind.TIME)
        for m in token.terms
    )


def _shared_subject(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "… hat A verlassen und kämpft in B": the second verb has the first one's subject."""
    if document.tokens[clause.first].term(TermKind.COORDINATOR) is None:
        return None
    before = sentence.clauses[clause.index - 1]
    told = [f.force for f in document.frames if f.clause is before and f.force is not None]
    if told:
        return told[0]
    forces = forces_in(document, sentence, before)
    return forces[0] if forces else None


def _need_object(frame: Frame) -> None:
    """Where the subject comes first, a state's name alone is no force, and what is seized must be a place."""
    if frame.force is None and not (frame.frame is FrameClass.TAKE and _is_known_place(frame)):
        frame.sender = None
    elif frame.force is not None and frame.frame is FrameClass.TAKE and not frame.has_object:
        frame.force = frame.sender = None


def _is_known_place(frame: Frame) -> bool:
    """ "Russia captured Toretsk", "pulled out of Uvira": a named town or region makes the state's name its army's."""
    best = frame.places[0] if frame.places else None
    return best is not None and best.name is not None and best.key is not None and not best.key.startswith("x:")


def _led_by(sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "a meeting with NATO troops stationed in Estonia": the force right before a participle, where the subject comes
    first."""
    if frame.verb is None or frame.verb.reading.form is not VerbForm.PARTICIPLE:
        return None
    if language.orthography.inverted_subject:
        return None
    return next((m for m in sentence.mentions if m.kind is MentionKind.FORCE and m.last == frame.head), None)


def _by_word_order(document: Document, forces: list[Mention], frame: Frame) -> list[Mention]:
    """Where the subject comes first: who moves stands before its verb, and behind the verb that rules it ("wants the
    militia to go"); what somebody has stands right behind it."""
    tokens = document.tokens
    if frame.frame is FrameClass.HAVE:
        return [
            force
            for force in forces
            if 0 <= force.first - frame.head - 1 <= 3
            and not any(tokens[k].verbs for k in range(frame.head + 1, force.first))
        ]
    if frame.frame is FrameClass.SEND:
        return [force for force in forces if not _only_sends(document, force, frame)]
    if frame.frame not in _SUBJECT_MOVES:
        return forces
    before = [force for force in forces if force.first < frame.head]
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
    """Of several, the counted one; else the first, else a weak one."""
    people = [force for force in forces if "vehicle" not in force.features]
    if frame.frame in (FrameClass.FIGHT, FrameClass.TAKE):
        plain = [force for force in people if "weak" not in force.features]
        return (plain or people or [None])[0]
    for test in (
        lambda force: force.counted and "demonym" not in force.features,
        lambda force: "weak" not in force.features and "institution" not in force.features,
        lambda force: force.counted,
        lambda force: "weak" not in force.features,
        lambda force: True,
    ):
        found = next((force for force in people if test(force)), None)
        if found is not None:
            return found
    return None


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


def _sender(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """The state, alliance or group that stands as a plain noun phrase in the clause: who sends, has or withdraws.
    Where the subject comes first, a name behind the verb is its object, unless "by" leads it."""
    blocked = [m for m in sentence.mentions if m.kind is MentionKind.PLACE]
    if frame.force is not None:
        blocked.append(frame.force)
    subject_first = not language.orthography.inverted_subject
    mentions = mentions_in(sentence, frame.clause, MentionKind.SPEAKER)
    raised = _raised_subject(document, frame, mentions)
    for mention in [raised] if raised is not None else mentions:
        if mention.code in (None, "MEDIA") or any(b.first <= mention.first < b.last for b in blocked):
            continue
        if subject_first and mention.first > frame.head and not _is_agent(document, sentence, mention):
            continue
        if _owns_noun(document, sentence, mention, language):
            continue
        if mention.last < sentence.last and document.tokens[mention.last].has(TermKind.ATTRIBUTION, "after"):
            continue
        if after_relator(
            document, sentence, mention, frozenset({"at", "goal", "origin", "of", "near", "with", "for", "against"})
        ):
            continue
        if any(
            m.term.kind is TermKind.ATTRIBUTION and m.last == mention.first
            for k in range(max(sentence.first, mention.first - 3), mention.first)
            for m in document.tokens[k].terms
        ):
            continue
        return mention
    return None


def _nameless_sender(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "The army has moved 300 soldiers": a state's body whose country the phrase leaves out stands before the verb."""
    return any(
        m.code is None
        and "state" in m.features
        and m.last <= frame.head
        and not after_relator(document, sentence, m, frozenset({"at", "goal", "origin", "of", "near", "with", "for"}))
        for m in mentions_in(sentence, frame.clause, MentionKind.SPEAKER)
    )


def _pronoun_sender(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "Norway said it had sent …", "… as he sent": whom a pronoun before the verb means within the sentence; a person
    rather than a body, the first rather than a later one."""
    pronoun = next(
        (k for k in frame.clause.tokens() if k < frame.head and document.tokens[k].has(TermKind.ANAPHOR, "subject")),
        None,
    )
    if pronoun is None:
        return None
    voices = [
        m
        for m in sentence.mentions
        if m.kind is MentionKind.SPEAKER
        and m.code is not None
        and m.last <= pronoun
        and not after_relator(document, sentence, m, frozenset({"at", "goal", "origin", "of", "near", "with", "for"}))
    ]
    persons = [m for m in voices if "person" in m.features]
    return next(iter(persons or voices), None)


def _raised_subject(document: Document, frame: Frame, mentions: list[Mention]) -> Mention | None:
    """ "expects Cuba to send": the name between the ruling verb and the infinitive is who sends."""
    if frame.verb is None or frame.verb.reading.form is not VerbForm.INFINITIVE:
        return None
    rulers = [v.index for v in frame.clause.verbs if v.index < frame.head and v.reading.form in FINITE]
    if not rulers or not any(v.reading.verb.says for v in frame.clause.verbs if v.index == rulers[-1]):
        return None
    between = [m for m in mentions if rulers[-1] < m.first and m.last <= frame.head and m.code is not None]
    return between[0] if between and between[0].first == rulers[-1] + 1 else None


def _owns_noun(document: Document, sentence: Sentence, mention: Mention, language: Language) -> bool:
    """ "Russlands Partner": the country only tells whose the noun after it is."""
    if "voice" not in mention.features or mention.last >= sentence.last:
        return False
    after = document.tokens[mention.last]
    endings = language.orthography.genitive_endings
    genitive = bool(endings) and document.tokens[mention.last - 1].lower.endswith(endings)
    before = document.tokens[mention.first - 1] if mention.first > sentence.first else None
    if genitive and before is not None and before.form[0].isupper() and not before.terms:
        return True  # "im Landesinneren Syriens"
    return genitive and after.form[0].isupper() and not after.terms and not after.verbs


def _is_agent(document: Document, sentence: Sentence, mention: Mention) -> bool:
    for index in range(mention.first - 1, max(sentence.first, mention.first - 3) - 1, -1):
        token = document.tokens[index]
        relator = token.term(TermKind.RELATOR)
        if relator is not None:
            return "by" in relator.term.roles
        if token.term(TermKind.DETERMINER) is None:
            return False
    return False


def _who_sends(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """An infinitive's subject stands in the clause above; else the clause's own, last another force: "die Brigade der
    US-Armee verlegt 500 Soldaten"."""
    if frame.clause.kind == "infinitive":
        return _controller(document, sentence, frame) or _sender(document, sentence, frame, language)
    sender = _sender(document, sentence, frame, language)
    if sender is not None or frame.force is None:
        return sender
    for other in forces_in(document, sentence, frame.clause):
        if other.code is not None and other is not frame.force and other.last <= frame.force.first:
            return other
    return None


def _controller(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """The unspoken subject of an infinitive: who plans it is the subject of the verb above, who is accused its object."""
    parent = frame.clause.parent
    if frame.clause.kind != "infinitive" or parent is None:
        return None
    plain = [
        m
        for m in mentions_in(sentence, parent, MentionKind.SPEAKER)
        if m.code is not None
        and not after_relator(document, sentence, m, frozenset({"at", "goal", "origin", "of", "near", "with", "for"}))
    ]
    accuses = any(verb.reading.verb.statement is StatementType.ACCUSE for verb in parent.verbs)
    if not plain:
        return None
    return plain[-1] if accuses else plain[0]


def _places(document: Document, sentence: Sentence, clause: Clause, frame: Frame, language: Language) -> list[Mention]:
    order = _ROLE_ORDER["goal" if frame.frame in _GOAL_FIRST else "origin" if frame.frame in _ORIGIN_FIRST else "at"]
    if frame.frame is FrameClass.DEPART:
        order = ("goal",)
    if frame.stage is Stage.WITHDRAWN:
        order = _ROLE_ORDER["origin"]
    candidates = [
        m
        for m in mentions_in(sentence, clause, MentionKind.PLACE)
        if m.role in order and not belongs_to_speaker(sentence, m)
    ]
    if frame.frame in _GOAL_FIRST and language.orthography.capitalised_nouns:
        candidates = [m for m in candidates if "guess" not in m.features or not _hangs_on_noun(document, m)]
    if frame.force is not None and "from" not in frame.force.features:
        candidates = [m for m in candidates if not (frame.force.first <= m.first < frame.force.last)]
    if frame.force is not None and "from" in frame.force.features and frame.stage is not Stage.WITHDRAWN:
        candidates = [m for m in candidates if not (m.role == "origin" and m.first <= frame.force.last)]
    return sorted(
        candidates, key=lambda m: (_specificity(m) == 0, order.index(m.role or ""), -_specificity(m), m.first)
    )


def _hangs_on_noun(document: Document, place: Mention) -> bool:
    """ "Partner in Fernost": the phrase belongs to the noun before it."""
    before = document.tokens[place.first - 1] if place.first > 0 else None
    return before is not None and before.form[0].isupper() and not before.terms


def belongs_to_speaker(sentence: Sentence, place: Mention) -> bool:
    """ "ein Militärsprecher in Port Sudan": where he sits is not where the forces are."""
    return any(
        m.kind is MentionKind.SPEAKER and "voice" not in m.features and m.first < place.first < m.last
        for m in sentence.mentions
    )


def _specificity(place: Mention) -> int:
    return 2 * (place.name is not None) + (place.country is not None)


def bare_places(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    verb_at: int,
    fights: bool,
    language: Language,
    gazetteer: Gazetteer,
) -> list[Mention]:
    """Places that stand as object, without a relator: "verlassen die Provinz X", "seize the town of Y". A country before
    the verb is its subject."""
    taken = [m for m in sentence.mentions if m.kind in (MentionKind.PLACE, MentionKind.FORCE)]
    found: list[Mention] = []
    for index in clause.tokens():
        token = document.tokens[index]
        if token.inside or any(m.first <= index < m.last for m in (*taken, *found)):
            continue
        named = any(m.term.kind in (TermKind.PLACE, TermKind.PLACE_NOUN, TermKind.NATION) for m in token.terms)
        named = named or token.has(TermKind.ANAPHOR, "country", "neighbour")
        if not named and not (index == verb_at + 1 and _is_unlisted_name(token, language)):
            continue
        if _is_led(document, sentence, index):
            continue
        slot = read_slot(document, sentence, index, None, index, language, gazetteer)
        if slot is None:
            continue
        nouns = slot.features & {"noun:site", "noun:town", "noun:region"}
        unnamed = bool(nouns) and not language.orthography.capitalised_nouns and 0 < slot.first - verb_at <= NEAR_OBJECT
        if slot.name is not None or "noun:capital" in slot.features or slot.country is not None or unnamed:
            found.append(slot)
    if fights:
        found = [m for m in found if m.first - verb_at <= NEAR_OBJECT]
    named = [m for m in found if m.name is not None]
    if language.orthography.inverted_subject:
        subject = next((m.code for m in sentence.mentions if m.kind is MentionKind.FORCE and m.head in clause), None)
        return named or [m for m in found if m.features or (m.country is not None and subject not in (None, m.country))]
    return named or [m for m in found if m.features or m.first > verb_at]


def _place_noun_behind(document: Document, sentence: Sentence, verb_at: int) -> bool:
    """ "recaptured the palace": a place without a name as the verb's object."""
    for token in document.tokens[verb_at + 1 : min(sentence.last, verb_at + 5)]:
        if token.term(TermKind.PLACE_NOUN) is not None:
            return True
        relator = token.term(TermKind.RELATOR)
        if not token.form[0].isalnum() or (relator is not None and "of" not in relator.term.roles):
            return False
    return False


def _is_led(document: Document, sentence: Sentence, index: int) -> bool:
    """Whether a relator leads the noun phrase at `index`: "Seite an Seite mit Belarus"."""
    for k in range(index - 1, max(sentence.first, index - 3) - 1, -1):
        token = document.tokens[k]
        relator = token.term(TermKind.RELATOR)
        if relator is not None:
            return "of" not in relator.term.roles
        if token.term(TermKind.DETERMINER) is None:
            return False
    return False


def _is_unlisted_name(token: Token, language: Language) -> bool:
    """ "have stormed Nyala": only where a capital letter means a name."""
    return not language.orthography.capitalised_nouns and token.form[0].isupper() and not token.terms


def _for_each_force(document: Document, sentence: Sentence, base: Frame) -> list[Frame]:
    """ "1000 Minenräumer und 5000 Bausoldaten", "Rwandan and Ugandan soldiers": one report each."""
    if base.force is None:
        return [base]
    others: list[Mention] = []
    if base.force.counted:
        others.extend(
            m
            for m in mentions_in(sentence, base.clause, MentionKind.FORCE)
            if m is not base.force
            and m.counted
            and not m.features & {"weak", "part"}
            and not _is_part(document, sentence, m)
        )
    frames = [base, *frames_beside(document, sentence, base)]
    frames.extend(
        replace(base, force=force, places=list(base.places), because=[*base.because, "coordinated"]) for force in others
    )
    return frames


def _event_frames(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Frame]:
    frames = []
    for index in clause.tokens():
        match = document.tokens[index].term(TermKind.EVENT)
        if match is None or match.term.event is None:
            continue
        event = match.term.event
        frame = Frame(
            sentence.index, clause, index, event.frame, event.stage, nominal=True, weak=True, because=[match.term.rule]
        )
        forces = [m for m in mentions_in(sentence, clause, MentionKind.FORCE) if m.first >= index - 4]
        frame.force = next((m for m in forces if 0 <= m.first - match.last <= 5), None)
        if frame.force is None and not event.holds_force:
            before = [m for m in forces_in(document, sentence, clause) if m.last <= index]
            frame.force = before[-1] if before else None
        if frame.force is None and not event.holds_force and event.needs_force:
            continue
        frame.sender = _event_owner(document, sentence, index, match.last) or _sender(
            document, sentence, frame, language
        )
        frame.places = _places(document, sentence, clause, frame, language)
        frames.append(frame)
    return frames


def _event_owner(document: Document, sentence: Sentence, index: int, last: int) -> Mention | None:
    """ "der russische Einmarsch", "the U.S. withdrawal", "Aufmarsch Russlands"."""
    tokens = document.tokens
    for k in range(max(sentence.first, index - 3), index):
        for match in tokens[k].terms:
            if match.term.kind in (TermKind.NATION, TermKind.ORGANISATION) and match.term.entry is not None:
                return Mention(MentionKind.SPEAKER, k, match.last, k, code=match.term.entry.code)
    return None


def _verbless_frames(document: Document, sentence: Sentence, clause: Clause, known: list[Frame]) -> list[Frame]:
    """Headlines without a verb: "Erste Nordkoreaner in Kursk", "3,000 troops for Poland"."""
    if known or clause.kind != "main" or any(v.reading.form is not VerbForm.PARTICIPLE for v in clause.verbs):
        return []
    frames = []
    for force in forces_in(document, sentence, clause):
        if "institution" in force.features:
            continue
        places = [
            m
            for m in mentions_in(sentence, clause, MentionKind.PLACE)
            if m.role in ("at", "goal", "near") and 0 <= m.first - force.last <= 2
        ]
        if not places:
            continue
        goal = places[0].role == "goal"
        frames.append(
            Frame(
                sentence.index,
                clause,
                force.head,
                FrameClass.SEND if goal else FrameClass.BE,
                Stage.PLANNED if goal else Stage.DEPLOYED,
                force=force,
                places=places,
                nominal=True,
                because=["verbless"],
            )
        )
    return frames


def _denied_presence(document: Document, sentence: Sentence, clause: Clause) -> list[Frame]:
    """ "dismisses talk of its troops in Mali": what is denied is a force and, right behind it, a place."""
    places = [m for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.role in ("at", "near")]
    for force in mentions_in(sentence, clause, MentionKind.FORCE):
        near = [place for place in places if 0 <= place.first - force.last <= 1]
        if near and "institution" not in force.features:
            frame = Frame(sentence.index, clause, force.head, FrameClass.BE, Stage.DEPLOYED, force=force, places=near)
            frame.weak = True
            frame.because.append("denied presence")
            return [frame]
    return []


def _unknown_verb_frames(document: Document, sentence: Sentence, clause: Clause, language: Language) -> list[Frame]:
    """A verb in no list: a plain force and a goal make a movement; a number of people at a place a presence, where a
    presence needs a verb of its own."""
    if any(v.reading.verb.says and v.reading.verb.statement is None for v in clause.verbs):
        return _reported_presence(document, sentence, clause)
    if any(v.reading.verb.statement or v.reading.verb.effect for v in clause.verbs):
        return []
    forces = [f for f in forces_in(document, sentence, clause) if not f.features & {"weak", "institution", "vehicle"}]
    places = [m for m in mentions_in(sentence, clause, MentionKind.PLACE) if m.role in ("goal", "at") and _is_named(m)]
    goals = [m for m in places if m.role == "goal"]
    present = places and forces and forces[0].counted and language.orthography.inverted_subject
    if not forces or not (goals or present):
        return []
    return [
        Frame(
            sentence.index,
            clause,
            forces[0].head,
            FrameClass.GO if goals else FrameClass.BE,
            Stage.DEPLOYED,
            force=forces[0],
            places=goals or places,
            weak=True,
            because=["unknown verb", "goal" if goals else "number at a place"],
        )
    ]


def _reported_presence(document: Document, sentence: Sentence, clause: Clause) -> list[Frame]:
    """ "Peru meldet 300 chilenische Soldaten an der Grenze": a number of forces at a place, as object of the saying."""
    saying = next(v.index for v in clause.verbs if v.reading.verb.says)
    for force in forces_in(document, sentence, clause):
        places = [
            m
            for m in mentions_in(sentence, clause, MentionKind.PLACE)
            if m.role in ("at", "near", "goal") and 0 <= m.first - force.last <= 1
        ]
        if force.first > saying and force.counted and places:
            return [
                Frame(
                    sentence.index,
                    clause,
                    force.head,
                    FrameClass.BE,
                    Stage.DEPLOYED,
                    force=force,
                    places=places,
                    weak=True,
                    because=["number reported at a place"],
                )
            ]
    return []


def _is_named(place: Mention) -> bool:
    return (place.name is not None or place.country is not None) and "guess" not in place.features


def verb_form(verb: ClauseVerb | None) -> VerbForm | None:
    return verb.reading.form if verb is not None else None
