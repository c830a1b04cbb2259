"""What the extractor saw and why it decided so, as plain text: the document after the same steps, printed."""

from collections.abc import Iterator

from services.extractor.document import Clause, Document, DraftClaim, Frame, Mention, Sentence
from services.extractor.extract_article import ArticleText, analyse
from services.extractor.lexicon import Lexicon
from services.extractor.steps.statements import build_statements


def explain_article(article: ArticleText, lexicon: Lexicon) -> str:
    """Sentences with their tokens, mentions, clauses and frames, then claims, statements and what was dropped."""
    document = analyse(article, lexicon)
    if document is None:
        return "gate: no armed actor named, or no language of ours\n"
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"language {document.language}"
    frames = document.frames_by_sentence()
    for sentence in document.sentences:
        yield from _sentence(document, sentence, frames.get(sentence.index, []))
    yield ""
    for draft in document.claims:
        yield "claim   " + _claim(draft)
    for statement in build_statements(document):
        speaker = statement.speaker.name if statement.speaker else "-"
        yield f"statement {statement.type} [{speaker}] {statement.text[:80]!r}"


def _sentence(document: Document, sentence: Sentence, frames: list[Frame]) -> Iterator[str]:
    tokens = document.tokens[sentence.first : sentence.last]
    yield ""
    yield f"{sentence.index} {sentence.kind} {sentence.field}[{sentence.start}:{sentence.end}]"
    yield "  tokens   " + " ".join(token.form + _marks(token.terms, token.verbs) for token in tokens)
    for index, words in document.passed_over:
        if index == sentence.index:
            yield f"  passed   {words!r}"
    for mention in sentence.mentions:
        yield "  mention  " + _mention(document, sentence, mention)
    for clause in sentence.clauses:
        yield "  clause   " + _clause(document, sentence, clause)
    for frame in frames:
        yield "  frame    " + _frame(document, sentence, frame)
    for dropped in document.dropped:
        if dropped.sentence == sentence.index:
            yield f"  dropped  {dropped.what}: {dropped.reason}"


def _marks(terms: tuple, verbs: tuple) -> str:  # type: ignore[type-arg]
    found = [match.term.rule for match in terms] + [
        f"verb:{reading.verb.lemma}:{reading.form}" for reading in verbs[:2]
    ]
    return f"<{','.join(found)}>" if found else ""


def _mention(document: Document, sentence: Sentence, mention: Mention) -> str:
    words = document.words(sentence, mention.first, mention.last)
    slots = [
        f"{name}={value}"
        for name, value in (
            ("code", mention.code),
            ("role", mention.role),
            ("name", mention.name),
            ("country", mention.country),
            ("key", mention.key),
            (
                "count",
                (mention.count_min, mention.count_max) if mention.counted or mention.kind == "quantity" else None,
            ),
            ("features", "+".join(sorted(mention.features)) or None),
        )
        if value is not None
    ]
    return f"{mention.kind} {words!r} {' '.join(slots)} because {'+'.join(mention.because)}"


def _clause(document: Document, sentence: Sentence, clause: Clause) -> str:
    words = " … ".join(document.words(sentence, first, last) for first, last in clause.pieces)
    verbs = ",".join(
        (f"{v.reading.verb.particle}+" if v.reading.verb.particle else "") + f"{v.reading.verb.lemma}:{v.reading.form}"
        for v in clause.verbs
    )
    parent = f" of {clause.parent.index}" if clause.parent else ""
    source = f" says {clause.source.name!r} ({clause.source.code})" if clause.source else ""
    effects = "+".join(sorted(clause.effects))
    because = "; ".join(clause.because)
    return f"{clause.index} {clause.kind}{parent} [{words}] verbs {verbs or '-'} {effects}{source} because {because}"


def _frame(document: Document, sentence: Sentence, frame: Frame) -> str:
    force = (
        document.words(sentence, frame.force.first, frame.force.last)
        if frame.force and _here(sentence, frame.force)
        else None
    )
    sender = document.words(sentence, frame.sender.first, frame.sender.last) if frame.sender else None
    places = [f"{place.role}:{place.name or place.country}" for place in frame.places]
    because = "+".join(frame.because)
    return f"{frame.frame}/{frame.stage} force={force!r} sender={sender!r} places={places} because {because}"


def _here(sentence: Sentence, mention: Mention) -> bool:
    return sentence.first <= mention.first and mention.last <= sentence.last


def _claim(draft: DraftClaim) -> str:
    source = f"{draft.source.name!r} ({draft.source.code})" if draft.source else "-"
    return (
        f"{draft.actor} > {draft.destination} place={draft.place!r} key={draft.place_key} "
        f"count={draft.count_min}..{draft.count_max} {draft.stage} {draft.certainty} source={source} "
        f"in sentence {draft.sentence} because {'; '.join(draft.because)}"
    )
