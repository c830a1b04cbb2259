"""Part of step 4: what a country is to others, told before its name, is a part of that name: "NATO member Denmark"."""

from dataclasses import replace

from services.extractor.document import Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.vocabulary import TermKind

MAX_NAME = 4
"""Words of the name before "member": "the African Union member Ghana"."""


def join_memberships(tokens: list[Token], sentence: Sentence) -> None:
    """ "NATO member Denmark", "US ally Japan": the country alone acts or is a place."""
    for index in range(sentence.first, sentence.last):
        membership = tokens[index].term(TermKind.MEMBERSHIP)
        if membership is None or membership.last >= sentence.last:
            continue
        nation = tokens[membership.last].term(TermKind.NATION)
        if nation is None or nation.term.sort != EntryKind.NATION.value:
            continue
        start = _name_before(tokens, sentence, index)
        if start is None:
            continue
        tokens[start].terms = tuple(replace(match, first=start) for match in tokens[nation.first].terms)
        for token in tokens[start + 1 : nation.last]:
            token.terms, token.inside = (), True


def _name_before(tokens: list[Token], sentence: Sentence, index: int) -> int | None:
    """Where the name of whom it belongs to begins."""
    for first in range(max(sentence.first, index - MAX_NAME), index):
        if any(match.last == index and match.side is not None for match in tokens[first].terms):
            return first
    return None
