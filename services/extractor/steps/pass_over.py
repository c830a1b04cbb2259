"""Part of step 4: what only describes a force is left out of what the later steps read, as if it had not been written:
"300 soldiers [, most of them engineers,] have left", "300 [junge, unerfahrene] Soldaten".

Where the words go that stand between a force and its place or verb, every later step would have to look past them."""

from services.extractor.document import Document
from services.extractor.lexicon import Language
from services.extractor.steps.descriptions import Span, descriptions


def pass_over_descriptions(document: Document, language: Language) -> None:
    """Takes the descriptions of forces out of the tokens of the active sentences and numbers the rest anew."""
    spans: list[Span] = []
    for sentence in document.sentences:
        if sentence.active:
            for first, last in descriptions(document.tokens, sentence, language):
                spans.append((first, last))
                document.passed_over.append((sentence.index, document.words(sentence, first, last)))
    if spans:
        _take_out(document, spans)


def _take_out(document: Document, spans: list[Span]) -> None:
    gone = {index for first, last in spans for index in range(first, last)}
    place, count = [], 0
    for index in range(len(document.tokens) + 1):
        place.append(count)
        count += index not in gone
    document.tokens = [token for token in document.tokens if token.index not in gone]
    for token in document.tokens:
        token.index = place[token.index]
        for match in token.terms:
            match.first, match.last = place[match.first], place[match.last]
    for sentence in document.sentences:
        sentence.first, sentence.last = place[sentence.first], place[sentence.last]
