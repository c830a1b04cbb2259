"""Part of step 9: what a frame may leave to the sentences before it: its destination, its place, that it is planned."""

from dataclasses import replace

from services.extractor.document import Document, Frame, MentionKind, Sentence
from services.extractor.steps.clause_phrases import after_relator, mentions_in
from services.extractor.steps.discourse import LAST_TOLD, NEAR, OTHER_CLAUSE, Discourse, Where
from services.extractor.vocabulary import Effect, FrameClass, TermKind, VerbForm
from shared.events.statements import Stage, StatementType

_COUNTED = frozenset(
    {
        FrameClass.BE,
        FrameClass.HAVE,
        FrameClass.GO,
        FrameClass.DEPART,
        FrameClass.SEND,
        FrameClass.GROW,
        FrameClass.SHRINK,
    }
)
LEAVES = "those who were there"
_GOES_AWAY = frozenset({FrameClass.WITHDRAW, FrameClass.LEAVE})
_ASKED_FOR = frozenset({"for", "at"})
"""What leads the object of a request: "for troops", "um Truppen"."""
_MOVES = frozenset(
    {FrameClass.FIGHT, FrameClass.TAKE, FrameClass.GO, FrameClass.ENTER, FrameClass.LEAVE, FrameClass.WITHDRAW}
)


def is_told_before(frame: Frame, where: Where) -> bool:
    """Whether a weak frame may leave its destination to the sentences before."""
    force = frame.force
    if force is None or (frame.frame is FrameClass.WITHDRAW and "definite" in force.features):
        return True  # "Burundi has left", "the mission ends in June"
    plain = "weak" not in force.features
    if frame.has_object and force.code is not None and 0 <= frame.sentence - where.sentence <= NEAR:
        return True  # "M23 rebels hold the town"
    if not (plain or force.counted or _sided_unit_leaves(frame)):
        copula = frame.verb is not None and frame.verb.reading.verb.copula
        return (not copula or Effect.DENY in frame.clause.effects) and _names_its_side(frame, where)
    return (
        _is_announced(frame)
        or _leaves_what_was_told(frame)
        or (force.counted and frame.frame in _COUNTED)
        or (plain and _is_near(frame, where))
        or _names_its_side(frame, where)
    )


def _is_announced(frame: Frame) -> bool:
    """A planned or begun movement."""
    begun = bool(frame.clause.effects & {Effect.PLAN, Effect.BEGIN}) or frame.stage is Stage.PLANNED
    return begun and frame.frame in (FrameClass.SEND, FrameClass.WITHDRAW)


def _leaves_what_was_told(frame: Frame) -> bool:
    """ "The battalion will be withdrawn", "Mali's contingent went home", "400 soldiers left in May": from where forces
    were told to be."""
    force = frame.force
    if force is None or frame.frame not in _GOES_AWAY:
        return False
    return _sided_unit_leaves(frame) or force.counted or bool(force.features & {"pronoun", "definite", "possessive"})


def _sided_unit_leaves(frame: Frame) -> bool:
    force = frame.force
    return frame.frame in _GOES_AWAY and force is not None and "unit" in force.features and force.code is not None


def _is_near(frame: Frame, where: Where) -> bool:
    """Forces that move, in the sentence behind their destination."""
    return frame.frame in _MOVES and where.sentence >= frame.sentence - 1


def _names_its_side(frame: Frame, where: Where) -> bool:
    """ "Russian instructors arrived in April": a force with its country, soon after its destination was told."""
    return (
        frame.force is not None
        and frame.force.code is not None
        and not frame.nominal
        and frame.frame in (FrameClass.BE, FrameClass.GO, FrameClass.SEND)
        and 0 <= frame.sentence - where.sentence <= NEAR
    )


def shares_plan(frame: Frame, actor: str, where: Where, discourse: Discourse) -> bool:
    """ "Gabon and Angola are sending soldiers to X. Gabon contributes 300", "ECOWAS will send 1,200. Nigeria provides
    500": in the present, part of what is planned."""
    verb = frame.verb.reading if frame.verb is not None else None
    if verb is None or verb.form is not VerbForm.PRESENT or frame.frame is not FrameClass.SEND:
        return False
    return any(
        claim.stage is Stage.PLANNED
        and claim.destination == where.country
        and (claim.actor == actor or discourse.is_body(claim.actor))
        and frame.sentence - claim.sentence <= NEAR
        for claim in discourse.claims
    )


def is_their_task(frame: Frame, actor: str, where: Where, discourse: Discourse, before: Stage) -> bool:
    """ "… has sent soldiers to X. They are to guard the airport there": no second deployment; "the 300 soldiers will …"
    tells how many they are. `before`: what was told of them, "… will Soldaten schicken. Sie sollen in X stehen"."""
    force = frame.force
    pointing = force is not None and force.features & {"pronoun", "definite"} and "elided" not in force.features
    last = discourse.last_claim
    return (
        last is not None
        and bool(pointing)
        and frame.frame is FrameClass.BE
        and last.stage is before
        and (last.actor, last.destination) == (actor, where.country)
        and frame.sentence - last.sentence <= NEAR
    )


def who_leaves(frame: Frame, actor: str, where: Where, discourse: Discourse) -> Frame:
    """ "300 soldiers were in X; they have been flown out": as many as were there; "ordered 300 soldiers to X, where
    they have arrived": as many as were to come."""
    force, last = frame.force, discourse.last_claim
    if force is None or force.counted or last is None:
        return frame
    here = frame.sentence == last.sentence and "pronoun" in force.features
    came = here and last.stage is Stage.PLANNED and frame.stage is Stage.DEPLOYED
    if frame.stage is not Stage.WITHDRAWN and not came:
        return frame
    reach = 1 if "pronoun" in force.features else 0 if "definite" in force.features else -1
    near = 0 <= frame.sentence - last.sentence <= reach and not force.features & {"elided", "part"}
    same = (last.actor, last.destination, last.stage is Stage.DEPLOYED) == (actor, where.country, not came)
    if not (near and same) or (frame.sender is not None and not came) or not last.counted:
        return frame
    those = replace(force, counted=True, count_min=last.count_min, count_max=last.count_max)
    return replace(frame, force=those, because=[*frame.because, LEAVES])


def who_asks(document: Document, sentence: Sentence, discourse: Discourse) -> str | None:
    """ "Guinea-Bissau asked ECOWAS for troops", "asked for help": the state where those who are asked would send
    them."""
    for clause in sentence.clauses:
        if all(v.reading.verb.statement is not StatementType.REQUEST for v in clause.verbs):
            continue
        forces = mentions_in(sentence, clause, MentionKind.FORCE)
        asked = any(after_relator(document, sentence, force, _ASKED_FOR) for force in forces)
        helps = (k for k in sentence.where(TermKind.CUE) if document.tokens[k].has(TermKind.CUE, "help"))
        if not (asked or any(k in clause for k in helps)):
            continue
        states = [m for m in mentions_in(sentence, clause, MentionKind.SPEAKER) if discourse.is_state(m.code)]
        return states[0].code if states else None
    return None


def keep_place(frame: Frame, actor: str | None, stage: Stage, where: Where, discourse: Discourse) -> None:
    """ "… liefen in den Hafen X ein. An Bord waren 480 Seeleute": what names no place is where the last claim was, in
    its sentence, or in the next one if that goes on about the same side or tells who leaves ("M23 took X. The army had
    fled"); who remains is not where the others left, and new plans need not be for where those are who are there,
    unless more are to follow them."""
    last = discourse.last_destination
    if last is None or where.because != LAST_TOLD or where.place is not None:
        return
    before = discourse.last_claim
    same_side = before is not None and before.actor == actor
    remains = before is not None and before.stage is Stage.WITHDRAWN is not stage
    more = frame.force is not None and frame.force.additional
    other_plan = before is not None and stage is Stage.PLANNED is not before.stage and not more
    distance = frame.sentence - last.sentence
    gives_way = before is not None and stage is Stage.WITHDRAWN and actor == last.country
    goes_on = same_side and not remains and not other_plan
    if distance == 0 or (distance == 1 and (goes_on or (gives_way and not same_side))):
        where.place = last.place


def is_predicate(document: Document, frame: Frame, where: Where) -> bool:
    """ "The 250 soldiers who left X are in good health": a copula tells what they are, and another clause the place."""
    verb = frame.verb.reading.verb if frame.verb is not None else None
    if verb is None or not verb.copula or frame.places or frame.force is None:
        return False
    first = frame.force.first
    if any(k > frame.head and document.tokens[k].has(TermKind.NOT_PEOPLE, "person") for k in frame.clause.tokens()):
        return True
    below = [f for f in document.frames if f.clause.parent is frame.clause and f.force is not None and f.places]
    if any(f.force is not None and f.force.first == first for f in below):
        return True
    many = frame.force.counted and "weak" not in frame.force.features  # "…; an Bord sind 480 Matrosen"
    return where.because == OTHER_CLAUSE and not many
