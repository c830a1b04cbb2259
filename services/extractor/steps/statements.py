"""Step 10: every sentence that matters for escalation, its PLOVER type and speaker, with the claims it carries.

Before that, which sentences must be read for one at all.
"""

from collections.abc import Iterator

from services.extractor.document import Clause, Document, DraftClaim, Frame, Mention, MentionKind, Sentence, Speaker
from services.extractor.steps.history import HISTORY
from services.extractor.vocabulary import ATTACKS, FrameClass, TermKind
from shared.events.statements import Certainty, Claim, Interval, Source, Stage, Statement, StatementType

_STAGE_TYPES = {
    Stage.PLANNED: StatementType.MOBILIZE,
    Stage.DEPLOYED: StatementType.MOBILIZE,
    Stage.ENGAGED: StatementType.ASSAULT,
    Stage.WITHDRAWN: StatementType.RETREAT,
}
_BY_STATES = ATTACKS | {FrameClass.WITHDRAW}

MIN_ARMED = 2
"""Sentences that name an armed actor in an article without a claim that has statements."""
_VAGUE = 2
"""How far a verb that says little by itself stands behind the nouns of its clause."""


def build_statements(document: Document) -> tuple[Statement, ...]:
    by_sentence: dict[int, list[DraftClaim]] = {}
    for draft in document.claims:
        by_sentence.setdefault(draft.sentence, []).append(draft)
    if not by_sentence and not names_enough(document):
        return ()
    frames = document.frames_by_sentence()
    history = {dropped.sentence for dropped in document.dropped if dropped.reason == HISTORY}
    statements = []
    for sentence in document.sentences:
        drafts = by_sentence.get(sentence.index, [])
        if sentence.index in history and not drafts:
            continue
        kind = statement_type(document, sentence, frames.get(sentence.index, []), drafts)
        if kind is None or (sentence.field == "title" and not drafts):
            continue
        statements.append(_statement(document, sentence, kind, drafts))
    return tuple(statements)


def told_first(document: Document) -> Iterator[list[Sentence]]:
    """The active sentences that may tell of forces, to be read before the next are asked for: the others, unless the
    first tell nothing and name too few armed actors for a statement."""
    active = [sentence for sentence in document.sentences if sentence.active]
    first = {sentence.index for sentence in active if _may_tell(document, sentence)}
    yield [sentence for sentence in active if sentence.index in first]
    told = any(frame.force or frame.sender or frame.nominal for frame in document.frames)
    if told or names_enough(document):
        yield [sentence for sentence in active if sentence.index not in first]


def _may_tell(document: Document, sentence: Sentence) -> bool:
    """Whether it names a force, an event or what a state does with its forces."""
    if sentence.where(TermKind.EVENT) or any(m.kind is MentionKind.FORCE for m in sentence.mentions):
        return True
    words = document.tokens[sentence.first : sentence.last]
    return any(r.verb.frame in _BY_STATES or r.verb.military for word in words for r in word.verbs)


def names_enough(document: Document) -> bool:
    """Whether statements may stand without a claim: one sentence that names an armed actor does so in passing."""
    return sum(map(_names_armed_actor, document.sentences)) >= MIN_ARMED


def _names_armed_actor(sentence: Sentence) -> bool:
    return any("weak" not in m.features for m in sentence.of_kind(MentionKind.FORCE))


def statement_type(
    document: Document, sentence: Sentence, frames: list[Frame], drafts: list[DraftClaim]
) -> StatementType | None:
    """By the claims it carries, else by its verbs and nouns: the main clause's verb first, what is told before
    how it is told."""
    if any(draft.certainty is Certainty.DENIED for draft in drafts):
        return StatementType.REJECT
    if drafts:
        return _STAGE_TYPES[drafts[0].stage]
    if sentence.is_question:
        return None
    has_force = any(m.kind is MentionKind.FORCE for m in sentence.mentions)
    told = [
        (_weight(clause) + _VAGUE * verb.reading.verb.weak, verb.index, verb.reading.verb.statement)
        for clause in sentence.clauses
        for verb in clause.verbs
        if verb.reading.verb.statement is not None and (has_force or verb.reading.verb.frame is None)
    ]
    told += [
        (_weight(clause) + 1, index, match.term.statement)
        for clause in sentence.clauses
        for index in sentence.where(TermKind.CUE)
        if index in clause
        for match in document.tokens[index].terms
        if match.term.kind is TermKind.CUE and match.term.statement is not None
    ]
    told += [
        (2, frame.head, _STAGE_TYPES[frame.stage])
        for frame in frames
        if (frame.force is not None or frame.nominal) and not frame.weak
    ]
    told += [
        (_weight(clause) + 1, index, StatementType.ASSAULT)
        for clause in sentence.clauses
        for index in sentence.where(TermKind.NOT_PEOPLE)
        if has_force and index in clause and document.tokens[index].has(TermKind.NOT_PEOPLE, "casualty")
    ]
    if not told and any(_is_plain_force(m) for m in sentence.mentions):
        return StatementType.MOBILIZE
    return min(told)[2] if told else None


def _is_plain_force(mention: Mention) -> bool:
    """Forces of a side or in number, not just a word for some."""
    plain = mention.kind is MentionKind.FORCE and not mention.features & {"weak", "vehicle", "institution"}
    return plain and (mention.code is not None or mention.counted)


def _weight(clause: Clause) -> int:
    return 0 if clause.kind == "main" else 2


def _statement(document: Document, sentence: Sentence, kind: StatementType, drafts: list[DraftClaim]) -> Statement:
    text = document.field_text(sentence.field)[sentence.start : sentence.end]
    return Statement(
        type=kind,
        speaker=_source(_speaker(sentence, drafts)),
        field=sentence.field,
        text=text,
        start=sentence.start,
        end=sentence.end,
        claims=tuple(_claim(draft) for draft in drafts),
    )


def _speaker(sentence: Sentence, drafts: list[DraftClaim]) -> Speaker | None:
    for draft in drafts:
        if draft.source is not None:
            return draft.source
    return next((clause.source for clause in sentence.clauses if clause.source is not None), None)


def _source(speaker: Speaker | None) -> Source | None:
    return Source(name=speaker.name, code=speaker.code) if speaker is not None else None


def _claim(draft: DraftClaim) -> Claim:
    when = None
    if draft.when is not None and any(draft.when):
        when = Interval(from_=draft.when[0], to=draft.when[1])
    return Claim(
        actor=draft.actor,
        destination=draft.destination,
        place=draft.place,
        place_key=draft.place_key,
        place_within=draft.place_within,
        count_min=draft.count_min,
        count_max=draft.count_max,
        additional=draft.additional,
        stage=draft.stage,
        certainty=draft.certainty,
        source=_source(draft.source),
        when=when,
    )
