"""Noun phrases that say where: a relator and what follows, "in die Region Kursk", "near the border with X"."""

from dataclasses import replace

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.steps.place_attributes import leads_there, past_attribute, tells_where
from services.extractor.steps.place_countries import (
    country_behind,
    is_in_apposition,
    is_island,
    tells_how_far,
    tells_in_which_country,
)
from services.extractor.steps.place_names import resolve_place
from services.extractor.steps.relative_pronouns import is_relative_pronoun
from services.extractor.steps.scan_place import is_home, scan_place
from services.extractor.terms import Match
from services.extractor.vocabulary import ATTACKS, FrameClass, TermKind, VerbForm

PLACE_ROLES = frozenset({"goal", "at", "origin", "near", "via", "against", "for"})
_POINTERS = {
    "there": frozenset({"there"}),
    "here": frozenset({"there", "here"}),
    "where": frozenset({"where"}),
}
MAX_BARE_NAME = 3
"""Words of a name that stands before "where" without a relator."""
DELEGATED_WITHIN = 8
"""Words between by whom somebody is sent and the participle."""
_NAMED_BEFORE = frozenset({TermKind.PLACE, TermKind.PLACE_NOUN, TermKind.NATION})
_PREFERRED = ("at", "goal", "near", "origin", "via", "against", "for")


def find_places(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    """Place mentions with role, surface name, country where one is named, and canonical key where one is known."""
    found: list[Mention] = []
    for index in sentence.where(TermKind.ANAPHOR, TermKind.RELATOR):
        mention = _slot_at(document, sentence, index, language)
        if mention is not None and "where" in mention.features and not _follows(found, index):
            mention = _subject_before(document, sentence, index, language)
        if mention is not None:
            found.append(mention)
    in_appositions: list[Mention] = []
    for number, mention in enumerate(found):
        sign = document.tokens[mention.last].form if mention.last < sentence.last else ""
        if mention.name is not None and sign == "(" and mention.country is None:
            mention.country = country_behind(document.tokens, sentence, mention)
        elif mention.name is not None and sign == ",":
            after = found[number + 1] if number + 1 < len(found) else None
            if after is not None and is_in_apposition(document.tokens, mention, after):
                mention.country = mention.country or after.country
                in_appositions.append(after)
            elif after is not None and after.name is not None and tells_how_far(mention, after):
                mention.country = after.country or mention.country
            elif mention.country is None and not mention.is_listed:
                mention.country = country_behind(document.tokens, sentence, mention)
    return _without_nested(document, sentence, [m for m in found if m not in in_appositions])


def _follows(found: list[Mention], index: int) -> bool:
    """ "in X, where": right behind a place, with a comma at most between; else it means none ("where they belong")."""
    return bool(found) and index - found[-1].last <= 1


def _subject_before(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    """ "Estonia, where …", "the Lithuanian town where …": the country or place named right before, that no relator
    makes a place phrase."""
    end = index - (document.tokens[index - 1].form == ",")
    for start in range(end - 1, max(sentence.first, end - MAX_BARE_NAME) - 1, -1):
        token = document.tokens[start]
        if token.inside or not any(match.term.kind in _NAMED_BEFORE for match in token.terms):
            continue
        slot = read_slot(document, sentence, start, "at", index, language)
        if slot is None or slot.last != end:
            return None
        if slot.country is not None:
            slot.last, slot.head = index + 1, index
            return slot
    return None


def _without_nested(document: Document, sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
    """A phrase inside another one ("in der Stadt X im Norden des Landes") only lends it its country."""
    tokens = document.tokens
    kept: list[Mention] = []
    for mention in mentions:
        outer = kept[-1] if kept else None
        if outer is not None and mention.first < outer.last:
            if outer.name is not None and outer.country is None and tells_where(tokens, mention):
                outer.country = mention.country
            continue
        if outer is not None and tells_in_which_country(tokens, outer, mention):
            outer.country, outer.last = mention.country, mention.last
            continue
        if outer is not None and is_island(outer, mention):
            outer.country, outer.last = mention.code or mention.country, mention.last
            continue
        if outer is not None and mention.first == outer.last and "noun:coast" in outer.features and mention.country:
            kept[-1] = _on_coast(document, sentence, outer, mention)
            continue
        if outer is not None and mention.first == outer.last and mention.role in ("at", "near", "of"):
            if "noun:border" in outer.features and mention.name is not None:
                kept.append(mention)  # "at the border with X | near Y": on whose side Y lies, the actor tells
                continue
            if outer.name is not None and outer.country is None and mention.country is not None:
                outer.country = mention.country
                outer.last = mention.last
                continue
            if outer.name is None and outer.code is not None and mention.name is not None:
                mention.role = outer.role
                mention.features |= outer.features & {"noun:side"}
                mention.country = mention.country or outer.code
                kept[-1] = mention
                continue
        kept.append(mention)
    return kept


def _on_coast(document: Document, sentence: Sentence, coast: Mention, before: Mention) -> Mention:
    """ "into the waters | around Taiwan" is at sea, before a country; "on the coast | near Misrata" is at the town."""
    if before.name is not None and "off" not in before.features:
        return replace(before, role=coast.role)
    name = document.words(sentence, coast.head, before.last)
    features = coast.features | {"off"}
    return replace(coast, last=before.last, name=name, country=before.country, features=features)


def _slot_at(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    tokens = document.tokens
    anaphor = tokens[index].term(TermKind.ANAPHOR)
    if anaphor is not None and anaphor.term.sort in _POINTERS:
        sorts = _POINTERS[anaphor.term.sort]
        return Mention(MentionKind.PLACE, index, anaphor.last, index, role="at", features=sorts, because=tuple(sorts))
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is None:
        return None
    away = _follows_distance(tokens, index, sentence.first)
    role = _role_of(tokens, sentence, relator, away)
    if role is None:
        return None
    start = relator.last
    if tokens[index].term(TermKind.QUANTIFIER) is not None and _is_figure(tokens, start, sentence.last):
        return None  # "About 200 US sailors"
    if start < sentence.last and (is_relative_pronoun(tokens[start]) or _opens_by_owner(tokens, index, start)):
        features = frozenset({"where"})
        return Mention(MentionKind.PLACE, index, start + 1, index, role=role, features=features, because=("relative",))
    states = _several_states(tokens, start, sentence.last)
    if states is not None and role in ("at", "goal") and relator.term.names:
        several = frozenset({"several"})
        return Mention(MentionKind.PLACE, index, states, index, role=role, features=several, because=("slot:" + role,))
    if relator.term.article:
        start = past_attribute(tokens, start, sentence.last, language.orthography)
    mention = read_slot(document, sentence, start, role, index, language)
    if mention is None:
        return None
    if away or language.gazetteer.is_direction(tokens[index].form, language.code):
        mention.features |= {"relative"}  # "nördlich von X", "30 Kilometer vor X", "50 km from X"
    if role == "goal" and tokens[index - 1].has(TermKind.NO_PLACE, "way"):
        mention.features |= {"way"}  # "an der Straße nach X"
    if role == "origin" and _closes_origin(tokens, mention, sentence.last):
        mention.role = "at"  # "von X aus überwachen"
    if start > relator.last and mention.name is None and mention.country is None:
        return None  # "in den besetzten Gebieten"
    return _settled(document, sentence, relator, mention, language)


def _opens_by_owner(tokens: list[Token], relator: int, owner: int) -> bool:
    """ "Latvia, | to whose defence X contributes"."""
    return tokens[relator - 1].form == "," and tokens[owner].has(TermKind.SUBORDINATOR, "relative_owner")


def _role_of(tokens: list[Token], sentence: Sentence, relator: Match, away: bool) -> str | None:
    """What the relator makes of the place behind it; None if that is no place where somebody is or goes."""
    roles, index = relator.term.roles, relator.first
    before = tokens[index - 1] if index > sentence.first else None
    if before is not None and before.has(TermKind.PLACE_NOUN, "border") and "border" in roles:
        return None  # "überwachen die Grenze zu X": beyond it nobody is
    led = (tokens[k] for k in sentence.where(TermKind.NO_PLACE) if index - 3 <= k < index)
    if any(m.term.sort == "elsewhere" and m.last == index for token in led for m in token.terms):
        return None  # "has caused concern | in Japan", "a group banned | in Russia"
    if away and roles & {"of", "origin"}:
        return "near"  # "30 Kilometer von X", "within 10 km of X"
    leaves = "away" in roles or ("origin" in roles and is_home(tokens, index))
    if before is not None and "of" in roles and not leaves and _holds_place(before):
        return "at"  # "bewachen den Flughafen von X", "the port of X", "die Einnahme von X"
    return next((role for role in _PREFERRED if role in roles), None)


def _settled(
    document: Document, sentence: Sentence, relator: Match, place: Mention, language: Language
) -> Mention | None:
    """The place with the role that its own words and those around leave it; None if it is none after all."""
    tokens, roles = document.tokens, relator.term.roles
    if leads_there(tokens, place, relator.term, language.orthography):
        place.role = "goal"
    if roles >= {"near", "border"} and not _is_listed_town(tokens, place):
        return None
    if roles >= {"near", "against"} and place.name is None:
        place.features |= {"noun:side", "possessive"}  # "facing Thailand": on one's own side
    if _is_denied(tokens, sentence, relator.first) or _is_opposed(tokens, sentence, place):
        place.role = "against"
    if "offshore" in roles and place.name is not None and place.country:
        place.features |= {"off"}
    if "across" in roles and _is_crossed(document, sentence, place):
        place.role = "across"
    if place.name is None and not roles & PLACE_ROLES:
        return None  # "the State of Mexico"
    if place.name is None and place.country is not None and place.country != place.code:
        starts = _starts_there(document, sentence, place.last) and not _is_by_whom(tokens, sentence, place.last)
        if roles >= {"by", "origin"} and not starts:
            return None
        if "off" in roles:
            place.name = document.words(sentence, place.head, place.last)
            place.features |= {"off"}
    return place


def _is_denied(tokens: list[Token], sentence: Sentence, index: int) -> bool:
    """ "…, jedoch nicht in X", "…, not to X": the negation that opens a phrase denies its place."""
    denied = index - 2 >= sentence.first and tokens[index - 1].has(TermKind.NEGATION, "particle")
    before = tokens[index - 2]
    return denied and (not before.form[0].isalnum() or before.term(TermKind.COORDINATOR) is not None)


def _is_opposed(tokens: list[Token], sentence: Sentence, place: Mention) -> bool:
    """ "nicht nach X, | sondern nach Y", "not in X | but in Y": what stands before the contrast is denied."""
    index = place.last + (place.last < sentence.last and tokens[place.last].form == ",")
    if index + 1 >= sentence.last or not tokens[index].has(TermKind.COORDINATOR, "contrast", "correction"):
        return False
    denied = any(tokens[k].has(TermKind.NEGATION, "particle") for k in range(sentence.first, place.first))
    return denied and tokens[index + 1].term(TermKind.RELATOR) is not None


def _is_listed_town(tokens: list[Token], place: Mention) -> bool:
    """ "zwischen X und Y stehen": towns, no states, and no governments in their capitals, between whom there is war."""
    listed = place.name is not None and place.country is not None and place.is_listed
    return listed and not any(t.has(TermKind.NATION, EntryKind.METONYM.value) for t in tokens[place.first : place.last])


def _is_figure(tokens: list[Token], index: int, last: int) -> bool:
    return index < last and tokens[index].is_figure


def _several_states(tokens: list[Token], index: int, last: int) -> int | None:
    """ "in | fünf Ländern", "across | several countries": where the phrase ends that counts states without a name."""
    counted = False
    while index < last and (tokens[index].term(TermKind.NUMBER) or tokens[index].term(TermKind.DETERMINER)):
        counted = counted or not tokens[index].has(TermKind.DETERMINER, "definite", "genitive")
        index += 1
    states = tokens[index] if index < last else None
    if states is None or not counted or states.term(TermKind.PLACE_NOUN) is not None:
        return None
    return index + 1 if states.has(TermKind.NOT_PEOPLE, "nations") else None


def _closes_origin(tokens: list[Token], place: Mention, last: int) -> bool:
    """Whether the place is followed by another word for where from: it goes with the one before, "von X | aus"."""
    after = tokens[place.last] if place.last < last else None
    return after is not None and after.leads("origin") and not after.leads("at", "goal")


def _is_crossed(document: Document, sentence: Sentence, border: Mention) -> bool:
    """ "over the border": unless what follows tells from where it is seen, "across the border from X"."""
    seen_from = border.last < sentence.last and document.tokens[border.last].leads("origin")
    return "noun:border" in border.features and not seen_from


def _follows_distance(tokens: list[Token], index: int, first: int) -> bool:
    """A number and a unit of measure stand right before."""
    if index - 2 < first or not tokens[index - 1].has(TermKind.NOT_PEOPLE, "unit"):
        return False
    number = tokens[index - 2]
    return number.is_figure


def _starts_there(document: Document, sentence: Sentence, index: int) -> bool:
    """ "von X nach Y", "von X aus", not "von X bedrängt": who does it is no place where somebody comes from."""
    return index < sentence.last and document.tokens[index].term(TermKind.RELATOR) is not None


def _is_by_whom(tokens: list[Token], sentence: Sentence, index: int) -> bool:
    """ "wurden von Kenia nach X geschickt": with the participle of a verb that delegates behind, who did it; so in
    "von Kenia aus X abgezogen"."""
    left = tokens[index].leads("origin")
    if left and not any(m.side or m.term.kind is TermKind.PLACE for m in tokens[min(index + 1, sentence.last)].terms):
        return False  # "von Kenia aus nach X"
    behind = tokens[index : min(sentence.last, index + DELEGATED_WITHIN)]
    phrase = next((k for k, token in enumerate(behind) if token.form in ",.;"), len(behind))
    closing = next((token for token in behind[:phrase] if token.verbs), None)
    return closing is not None and any(
        reading.form is VerbForm.PARTICIPLE
        and (reading.verb.delegates or (left and reading.verb.frame is FrameClass.WITHDRAW))
        for reading in closing.verbs
    )


def _holds_place(token: Token) -> bool:
    """A noun or verb whose "of" names a place: a place noun, the event of attacking one, "s'est emparé de X"."""
    if any(reading.verb.frame is FrameClass.TAKE and not reading.verb.yields for reading in token.verbs):
        return True
    taken = token.event is not None and token.event.frame in ATTACKS
    return taken or token.term(TermKind.PLACE_NOUN) is not None


def read_slot(
    document: Document, sentence: Sentence, start: int, role: str | None, first: int, language: Language
) -> Mention | None:
    """The place named by the phrase from token `start`; None if there is none."""
    parts = scan_place(document, sentence, start, language)
    if parts is None:
        return None
    mention = Mention(
        MentionKind.PLACE, first, parts.last, parts.head, role=role, because=("slot:" + (role or "object"),)
    )
    mention.features = frozenset(parts.features)
    resolve_place(document, sentence, mention, parts, language)
    if mention.name is None and mention.country is None and mention.code is None and not mention.features:
        return None
    return mention
