"""Part of step 6: a force that is only pointed at: "sie", "them", "the rest", the army that speaks of itself."""

from dataclasses import replace
from itertools import takewhile

from services.extractor.document import Clause, Document, Frame, Mention, MentionKind, Sentence
from services.extractor.lexicon import Language
from services.extractor.steps.clause_phrases import after_relator, forces_in, in_saying_clause, is_passive, mentions_in
from services.extractor.steps.force_counts import AFTER_NUMBER
from services.extractor.steps.frame_senders import plain_sender
from services.extractor.steps.gerund_subjects import antecedent
from services.extractor.vocabulary import FINITE, SUBJECT_MOVES, FrameClass, TermKind, VerbForm

_GO_AWAY = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE})
_NO_SPEAKER = frozenset({"at", "goal", "origin", "with", "against", "of"})


def shared_subject(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "… hat A verlassen und kämpft in B": the second verb has the first one's subject, if it has none of its own and
    is not said of another object ("and has offered 20 million euros")."""
    clause = frame.clause
    if document.tokens[clause.first].term(TermKind.COORDINATOR) is None or _has_object(document, frame, language):
        return None
    if _has_subject(document, frame):
        return None
    if frame.frame is FrameClass.BE and plain_sender(document, sentence, frame, language) is not None:
        return None
    before = sentence.clauses[clause.index - 1]
    here = takewhile(lambda told: told.sentence == sentence.index, reversed(document.frames))
    told = [other.force for other in here if other.clause is before and other.force is not None]
    told = [force for force in told if "vehicle" not in force.features]  # "boarded a plane and flew home"
    if told:
        return told[-1]
    forces = forces_in(document, sentence, before)
    if not forces and before.kind == "relative":
        return antecedent(document, sentence, before)  # "Germans, who handed over the field and went home"
    return forces[0] if forces else None


def _has_subject(document: Document, frame: Frame) -> bool:
    """ "… were killed, and a train was set ablaze": an article, an owner or "that" right behind "and"."""
    opening = document.tokens[frame.clause.first + 1] if frame.clause.first + 1 < frame.head else None
    return opening is not None and (
        opening.term(TermKind.DETERMINER) is not None
        or opening.term(TermKind.SUBORDINATOR) is not None
        or opening.has(TermKind.ANAPHOR, "owner")
    )


def _has_object(document: Document, frame: Frame, language: Language) -> bool:
    """ "offered 20 million euros": a figure right behind an active verb."""
    clause = frame.clause
    if frame.verb is None or language.orthography.verb_final or is_passive(clause, frame.verb):
        return False
    after = document.tokens[frame.head + 1] if frame.head + 1 < clause.last else None
    figure = after is not None and after.is_figure
    sends = frame.frame in (FrameClass.SEND, FrameClass.HAVE)
    return figure and sends


def who_tells_of_himself(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "The army said it had entered X", "Die M23 teilte mit, sie sei …": the force that speaks is the pronoun; "The
    army denies having entered X"."""
    if frame.frame not in SUBJECT_MOVES or frame.clause.index == 0:
        return None
    subject = (k for k in frame.clause.tokens() if document.tokens[k].has(TermKind.ANAPHOR, "subject"))
    gerund = any(v.index == frame.clause.first and v.reading.form is VerbForm.GERUND for v in frame.clause.verbs)
    if next(subject, frame.head) >= frame.head and not gerund:
        return None
    for mention in sentence.mentions:
        if mention.last > frame.clause.first or mention.code is None or not in_saying_clause(sentence, mention.head):
            continue
        if after_relator(document, sentence, mention, _NO_SPEAKER):
            continue
        if mention.kind is MentionKind.FORCE and mention.features & {"institution", "group", "unit"}:
            return mention
    return None


def pronoun_force(document: Document, clause: Clause, frame: Frame, language: Language) -> Mention | None:
    """ "sie", "they" as the subject of a verb whose subject moves; discourse says whom it means."""
    passive = frame.verb is not None and is_passive(clause, frame.verb)
    behind = document.tokens[frame.head + 1].term(TermKind.RELATOR) if frame.head + 1 < clause.last else None
    if frame.frame is FrameClass.SEND and behind is not None and not language.orthography.inverted_subject:
        passive = True  # "They landed in X": as good as "were landed"
    if frame.frame is FrameClass.HAVE or (frame.frame in (FrameClass.SEE, FrameClass.SEND) and not passive):
        return None
    for index in document.sentences[frame.sentence].where(TermKind.FORCE, TermKind.ANAPHOR):
        token = document.tokens[index]
        if index not in clause:
            continue
        noun = token.term(TermKind.FORCE)
        if noun is not None and not noun.term.role:
            return None
        following = document.tokens[index + 1] if index + 1 < clause.last else None
        if _are_some_of_them(document, frame, index):
            part = frozenset({"part", "definite"})
            return Mention(MentionKind.FORCE, index, index + 1, index, features=part, because=("share told of",))
        if token.has(TermKind.ANAPHOR, "demonstrative") and following is not None and following.form[0].isupper():
            continue  # "diese Woche"
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


def _are_some_of_them(document: Document, frame: Frame, index: int) -> bool:
    """ "Kenya has 400 soldiers in X. Half will leave in June", "Die anderen sind heimgekehrt": the subject that opens
    the next sentence, right before a verb of going away."""
    rest = document.tokens[index].term(TermKind.ANAPHOR)
    sentence = document.sentences[frame.sentence]
    if rest is None or not document.tokens[index].has(TermKind.ANAPHOR, "rest") or index != sentence.first:
        return False
    told = document.sentences[max(0, sentence.index - 1)].of_kind(MentionKind.FORCE)
    told_of = frame.frame in _GO_AWAY and any("weak" not in m.features and m.counted for m in told)
    return told_of and rest.last < frame.clause.last and bool(document.tokens[rest.last].verbs)


def _can_mean_force(document: Document, frame: Frame, index: int, language: Language) -> bool:
    """Where the subject comes first, "they" goes on with the subject: at a sentence's head with the forces of the
    sentence before, else with a force told of before it in its own."""
    if language.orthography.inverted_subject:
        return True
    here = document.sentences[frame.sentence]
    opens = frame.clause.index == 0 and not any(token.verbs for token in document.tokens[here.first : index])
    goes_on = document.tokens[frame.clause.first - 1].form == ":"  # "are not going home: they will be sent …"
    if not opens and not goes_on and frame.clause.subordinator is None:
        return False  # "saying they would …"
    before = document.sentences[max(0, here.index - 1)] if opens else here
    told = before.of_kind(MentionKind.FORCE)
    forces = [m for m in told if "weak" not in m.features or (m.counted and "demonym" in m.features)]
    return any(opens or (m.last <= index and (goes_on or m.counted or m.code is not None)) for m in forces)


def pronoun_object(document: Document, sentence: Sentence, frame: Frame, language: Language) -> Mention | None:
    """ "pulled them out", "will die Regierung sie abziehen": the forces told of last, if no other people were. The
    pronoun stands right behind the verb, and no object of its own follows; or, where the verb comes last, behind its
    subject."""
    if language.orthography.verb_final:
        index = _behind_subject(document, sentence, frame)
    else:
        index = _behind_verb(document, sentence, frame)
    if index is None:
        return None
    near = document.sentences[max(0, sentence.index - 1) : sentence.index + 1]
    told = [m for s in near for m in s.mentions if m.kind is MentionKind.FORCE and m.last <= index]
    if not told or "weak" in told[-1].features:
        return None
    features = frozenset({"pronoun", "definite"})
    return replace(told[-1], first=index, last=index + 1, head=index, features=features, because=("pronoun",))


def _behind_verb(document: Document, sentence: Sentence, frame: Frame) -> int | None:
    index = frame.head + 1
    if index >= sentence.last or not document.tokens[index].has(TermKind.ANAPHOR, "object"):
        return None
    after = document.tokens[index + 1] if index + 1 < sentence.last else None
    ends = after is None or not after.form[0].isalnum() or any(m.term.kind in AFTER_NUMBER for m in after.terms)
    particle = frame.verb is not None and frame.verb.particle_at == index + 1
    return index if ends or particle else None


def _behind_subject(document: Document, sentence: Sentence, frame: Frame) -> int | None:
    if frame.verb is None or is_passive(frame.clause, frame.verb):
        return None
    subjects = [m for m in mentions_in(sentence, frame.clause, MentionKind.SPEAKER) if m.first < frame.head]
    objects = (k for k in frame.clause.tokens() if document.tokens[k].has(TermKind.ANAPHOR, "object"))
    return next((k for k in objects if k < frame.head and any(m.last <= k for m in subjects)), None)


def _is_plural(document: Document, clause: Clause, language: Language) -> bool:
    endings = language.orthography.plural_endings
    finite = [v.index for v in clause.verbs if v.reading.form in FINITE]
    return not endings or not finite or any(document.tokens[k].lower.endswith(endings) for k in finite)
