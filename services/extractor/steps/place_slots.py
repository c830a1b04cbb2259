"""Noun phrases that say where: a relator and what follows, "in die Region Kursk", "near the border with X"."""

from services.extractor.document import (
    FINITE,
    Document,
    FrameClass,
    Mention,
    MentionKind,
    Sentence,
    TermKind,
    Token,
)
from services.extractor.fold_names import begins_name
from services.extractor.gazetteer import Gazetteer
from services.extractor.gazetteer_model import EntryKind, PlaceKind
from services.extractor.lexicon import Language
from services.extractor.steps.adjectives_behind import describes_before_owner
from services.extractor.steps.place_attributes import leads_there, past_attribute, tells_where
from services.extractor.steps.place_names import PlaceParts, resolve_place
from services.extractor.terms import Match

MAX_PHRASE_TOKENS = 12
MAX_LISTED = 6
"""Names that a comma list may still hold."""
_NO_NAMES = frozenset({EntryKind.ADJECTIVE.value, EntryKind.DEMONYM.value})
PLACE_ROLES = frozenset({"goal", "at", "origin", "near", "via", "against", "for"})
MAX_BARE_NAME = 3
"""Words of a name that stands before "where" without a relator."""
_PREFERRED = ("at", "goal", "near", "origin", "via", "against", "for")


def find_places(document: Document, sentence: Sentence, language: Language, gazetteer: Gazetteer) -> list[Mention]:
    """Place mentions with role, surface name, country where one is named, and canonical key where one is known."""
    found: list[Mention] = []
    for index in sentence.where(TermKind.ANAPHOR, TermKind.RELATOR):
        mention = _slot_at(document, sentence, index, language, gazetteer)
        if mention is not None and "where" in mention.features and not _follows(found, index):
            mention = _subject_before(document, sentence, index, language, gazetteer)
        if mention is not None:
            found.append(mention)
    for number, mention in enumerate(found):
        if mention.name is not None and mention.country is None and (mention.key or "x:").startswith("x:"):
            _read_apposition(document, sentence, mention, found[number + 1] if number + 1 < len(found) else None)
    return _without_nested(found, document.tokens)


def _read_apposition(document: Document, sentence: Sentence, town: Mention, after: Mention | None) -> None:
    """ "X, Bulgaria", "X, a village in northern Bulgaria": in which country an unknown town lies."""
    tokens = document.tokens
    cursor = town.last + 1
    if cursor >= sentence.last or tokens[town.last].form != ",":
        return
    nation = tokens[cursor].term(TermKind.NATION)
    if nation is not None and nation.term.sort == EntryKind.NATION.value and nation.term.entry is not None:
        if nation.last >= sentence.last or not tokens[nation.last].form[0].isalnum():
            town.country = nation.term.entry.code
        return
    if after is None or after.role not in ("at", "near") or after.country is None or not cursor < after.first:
        return
    between = tokens[cursor : after.first]
    noun = any(token.term(TermKind.PLACE_NOUN) for token in between)
    if noun and not any(token.verbs or not token.form[0].isalpha() for token in between):
        town.country = after.country


def _follows(found: list[Mention], index: int) -> bool:
    """ "in X, where": right behind a place, with a comma at most between; else it means none ("where they belong")."""
    return bool(found) and index - found[-1].last <= 1


def _subject_before(
    document: Document, sentence: Sentence, index: int, language: Language, gazetteer: Gazetteer
) -> Mention | None:
    """ "Estonia, where …": the country or place named right before, that no relator makes a place phrase."""
    comma = index - 1
    if comma <= sentence.first or document.tokens[comma].form != ",":
        return None
    for start in range(comma - 1, max(sentence.first, comma - MAX_BARE_NAME) - 1, -1):
        token = document.tokens[start]
        if token.inside or not (token.term(TermKind.PLACE) or token.term(TermKind.NATION)):
            continue
        slot = read_slot(document, sentence, start, "at", index, language, gazetteer)
        if slot is None or slot.last != comma or slot.country is None:
            return None
        slot.last, slot.head = index + 1, index
        return slot
    return None


def _without_nested(mentions: list[Mention], tokens: list[Token]) -> list[Mention]:
    """A phrase inside another one ("in der Stadt X im Norden des Landes") only lends it its country."""
    kept: list[Mention] = []
    for mention in mentions:
        outer = kept[-1] if kept else None
        if outer is not None and mention.first < outer.last:
            if outer.name is not None and outer.country is None and tells_where(tokens, mention):
                outer.country = mention.country
            continue
        if outer is not None and mention.first == outer.last and mention.role in ("at", "near", "of"):
            if outer.name is not None and outer.country is None and mention.country is not None:
                outer.country = mention.country
                outer.last = mention.last
                continue
            if outer.name is None and outer.code is not None and mention.name is not None:
                mention.role = outer.role
                mention.country = mention.country or outer.code
                kept[-1] = mention
                continue
        kept.append(mention)
    return kept


def _slot_at(
    document: Document, sentence: Sentence, index: int, language: Language, gazetteer: Gazetteer
) -> Mention | None:
    tokens = document.tokens
    anaphor = tokens[index].term(TermKind.ANAPHOR)
    if anaphor is not None and anaphor.term.sort in ("there", "where"):
        sort = anaphor.term.sort
        return Mention(
            MentionKind.PLACE, index, anaphor.last, index, role="at", features=frozenset({sort}), because=(sort,)
        )
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is None:
        return None
    role = next((role for role in _PREFERRED if role in relator.term.roles), None)
    if "of" in relator.term.roles and index > sentence.first and _holds_place(tokens[index - 1]):
        role = "at"  # "bewachen den Flughafen von X", "the port of X", "die Einnahme von X"
    behind_border = index > sentence.first and tokens[index - 1].has(TermKind.PLACE_NOUN, "border")
    if behind_border and "border" in relator.term.roles:
        return None  # "überwachen die Grenze zu X": beyond it nobody is
    if relator.term.roles & {"of", "origin"} and _follows_distance(tokens, index, sentence.first):
        role = "near"  # "30 Kilometer von X", "within 10 km of X"
    if role is None:
        return None
    start = relator.last
    if relator.term.article:
        start = past_attribute(tokens, start, sentence.last, language.orthography)
    mention = read_slot(document, sentence, start, role, index, language, gazetteer)
    if mention is not None and start > relator.last and mention.name is None and mention.country is None:
        return None  # "in den besetzten Gebieten"
    if mention is not None and leads_there(tokens, mention, relator.term, language.orthography):
        mention.role = "goal"
    if mention is not None and mention.name is None and not relator.term.roles & PLACE_ROLES:
        return None  # "the State of Mexico"
    if mention is not None and mention.name is None and mention.country is not None and mention.country != mention.code:
        if relator.term.roles >= {"by", "origin"} and not _starts_there(document, sentence, mention.last):
            return None
        if "off" in relator.term.roles:
            mention.name = document.words(sentence, mention.head, mention.last)
            mention.features |= {"off"}
    return mention


def _follows_distance(tokens: list[Token], index: int, first: int) -> bool:
    """A number and a unit of measure stand right before."""
    if index - 2 < first or not tokens[index - 1].has(TermKind.NOT_PEOPLE, "unit"):
        return False
    number = tokens[index - 2]
    return number.form[0].isdigit() or number.term(TermKind.NUMBER) is not None


def _starts_there(document: Document, sentence: Sentence, index: int) -> bool:
    """ "von X nach Y", "von X aus", not "von X bedrängt": who does it is no place where somebody comes from."""
    return index < sentence.last and document.tokens[index].term(TermKind.RELATOR) is not None


def _holds_place(token: Token) -> bool:
    """A noun or verb whose "of" names a place: a place noun, the event of taking one, "s'est emparé de X"."""
    if any(reading.verb.frame is FrameClass.TAKE for reading in token.verbs):
        return True
    event = token.term(TermKind.EVENT)
    taken = event is not None and event.term.event is not None and event.term.event.frame is FrameClass.TAKE
    return taken or token.term(TermKind.PLACE_NOUN) is not None


def read_slot(
    document: Document,
    sentence: Sentence,
    start: int,
    role: str | None,
    first: int,
    language: Language,
    gazetteer: Gazetteer,
) -> Mention | None:
    """The place named by the phrase from token `start`; None if there is none."""
    parts = _scan(document, sentence, start, language, gazetteer)
    if parts is None:
        return None
    mention = Mention(
        MentionKind.PLACE, first, parts.last, parts.head, role=role, because=("slot:" + (role or "object"),)
    )
    mention.features = frozenset(parts.features)
    resolve_place(document, sentence, mention, parts, language, gazetteer)
    if mention.name is None and mention.country is None and mention.code is None and not mention.features:
        return None
    return mention


def _scan(
    document: Document, sentence: Sentence, start: int, language: Language, gazetteer: Gazetteer
) -> PlaceParts | None:
    tokens = document.tokens
    parts = PlaceParts(start)
    cursor = start
    while cursor < min(sentence.last, start + MAX_PHRASE_TOKENS):
        token = tokens[cursor]
        step = _take(tokens, token, parts, cursor, language)
        if step == 0:
            break
        if parts.direction_at is None and gazetteer.is_direction(token.form, language.code):
            parts.direction_at = cursor
        cursor += step
        if not _is_function_word(token) and (token.form[0].isupper() or token.terms or begins_name(token.form)):
            parts.last = cursor
    return parts if parts.last > start else None


def _take(tokens: list[Token], token: Token, parts: PlaceParts, cursor: int, language: Language) -> int:
    """How many tokens of the phrase `token` begins; 0 where the phrase ends."""
    for match in token.terms:
        kind = match.term.kind
        if kind in (TermKind.DETERMINER, TermKind.ANAPHOR) and not _goes_on(token, parts, language):
            return 0
        if kind is TermKind.DETERMINER:
            return match.last - cursor
        if kind is TermKind.ANAPHOR and match.term.sort in ("owner", "demonstrative"):
            parts.features.add("possessive" if match.term.sort == "owner" else "definite")
            return match.last - cursor
        if kind is TermKind.ANAPHOR and match.term.sort in ("country", "neighbour"):
            parts.features.add(match.term.sort)
            parts.head = cursor
            return match.last - cursor
        if kind in (TermKind.PLACE, TermKind.NATION, TermKind.ORGANISATION):
            return _take_name(match, parts, cursor)
        if kind is TermKind.PLACE_NOUN:
            known = parts.named is not None or parts.country is not None
            if known and match.term.sort not in ("border", "coast", "site", "town", "region", "capital"):
                return 0
            parts.noun = match
            parts.features.add("noun:" + (match.term.sort or "site"))
            parts.head = cursor
            return match.last - cursor
        if kind is TermKind.RELATOR and match.term.roles & {"of", "border"} and parts.noun is not None:
            follows = _names_follow(tokens, match.last) or _unlisted_follows(tokens, match.last, language)
            return match.last - cursor if follows and parts.named is None else 0
        if kind in (TermKind.NUMBER, TermKind.QUANTIFIER) and (parts.last == parts.start or "list" in parts.features):
            return match.last - cursor
        joins = kind is TermKind.COORDINATOR and (parts.named or parts.country)
        if joins and _names_follow(tokens, match.last) and not _opens_clause(tokens, match.last, language):
            parts.features.add("list")
            return match.last - cursor
    if token.term(TermKind.NO_PLACE) and any(t.term(TermKind.PLACE_NOUN) for t in tokens[cursor + 1 : cursor + 2]):
        return 1  # "the Christian village of X"
    if token.form == "," and _lists(tokens, cursor + 1, parts):
        parts.features.add("list")
        return 1
    if token.form in language.orthography.possessive and parts.country is not None:
        entry = parts.country.term.entry  # "Russia's Belgorod region"
        parts.nation, parts.country = (entry.code if entry else None), None
        parts.features.add("owned")
        return 1
    unnamed = parts.noun is not None and parts.named is None and parts.name_first is None
    if unnamed and language.orthography.adjectives_follow and describes_before_owner(tokens, cursor):
        return 1  # "la région occupée de X", "la ville portuaire de X"
    if token.terms or (token.verbs and token.form[0].islower()):
        return 0
    return _take_unlisted(tokens, token, parts, cursor, language)


def _goes_on(token: Token, parts: PlaceParts, language: Language) -> bool:
    """Behind a name only a genitive belongs to it: "in Lomé der Hauptstadt Togos", not "in Moskau das Dorf"."""
    named = parts.named is not None or parts.country is not None
    return not named or not language.orthography.genitive_endings or token.has(TermKind.DETERMINER, "genitive")


def _lists(tokens: list[Token], index: int, parts: PlaceParts) -> bool:
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
            return _names_follow(tokens, match.last + 1)
        if follows.form != ",":
            return False
        index = match.last + 1
    return False


def _opens_clause(tokens: list[Token], index: int, language: Language) -> bool:
    """ "to Somalia and Burundi will follow", "to Estonia and Paris 300": the name is no second place."""
    if language.orthography.verb_final:
        return False
    last = max((match.last for match in tokens[index].terms), default=index + 1)
    if last >= len(tokens):
        return False
    after = tokens[last]
    return after.form[0].isdigit() or any(r.form in FINITE for r in after.verbs)


def _is_function_word(token: Token) -> bool:
    return any(m.term.kind in (TermKind.DETERMINER, TermKind.RELATOR, TermKind.COORDINATOR) for m in token.terms)


def _names_follow(tokens: list[Token], index: int) -> bool:
    while index < len(tokens) and (tokens[index].term(TermKind.DETERMINER) or tokens[index].term(TermKind.NUMBER)):
        index += 1
    if index >= len(tokens):
        return False
    return any(m.term.kind in (TermKind.PLACE, TermKind.NATION) for m in tokens[index].terms) and not any(
        m.term.sort == EntryKind.ADJECTIVE.value for m in tokens[index].terms
    )


def _unlisted_follows(tokens: list[Token], index: int, language: Language) -> bool:
    """A name in no list, as in "the town of Dolna": only where a capital letter means a name."""
    if language.orthography.capitalised_nouns or index >= len(tokens):
        return False
    token = tokens[index]
    return token.form[0].isupper() and not token.terms and not token.inside and not is_hyphenated_adjective(token.form)


def is_hyphenated_adjective(form: str) -> bool:
    """A name in its first part only: "French-led", "US-geführt"."""
    first, hyphen, last = form.rpartition("-")
    return bool(hyphen) and bool(first) and first[0].isupper() and last.islower()


def _take_name(match: Match, parts: PlaceParts, cursor: int) -> int:
    entry = match.term.entry
    if entry is None:
        return 0
    size = match.last - cursor
    if match.term.sort == EntryKind.ADJECTIVE.value:
        if parts.named or parts.country:
            return 0
        parts.nation = parts.nation or entry.code
        return size
    if match.term.sort == EntryKind.DEMONYM.value:
        return 0
    if entry.place is not None and entry.place.kind is not PlaceKind.COUNTRY:
        if parts.named is None:
            parts.named = match
            parts.head = cursor
        return size
    if match.term.sort in (EntryKind.NATION.value, EntryKind.METONYM.value):
        if parts.noun is not None or parts.named is not None or parts.name_first is not None:
            parts.nation = parts.nation or entry.code
            parts.features.add("owned")
        elif parts.country is None:
            parts.country = match
            parts.head = cursor
        return size
    return 0


def _looks_like_noun(token: Token, language: Language) -> bool:
    endings = language.orthography.noun_endings
    return bool(endings) and token.lower.endswith(endings)


def _take_unlisted(tokens: list[Token], token: Token, parts: PlaceParts, cursor: int, language: Language) -> int:
    """Adjectives before the name, and capitalised words no list knows."""
    first = token.form[0]
    if is_hyphenated_adjective(token.form) and parts.name_first is None:
        return 1
    if begins_name(token.form):
        if parts.name_first is None:
            if parts.named is not None or parts.country is not None:
                return 0
            parts.name_first = cursor
            parts.head = cursor
        elif parts.name_last != cursor or _looks_like_noun(token, language):
            return 0
        parts.name_last = cursor + 1
        return 1
    if parts.name_first is not None or parts.named is not None or parts.country is not None:
        return 0
    if parts.noun is not None:
        return 0
    if first.islower() or first.isdigit() or (token.form == "." and tokens[cursor - 1].form.isdigit()):
        return 1
    return 0
