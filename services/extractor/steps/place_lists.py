"""Part of step 4: several names in one place phrase, "Mombasa, Garissa and Lamu", "in Chad, Gabon and Togo"."""

from services.extractor.document import Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.place_parts import PlaceParts
from services.extractor.vocabulary import FINITE, TermKind

MAX_LISTED = 6
"""Names that a comma list may still hold."""
_NO_NAMES = frozenset({EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value})


def take_joined(tokens: list[Token], parts: PlaceParts, cursor: int, language: Language) -> int:
    """ "Mombasa | , Garissa and Lamu": more towns of the country behind one, the last one joined."""
    first = _town_at(tokens, parts.name_first, language) if parts.name_first is not None else None
    if first is None or first[0] != cursor:
        return 0
    index = cursor
    for _ in range(MAX_LISTED):
        last = tokens[index].term(TermKind.COORDINATOR) is not None
        if not last and tokens[index].form != ",":
            return 0
        if last and opens_clause(tokens, index + 1, language):
            return 0
        town = _town_at(tokens, index + 1, language)
        if town is None or town[1] != first[1] or town[0] >= len(tokens):
            return 0
        index = town[0]
        if last:
            parts.features.add("list")
            parts.name_last = parts.last = index
            return index - cursor
    return 0


def lists_names(tokens: list[Token], index: int, parts: PlaceParts) -> bool:
    """ "in Chad, Gabon and Togo", "in Goma, Bukavu, Uvira": the comma joins names of one kind, a last one joined."""
    sought = TermKind.PLACE if parts.named is not None else TermKind.NATION if parts.country is not None else None
    if sought is None or parts.noun is not None:
        return False
    for _ in range(MAX_LISTED):
        match = (
            next((m for m in tokens[index].terms if m.term.kind is sought and m.term.sort not in _NO_NAMES), None)
            if index < len(tokens)
            else None
        )
        if match is None or match.last >= len(tokens):
            return False
        follows = tokens[match.last]
        if follows.term(TermKind.COORDINATOR) is not None:
            return names_follow(tokens, match.last + 1)
        if follows.form != ",":
            return False
        index = match.last + 1
    return False


def opens_clause(tokens: list[Token], index: int, language: Language) -> bool:
    """ "to Somalia and Burundi will follow", "to Estonia and Paris 300": the name is no second place."""
    if language.orthography.verb_final:
        return False
    while index + 1 < len(tokens) and tokens[index].term(TermKind.DETERMINER) is not None:
        index += 1
    last = max((match.last for match in tokens[index].terms), default=index + 1)
    if last >= len(tokens):
        return False
    after = tokens[last]
    return after.form[0].isdigit() or after.may_be(*FINITE)


def names_follow(tokens: list[Token], index: int) -> bool:
    while index < len(tokens) and (tokens[index].term(TermKind.DETERMINER) or tokens[index].term(TermKind.NUMBER)):
        index += 1
    if index >= len(tokens):
        return False
    return any(m.term.kind in (TermKind.PLACE, TermKind.NATION) for m in tokens[index].terms) and not any(
        m.term.sort == EntryKind.ADJECTIVE.value for m in tokens[index].terms
    )


def _town_at(tokens: list[Token], index: int, language: Language) -> tuple[int, str | None] | None:
    """Where the town's name that begins at `index` ends, and its country: a listed one, or a big one in no list."""
    if index >= len(tokens):
        return None
    for match in tokens[index].terms:
        if match.term.kind is TermKind.PLACE and match.term.entry is not None and match.term.entry.place is not None:
            return match.last, match.term.entry.place.country
    if tokens[index].terms or not tokens[index].form[0].isupper():
        return None
    town = language.gazetteer.town(tokens[index].form)
    return (index + 1, town.country) if town is not None else None
