"""Part of step 6: how the phrases beside a verb change what it says of the force: "left for X", "left 300 men in X"."""

from dataclasses import replace

from services.extractor.document import Document, Frame, Mention, MentionKind, Sentence
from services.extractor.steps.clause_phrases import after_relator, is_agent, is_passive, mentions_in
from services.extractor.vocabulary import FINITE, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage

BOUND_WITHIN = 4
"""Words from a verb to the relator that names what its subject sets out for, or is leaving."""

_SETS_OUT = frozenset({FrameClass.GO, FrameClass.DEPART, FrameClass.LEAVE})


def turn_frame(document: Document, sentence: Sentence, frame: Frame) -> None:
    """Where the subject stands before its verb and the object behind it, both tell what the verb means."""
    driven = _place_of_driven(sentence, frame)
    if driven is not None:
        frame.frame, frame.stage, driven.role = FrameClass.FIGHT, Stage.ENGAGED, "at"
        return
    taker = _taken_by(document, sentence, frame)
    if taker is not None:
        frame.frame, frame.stage, frame.force, frame.has_object = FrameClass.TAKE, Stage.ENGAGED, taker, True
    elif _takes_it(document, sentence, frame):
        frame.frame, frame.stage = FrameClass.TAKE, Stage.ENGAGED
    elif _moves_it(document, frame):
        frame.frame = FrameClass.SEND
    elif _leaves_behind(document, frame):
        frame.frame, frame.stage = FrameClass.HAVE, Stage.DEPLOYED
    elif _leaves_in_a_state(frame):
        frame.force = None
    left = _place_left(document, sentence, frame)
    if left is not None:
        frame.frame, frame.stage = FrameClass.WITHDRAW, Stage.WITHDRAWN
    bound = _bound_for(document, sentence, frame)
    if bound is not None:
        bound.role = "goal"
        if frame.frame is FrameClass.LEAVE:
            frame.frame, frame.stage = FrameClass.GO, Stage.DEPLOYED


def relief_frames(document: Document, sentence: Sentence, base: Frame) -> list[Frame] | None:
    """ "Danish troops relieve the Norwegian battalion", "is replaced by 300 Danes": who comes, and who leaves if he is
    counted or the subject; what is only named beside them is told of in passing."""
    if base.verb is None or not base.verb.reading.verb.relieves or base.force is None:
        return None
    told_of = mentions_in(sentence, base.clause, MentionKind.FORCE)
    forces = [m for m in told_of if m.code or m.country]
    before = (document.tokens[k] for k in base.clause.tokens() if k < base.head)
    if not forces and base.force.first > base.head and any(t.has(TermKind.ANAPHOR, "subject") for t in before):
        base.force = None  # "Sie löst 200 Heimwehrleute ab": nobody's, and gone
        return None
    coming = next((m for m in forces if _takes_over(document, sentence, m)), None)
    passive = is_passive(base.clause, base.verb)
    told = base.verb.reading.form is VerbForm.GERUND and base.force.first > base.head
    pointed = any(m.last <= base.head for m in told_of if m not in forces)  # "the unit replaces 90 Danes"
    if coming is None and not (passive or told or pointed):  # "arrived, replacing 90 men": who comes was told before
        coming = min((*forces, base.force), key=lambda force: force.first)
    left = next((m for m in forces if m is not coming and (m.counted or (passive and m.last <= base.head))), None)
    frames = [] if coming is None else [replace(base, force=coming, places=list(base.places))]
    if left is not None:
        gone = replace(base, force=left, sender=None, places=list(base.places), because=[*base.because, "counterpart"])
        gone.frame, gone.stage = FrameClass.WITHDRAW, Stage.WITHDRAWN
        frames.append(gone)
    return frames if frames or told else None


def _takes_over(document: Document, sentence: Sentence, force: Mention) -> bool:
    """ "is replaced by Danes", "replaces Danes with Swedes"."""
    return is_agent(document, sentence, force) or after_relator(document, sentence, force, frozenset({"with"}))


def _taken_by(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "Goma was taken by Rwandan troops": of a place they take it, of people they lead them somewhere."""
    clause, tokens = frame.clause, document.tokens
    if frame.frame is not FrameClass.SEND or frame.force is not None or frame.verb is None:
        return None
    takes = any(reading.verb.frame is FrameClass.TAKE for reading in tokens[frame.head].verbs)
    if not (takes and is_passive(clause, frame.verb) and tokens[clause.first].term(TermKind.PLACE) is not None):
        return None
    forces = mentions_in(sentence, clause, MentionKind.FORCE)
    return next((force for force in forces if is_agent(document, sentence, force)), None)


def _takes_it(document: Document, sentence: Sentence, frame: Frame) -> bool:
    """ "Rwandan troops took Kamanyola", "the M23 took Goma": whom a force sends, it does not name a place right behind
    the verb."""
    subject = frame.force or frame.sender
    if frame.frame is not FrameClass.SEND or subject is None or subject.last > frame.head or frame.verb is None:
        return False
    tokens = document.tokens
    behind = tokens[frame.head + 1] if frame.head + 1 < len(tokens) else None
    done = frame.verb.reading.form in (VerbForm.PAST, VerbForm.PARTICIPLE) and not is_passive(frame.clause, frame.verb)
    if not done or behind is None or behind.term(TermKind.TIME) is not None:
        return False
    if sentence.beginning(MentionKind.FORCE, behind.index) is not None:
        return False  # "airlifted SDF fighters"
    return behind.form[0].isupper() or behind.term(TermKind.PLACE) is not None  # "took al-Bab"


def _moves_it(document: Document, frame: Frame) -> bool:
    """ "Peru has moved two brigades to the border": a verb of going with an object tells who sends whom."""
    return frame.frame is FrameClass.GO and _has_force_as_object(document, frame)


def _leaves_behind(document: Document, frame: Frame) -> bool:
    """ "Russia has left 3,000 soldiers in X": they are still there; "left 3,000 soldiers dead" is another matter."""
    force = frame.force
    if frame.frame is not FrameClass.LEAVE or force is None or not _has_force_as_object(document, frame):
        return False
    return force.last < len(document.tokens) and document.tokens[force.last].leads("at", "near")


def _leaves_in_a_state(frame: Frame) -> bool:
    """ "The crash left 12 soldiers stranded": nobody goes."""
    force, verb = frame.force, frame.verb
    if frame.frame is not FrameClass.LEAVE or force is None or verb is None or "elided" in force.features:
        return False
    return force.first == frame.head + 1 and verb.reading.form in FINITE and not is_passive(frame.clause, verb)


def _place_left(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """ "flew out of X", "were out of X": the relator behind the verb says that it is left."""
    is_there = frame.verb is not None and frame.verb.reading.verb.copula
    if not is_there and frame.frame not in (FrameClass.GO, FrameClass.DEPART, FrameClass.SEND):
        return None
    for place in _places_behind(sentence, frame):
        if is_there and place.first != frame.head + 1:
            continue
        if document.tokens[place.first].leads("away"):
            return place
    return None


def _place_of_driven(sentence: Sentence, frame: Frame) -> Mention | None:
    """ "The SDF pushed ISIS out of X", "drove the rebels from X": where one side makes another leave."""
    force, verb = frame.force, frame.verb
    leaves = frame.frame in (FrameClass.GO, FrameClass.DEPART, FrameClass.WITHDRAW)
    if not leaves or force is None or verb is None or force.last > frame.head or is_passive(frame.clause, verb):
        return None
    forces = (m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if 0 < m.first - frame.head <= 2)
    others = [m.last for m in forces if m.code not in (None, force.code) or "group" in m.features]
    places = (m for m in mentions_in(sentence, frame.clause, MentionKind.PLACE) if m.role == "origin")
    return next((m for m in places if others and 0 <= m.first - others[0] <= 2), None)


def _places_behind(sentence: Sentence, frame: Frame) -> list[Mention]:
    """The places of the clause that begin close behind the verb, or behind its object."""
    objects = [m for m in mentions_in(sentence, frame.clause, MentionKind.FORCE) if 0 < m.first - frame.head <= 1]
    end = objects[0].last - 1 if objects else frame.head
    return [
        place
        for place in mentions_in(sentence, frame.clause, MentionKind.PLACE)
        if frame.head < place.first <= end + BOUND_WITHIN
    ]


def _has_force_as_object(document: Document, frame: Frame) -> bool:
    force, sender = frame.force, frame.sender
    return (
        force is not None
        and sender is not None
        and sender.last <= frame.head < force.first
        and all(token.term(TermKind.RELATOR) is None for token in document.tokens[frame.head + 1 : force.first])
    )


def _bound_for(document: Document, sentence: Sentence, frame: Frame) -> Mention | None:
    """The place that "for" names behind a verb of setting out, or behind a force that is promised."""
    if frame.frame is FrameClass.SEND and frame.stage is Stage.PLANNED and frame.force is not None:
        ends = (frame.force.last, frame.head + 1)  # "pledged 200 soldiers for X", "are earmarked for X"
        places = mentions_in(sentence, frame.clause, MentionKind.PLACE)
        return next((place for place in places if place.role == "for" and place.first in ends), None)
    if frame.frame not in _SETS_OUT:
        return None
    for place in _places_behind(sentence, frame):
        between = document.tokens[frame.head + 1 : place.first]
        plain = all(token.form[0].isalnum() and not token.verbs for token in between)
        direction = "compass" in place.features and place.first > frame.head + 1  # "left Gao for the south"
        if place.role == "for" and plain and not direction:
            return place
    return None
