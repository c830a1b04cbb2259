"""Part of step 4: in which country a place lies, told right behind it: "X, Bulgaria", "X, a village in Bulgaria"."""

from services.extractor.document import Mention, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.vocabulary import TermKind

MAX_WORDS = 3
"""Words between a place and what tells where it lies."""
_GOES_ON = frozenset({TermKind.RELATOR, TermKind.TIME, TermKind.SUBORDINATOR, TermKind.NO_PLACE})
"""What may follow a town's country, where no comma closes the apposition: "to X, Bulgaria | for the first time"."""


def country_behind(tokens: list[Token], sentence: Sentence, town: Mention) -> str | None:
    """ "X, Bulgaria", "X (Bulgaria)", "X, the largest city of Bulgaria": in which country an unknown town lies."""
    cursor = _past_apposed_noun(tokens, town.last + 1, sentence.last)
    nation = tokens[cursor].term(TermKind.NATION) if cursor < sentence.last else None
    if nation is None or nation.term.sort != EntryKind.NATION.value or nation.term.entry is None:
        return None
    behind = tokens[nation.last] if nation.last < sentence.last else None
    ends = behind is None or not behind.form[0].isalnum() or any(m.term.kind in _GOES_ON for m in behind.terms)
    return nation.term.entry.code if ends else None


def _past_apposed_noun(tokens: list[Token], index: int, last: int) -> int:
    """ ", | the largest city of X", ", | der größten Stadt X": the token behind a noun of places and its "of"."""
    for k in range(index, min(last - 1, index + MAX_WORDS + 1)):
        if tokens[k].term(TermKind.PLACE_NOUN) is not None and k > index:
            return k + 1 + tokens[k + 1].leads("of")
        if not tokens[k].form[0].islower() or tokens[k].verbs:
            break
    return index


def is_in_apposition(tokens: list[Token], town: Mention, after: Mention) -> bool:
    """ "X, a village | in northern Bulgaria": the second place only tells where the first one lies."""
    if after.role not in ("at", "near") or after.country is None or after.country != (town.country or after.country):
        return False
    between = tokens[town.last + 1 : after.first]
    noun = any(token.term(TermKind.PLACE_NOUN) for token in between)
    return noun and not any(token.verbs or not token.form[0].isalpha() for token in between)


def tells_how_far(town: Mention, after: Mention) -> bool:
    """ "bei X, 30 Kilometer | vor Y": both lie in one country."""
    return "relative" in after.features and after.first - town.last <= MAX_WORDS


def tells_in_which_country(tokens: list[Token], town: Mention, after: Mention) -> bool:
    """ "near Garissa | , in eastern Kenya", "of Parakou | in Benin": the country of that place or a part of it."""
    if after.role != "at" or after.country is None or not (after.name is None or "part" in after.features):
        return False
    comma = after.first == town.last + 1 and tokens[town.last].form == ","
    adjacent = after.first == town.last or comma
    return adjacent and town.name is not None and town.country == after.country


def is_island(land: Mention, coast: Mention) -> bool:
    """ "an island | off the coast of Haiti", "eine Insel | vor der Küste Haitis": land, and of that country."""
    unnamed = land.name is None and land.country is None and bool(land.features & {"noun:region", "noun:town"})
    return unnamed and land.last == coast.first and bool(coast.features & {"noun:coast", "off"})
