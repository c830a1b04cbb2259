"""Part of step 4: what a country is, told before its name, is a part of that name: "NATO member Denmark", "the Republic
of Kenya", "the West African state of Ghana"."""

from dataclasses import replace

from services.extractor.document import Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.vocabulary import TermKind

MAX_NAME = 4
"""Words of the name before "member": "the African Union member Ghana"."""


def join_memberships(tokens: list[Token], sentence: Sentence) -> None:
    """ "NATO member Denmark", "its ally Japan": the country alone acts or is a place."""
    for index in range(sentence.first, sentence.last):
        title = _title_at(tokens, sentence, index)
        if title is None:
            continue
        start, behind = title
        nation = tokens[behind].term(TermKind.NATION) if behind < sentence.last else None
        if nation is None or nation.term.sort != EntryKind.NATION.value:
            continue
        tokens[start].terms = tuple(replace(match, first=start) for match in tokens[nation.first].terms)
        for token in tokens[start + 1 : nation.last]:
            token.terms, token.inside = (), True


def _title_at(tokens: list[Token], sentence: Sentence, index: int) -> tuple[int, int] | None:
    """Where what a country is begins, and where its name does: "its ally | X", "the Republic of | X", "the country of |
    X"."""
    membership = tokens[index].term(TermKind.MEMBERSHIP)
    if membership is not None:
        start = index if membership.term.sort == "style" else _name_before(tokens, sentence, index)
        return (start, membership.last) if start is not None else None
    noun = tokens[index].term(TermKind.ANAPHOR)
    if noun is None or noun.term.sort not in ("country", "neighbour") or noun.last >= sentence.last:
        return None
    return (index, noun.last + 1) if tokens[noun.last].leads("of") else None


def _name_before(tokens: list[Token], sentence: Sentence, index: int) -> int | None:
    """Where the name of whom it belongs to begins, or the word that stands for it."""
    if index > sentence.first and tokens[index - 1].has(TermKind.ANAPHOR, "owner"):
        return index - 1
    for first in range(max(sentence.first, index - MAX_NAME), index):
        if any(match.last == index and match.side is not None for match in tokens[first].terms):
            return first
    return None
