"""Part of step 4: what a place phrase takes in, word by word: the nation, the place noun, names, adjectives between."""

from services.extractor.document import Document, Sentence, Token
from services.extractor.fold_names import begins_name
from services.extractor.gazetteer_model import EntryKind, PlaceKind
from services.extractor.lexicon import Language
from services.extractor.steps.adjectives_behind import describes_before_owner
from services.extractor.steps.place_lists import lists_names, names_follow, opens_clause, take_joined
from services.extractor.steps.place_parts import PlaceParts
from services.extractor.steps.relative_pronouns import opens_that_clause
from services.extractor.terms import Match
from services.extractor.vocabulary import NAMES, TermKind

MAX_PHRASE_TOKENS = 12
_NAMED_NOUNS = frozenset({"capital", "town", "site", "region"})
_FUNCTION_WORDS = frozenset({TermKind.DETERMINER, TermKind.RELATOR, TermKind.COORDINATOR})
_NOUNS = frozenset({TermKind.PLACE_NOUN, TermKind.ANAPHOR, TermKind.NUMBER, TermKind.QUANTIFIER})
_TAKEN = NAMES | _NOUNS | _FUNCTION_WORDS
"""What a place phrase may take in."""


def scan_place(document: Document, sentence: Sentence, start: int, language: Language) -> PlaceParts | None:
    """The parts of the phrase from token `start`; None if no word there belongs to a place."""
    tokens = document.tokens
    parts = PlaceParts(start)
    cursor = start
    while cursor < min(sentence.last, start + MAX_PHRASE_TOKENS):
        token = tokens[cursor]
        direction = language.gazetteer.is_direction(token.form, language.code)
        step = _take(tokens, cursor, parts, language)
        if step == 0 and direction and names_follow(tokens, cursor + 1):
            step = 1  # "western Niger", though "western" says more than a direction
        if step == 0 and parts.noun is None:
            step = take_joined(tokens, parts, cursor, language)
        if step == 0:
            break
        if parts.direction_at is None and direction:
            parts.direction_at = cursor
        cursor += step
        if not _is_function_word(token) and (token.form[0].isupper() or token.terms or begins_name(token.form)):
            parts.last = cursor
    return parts if parts.last > start else None


def _take(tokens: list[Token], cursor: int, parts: PlaceParts, language: Language) -> int:
    """How many tokens the word at the cursor adds to the phrase; 0 where the phrase ends."""
    token = tokens[cursor]
    for match in token.terms:
        step = _take_term(tokens, match, parts, language)
        if step is not None:
            return step
    if token.term(TermKind.NO_PLACE) and any(_is_place_noun(t) for t in tokens[cursor + 1 : cursor + 2]):
        return 1  # "the Christian village of X", "the southern African country"
    if token.form == "," and _names_the_noun(tokens, cursor + 1, parts):
        return 1
    if token.form == "," and lists_names(tokens, cursor + 1, parts):
        parts.features.add("list")
        return 1
    if token.form in language.orthography.possessive and parts.country is not None:
        entry = parts.country.term.entry  # "Russia's Belgorod region"
        parts.nation, parts.country = (entry.code if entry else None), None
        parts.features.add("owned")
        return 1
    if token.form in language.orthography.possessive and parts.nation is not None and parts.last == cursor:
        return 1  # "three sectors of Mali's Gao region"
    unnamed = parts.noun is not None and parts.named is None and parts.name_first is None
    if unnamed and language.orthography.adjectives_follow and describes_before_owner(tokens, cursor):
        return 1  # "la région occupée de X", "la ville portuaire de X"
    if "-" in token.form and token.term(TermKind.FORCE) and _is_kind_of(tokens, cursor, parts, language):
        return 1  # "in das Nato-Mitglied | Lettland"
    if token.terms or (token.verbs and token.form[0].islower()):
        return 0
    return _take_unlisted(tokens, cursor, parts, language)


def _take_term(tokens: list[Token], match: Match, parts: PlaceParts, language: Language) -> int | None:
    """How many tokens an entry of the language data adds to the phrase; None if it says nothing of places."""
    kind, cursor, size = match.term.kind, match.first, match.last - match.first
    if kind not in _TAKEN:
        return None
    if kind in (TermKind.DETERMINER, TermKind.ANAPHOR) and not _goes_on(tokens[cursor], parts, cursor, language):
        return 0
    if kind is TermKind.ANAPHOR and cursor > parts.start and opens_that_clause(tokens, cursor):
        return 0
    if kind is TermKind.DETERMINER:
        return size
    if kind is TermKind.ANAPHOR and parts.start < parts.last == cursor and match.term.sort == "demonstrative":
        return 0  # "to the border this week"
    if kind is TermKind.ANAPHOR and match.term.sort in ("owner", "demonstrative"):
        parts.features.add("possessive" if match.term.sort == "owner" else "definite")
        return size
    if kind is TermKind.ANAPHOR and match.term.sort in ("country", "neighbour"):
        parts.features.add(match.term.sort)
        parts.head = cursor
        return size
    if kind in (TermKind.PLACE, TermKind.NATION, TermKind.ORGANISATION):
        if parts.head == cursor - 1 and not tokens[cursor].lower.endswith(language.orthography.genitive_endings):
            parts.features.discard("neighbour")  # "im Nachbarland Benin", not "im Nachbarland Benins"
        if (parts.noun is not None and _describes_force(tokens, match)) or _is_a_thing(tokens, cursor, match.last):
            return 0
        return _take_name(match, parts)
    if kind is TermKind.PLACE_NOUN:
        known = parts.named is not None or parts.country is not None
        if known and match.term.sort not in ("border", "coast", "site", "town", "region", "capital"):
            return 0
        if match.term.sort in _NAMED_NOUNS and _is_called_behind(tokens, match, parts, language):
            parts.named = None  # "the Red Sea | port of Assab"
        parts.noun = match
        parts.features.add("noun:" + (match.term.sort or "site"))
        parts.head = cursor
        return size
    if kind is TermKind.RELATOR and match.term.roles & {"of", "border"} and parts.noun is not None:
        follows = names_follow(tokens, match.last) or _unlisted_follows(tokens, match.last, language)
        leaves = "origin" in match.term.roles and is_home(tokens, match.first)
        return size if follows and parts.named is None and not leaves else 0
    listed = "list" in parts.features and tokens[cursor].term(TermKind.RELATOR) is None  # not "… | über den Fluss X"
    if kind in (TermKind.NUMBER, TermKind.QUANTIFIER) and (parts.last == parts.start or listed):
        return size
    sides = parts.nation is not None and "noun:border" in parts.features  # "the border between X and Y"
    joins = kind is TermKind.COORDINATOR and (parts.named or parts.country or sides)
    if joins and names_follow(tokens, match.last) and not opens_clause(tokens, match.last, language):
        parts.features.add("list")
        return size
    return None


def _is_called_behind(tokens: list[Token], noun: Match, parts: PlaceParts, language: Language) -> bool:
    """Whether the noun behind a name has a name of its own behind "of"."""
    if parts.named is None or parts.named.last != noun.first or noun.last >= len(tokens):
        return False
    relator = tokens[noun.last].term(TermKind.RELATOR)
    if relator is None or not tokens[noun.last].leads("of") or relator.last >= len(tokens):
        return False
    listed = tokens[relator.last].term(TermKind.PLACE) is not None
    return listed or _unlisted_follows(tokens, relator.last, language)


def _describes_force(tokens: list[Token], nation: Match) -> bool:
    """ "ins Lager der ugandischen Soldaten", "a base of the French army": whose forces they are, not where."""
    return (
        nation.term.sort == EntryKind.ADJECTIVE.value
        and nation.last < len(tokens)
        and tokens[nation.last].term(TermKind.FORCE) is not None
    )


def is_home(tokens: list[Token], end: int) -> bool:
    """ "returned to base from X", "to their barracks from X": the noun before `end` has an owner, or needs none."""
    if end < 2 or tokens[end - 1].term(TermKind.PLACE_NOUN) is None:
        return False
    relator = tokens[end - 2].term(TermKind.RELATOR)
    bare = relator is not None and "goal" in relator.term.roles and not relator.term.article
    return bare or tokens[end - 2].has(TermKind.ANAPHOR, "owner")


def _goes_on(token: Token, parts: PlaceParts, cursor: int, language: Language) -> bool:
    """Behind a noun or name only a genitive belongs to it: "in Lomé der Hauptstadt Togos", not "in Moskau das Dorf",
    "in drei Provinzen den Notstand"; behind what joins a second name any article does, "in Polen und den USA"."""
    if "list" in parts.features and parts.last < cursor:
        return True
    unlisted = (parts.name_first is not None or parts.noun is not None) and token.term(TermKind.DETERMINER) is not None
    named = unlisted or parts.named is not None or parts.country is not None
    return not named or not language.orthography.genitive_endings or token.has(TermKind.DETERMINER, "genitive")


def _is_place_noun(token: Token) -> bool:
    return token.term(TermKind.PLACE_NOUN) is not None or token.has(TermKind.ANAPHOR, "country")


def _names_the_noun(tokens: list[Token], index: int, parts: PlaceParts) -> bool:
    """ "the capital, Lilongwe," "its main port, Beira.": a name between signs behind a place noun."""
    if parts.noun is None or parts.noun.term.sort not in _NAMED_NOUNS or parts.noun.last != index - 1:
        return False
    names = [m for m in tokens[index].terms if m.term.kind is TermKind.PLACE] if index < len(tokens) else []
    return bool(names) and (names[0].last >= len(tokens) or not tokens[names[0].last].form[0].isalnum())


def _is_function_word(token: Token) -> bool:
    return any(m.term.kind in _FUNCTION_WORDS for m in token.terms)


def _unlisted_follows(tokens: list[Token], index: int, language: Language) -> bool:
    """A name in no list, as in "the town of Dolna": only where a capital letter means a name."""
    if language.orthography.capitalised_nouns or index >= len(tokens):
        return False
    token = tokens[index]
    return token.form[0].isupper() and not token.terms


def is_hyphenated_adjective(form: str) -> bool:
    """A name in its first part only: "French-led", "US-geführt"."""
    first, hyphen, last = form.rpartition("-")
    return bool(hyphen) and bool(first) and first[0].isupper() and last.islower()


def _is_a_thing(tokens: list[Token], first: int, last: int) -> bool:
    """ "behind a Hercules with running engines": no town, since there is one of each; "in a Kyiv suburb" it is one."""
    behind = tokens[last] if last < len(tokens) else None
    ends = behind is None or behind.term(TermKind.RELATOR) is not None or not behind.form[0].isalnum()
    return ends and first > 0 and tokens[first - 1].has(TermKind.DETERMINER, "indefinite")


def _take_name(match: Match, parts: PlaceParts) -> int:
    entry, size = match.term.entry, match.last - match.first
    if entry is None or match.term.sort == EntryKind.DEMONYM.value:
        return 0
    if match.term.sort == EntryKind.ADJECTIVE.value:
        if parts.named or parts.country:
            return 0
        parts.nation = parts.nation or entry.code
        return size
    if entry.place is not None and entry.place.kind is not PlaceKind.COUNTRY:
        if parts.named is None:
            parts.named = match
            parts.head = match.first
        return size
    if match.term.sort in (EntryKind.NATION.value, EntryKind.METONYM.value):
        if parts.country is not None and parts.country.last == match.first and "list" not in parts.features:
            return 0  # "haben Soldaten aus Peru | Haiti verlassen"
        if parts.noun is not None or parts.named is not None or parts.name_first is not None:
            parts.nation = parts.nation or entry.code
            parts.features.add("owned")
        elif parts.country is None:
            parts.country = match
            parts.head = match.first
        return size
    return 0


def _take_unlisted(tokens: list[Token], cursor: int, parts: PlaceParts, language: Language) -> int:
    """Adjectives before the name, and capitalised words no list knows."""
    token = tokens[cursor]
    if is_hyphenated_adjective(token.form) and parts.name_first is None:
        return 1
    if begins_name(token.form):
        if _is_kind_of(tokens, cursor, parts, language):
            return 1
        if _is_a_thing(tokens, cursor, cursor + 1):
            return 0
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
    if parts.noun is not None or token.is_year:
        return 0  # "In 2015 Spain sent …"
    ordinal = token.form == "." and tokens[cursor - 1].form.isdigit()
    return int(token.form[0].islower() or token.form[0].isdigit() or ordinal)


def _is_kind_of(tokens: list[Token], cursor: int, parts: PlaceParts, language: Language) -> bool:
    """ "in das Partnerland | Ghana", "in den Nato-Staat Lettland": a noun in no list right before a country's name."""
    behind = tokens[cursor + 1] if cursor + 1 < len(tokens) else None
    if behind is None or not language.orthography.capitalised_nouns or parts.name_first is not None:
        return False
    genitive = behind.lower.endswith(language.orthography.genitive_endings)
    return behind.has(TermKind.NATION, EntryKind.NATION.value) and not genitive


def _looks_like_noun(token: Token, language: Language) -> bool:
    return token.form[0].isupper() and token.lower.endswith(language.orthography.noun_endings)
