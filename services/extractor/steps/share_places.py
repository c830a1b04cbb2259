"""Part of step 6: the place of a part of those told of: "2000 Mann im Norden, ein Viertel davon in X"."""

from services.extractor.document import Document, Mention, Sentence
from services.extractor.vocabulary import TermKind

_SHARES = (TermKind.PARTITIVE, TermKind.VAGUE)
_FIGURES = (TermKind.NUMBER, TermKind.QUANTIFIER, TermKind.DETERMINER)
_SIGNS = frozenset(",;–—-(")


def is_where_a_share_is(document: Document, sentence: Sentence, place: Mention, force: Mention | None) -> bool:
    """ "die meisten in X", "half of them at X" behind a comma: no place of the others, unless `force` is that share
    itself. A figure right before makes it a force of its own ("davon 80 in X")."""
    before = document.tokens[place.first - 1]
    shares = False
    if before.is_figure:
        return False
    for index in range(place.first - 1, sentence.first, -1):
        token = document.tokens[index]
        if token.form in _SIGNS:
            return shares and not (force is not None and index < force.first < place.first)
        part = any(token.term(kind) is not None for kind in _SHARES)
        figure = token.form[0].isdigit() or any(token.term(kind) is not None for kind in _FIGURES)
        if not (part or figure or token.inside):
            return False
        shares = shares or part
    return False
