"""What the parts of a place phrase name: name, country and canonical key of a place mention."""

from services.extractor.document import Document, Mention, Sentence, Token
from services.extractor.gazetteer_model import EntryKind, Place, PlaceKind
from services.extractor.lexicon import Language
from services.extractor.steps.place_parts import PlaceParts
from services.extractor.terms import Match
from services.extractor.vocabulary import TermKind

MIN_NAME = 4
_NATION = EntryKind.NATION.value
_LINES = frozenset({"border", "coast", "sea"})
_NAMED_NOUNS = frozenset({"region", "town", "site", "capital", "point"})
"""Place nouns before which a word that no list knows is a name."""


def resolve_place(
    document: Document, sentence: Sentence, mention: Mention, parts: PlaceParts, language: Language
) -> None:
    """Sets name, country and key of the mention by the part of its phrase that tells most."""
    mention.code = parts.nation
    noun, named, country = parts.noun, parts.named, parts.country
    nations = (parts.nation,) if parts.nation else ()
    if noun is not None and _is_area_of(document.tokens, parts, noun):
        mention.features = (mention.features - {"noun:border"}) | {"noun:region", "border:area"}
    if noun is not None and noun.term.sort in _LINES and "noun:region" not in mention.features:
        owners = _with_nations(document.tokens, noun.first, mention, language)
        mention.name = document.words(sentence, min(owners, parts.direction_at or noun.first), mention.last)
        mention.country = parts.nation if "noun:side" in parts.features else None
        others = _past_nations(document.tokens, mention.last, sentence.last) if parts.nation else None
        if others is not None:  # "im Grenzgebiet von Mali, Niger und Burkina Faso"
            mention.features, mention.last = mention.features | {"list"}, others
    elif named is not None and "list" in parts.features:
        name = document.words(sentence, named.first, mention.last)  # "Goma and Bukavu"
        _set_place(mention, name, language.place(name, nations))
        mention.country = mention.country or parts.nation
    elif named is not None and named.term.entry is not None:
        if "country" in mention.features and named.term.entry.code is None and named.last == parts.head:
            return  # "in the Horn of Africa nation": which one, was told before
        _set_place(mention, document.words(sentence, named.first, named.last), named.term.entry.place)
        _read_longer(document, sentence, mention, named, language)
        mention.country = mention.country or parts.nation
    elif country is not None and "list" in parts.features:
        name = document.words(sentence, country.first, mention.last)
        _set_place(mention, name, language.place(name, nations))
        if mention.country is None:  # else they are parts of one: "England and Wales"
            mention.features |= {"several"}
    elif country is not None and country.term.entry is not None:
        mention.country = country.term.entry.code
        if parts.direction_at is not None and parts.direction_at < country.first:
            name = document.words(sentence, parts.direction_at, mention.last)  # "northern Syria"
            _set_place(mention, name, language.place(name, nations))
    elif parts.name_first is not None and parts.name_last is not None:
        _resolve_unlisted(document, sentence, mention, parts, language)
    elif noun is not None:
        _resolve_noun(document, sentence, mention, parts, language)
    elif parts.nation is not None and not mention.features:
        mention.last = mention.first  # an adjective without a place noun says nothing of a place
        mention.code = None


def _past_nations(tokens: list[Token], index: int, last: int) -> int | None:
    """The end of the countries that go on a list, ", Niger and Burkina Faso"; not ", Ukraine's minister said"."""
    joined = False
    while index + 1 < last and tokens[index].joins and tokens[index + 1].has(TermKind.NATION, _NATION):
        joined = tokens[index].form != ","
        nation = tokens[index + 1].term(TermKind.NATION)
        index = nation.last if nation is not None else last
    return index if joined else None


def _is_area_of(tokens: list[Token], parts: PlaceParts, noun: Match) -> bool:
    """ "Grenzregion X", "border states of X and Y": a name right behind, or one of a longer noun, is the area itself;
    behind "border with" it is what lies beyond."""
    if "noun:border" not in parts.features or (parts.named is None and parts.name_first is None):
        return False
    name_at = parts.named.first if parts.named is not None else parts.name_first
    between = tokens[noun.last : name_at]
    return name_at is not None and name_at >= noun.last and not any(token.leads("border") for token in between)


def _with_nations(tokens: list[Token], index: int, mention: Mention, language: Language) -> int:
    """ "die | russisch-ukrainische | Grenze", "Poland's | border": where the nations before the noun begin."""
    while index > mention.first + 1 and _nation_adjective(tokens[index - 1]):
        index -= 1
    genitive = bool(language.orthography.genitive_endings) and tokens[index - 1].has(TermKind.NATION, _NATION)
    if genitive and index > mention.first + 1:
        return index - 1  # "Kenias Grenze"
    if index > mention.first + 2 and tokens[index - 1].form in language.orthography.possessive:
        index -= 2
    return index


def _resolve_noun(
    document: Document, sentence: Sentence, mention: Mention, parts: PlaceParts, language: Language
) -> None:
    """ "im Osten", "the north of Mali", "its northern regions", "the Malian town": a common noun alone, of a nation or
    of none."""
    mention.country, noun = parts.nation, parts.noun
    if noun is None:
        return
    if _holds_name(document.tokens[noun.first].form, language):
        name = document.words(sentence, noun.first, mention.last)
        _set_place(mention, name, language.place(name, document.countries))
        mention.features |= {"named"}
        return
    part = parts.direction_at if noun.term.sort in ("region", "site", "zone") else None
    name = document.words(sentence, noun.first if part is None else min(part, noun.first), mention.last)
    if noun.term.sort == "zone":
        mention.name = name
    elif noun.term.sort != "point" and part is None:
        return
    elif parts.nation is not None:
        _set_place(mention, name, language.place(name, (parts.nation,)))
        mention.country = mention.country or parts.nation
    else:
        mention.name = name
        mention.features |= {"compass"}


def _resolve_unlisted(
    document: Document, sentence: Sentence, mention: Mention, parts: PlaceParts, language: Language
) -> None:
    """ "the town of X", "in X": capitalised words that no list knows, where they may be a place."""
    first, last, noun = parts.name_first, parts.name_last, parts.noun
    if first is None or last is None:
        return
    mention.last = max(mention.last, last)
    capitals = language.orthography.capitalised_nouns
    if noun is not None and noun.last == first and document.tokens[noun.first].form[0].isupper() and not capitals:
        first = noun.first  # "Camp Harlow" is a name as a whole
    name = document.words(sentence, first, last)
    common = noun is None and _common_word(document, first, mention, language)
    part = not common or language.gazetteer.may_name_part(name, language.code)  # "in der Ostukraine"
    place = language.place(name, (parts.nation,)) if parts.nation else None
    if part and not parts.nation:
        place = _town_of(name, language, document.countries)
    known_part = place is not None and part and place.kind is PlaceKind.PART
    own = place is not None and place.kind is PlaceKind.TOWN and place.country == parts.nation  # "ins malische Gao"
    if common and parts.nation and _ends_as_names_do(name, language):
        _set_place(mention, name, place)  # "ins haitianische Kuridzo"
        mention.country, mention.features = parts.nation, mention.features | {"named"}
        return
    if common and not (known_part or own):
        mention.features &= {"country", "neighbour"}
        mention.code = None
        return
    if place is not None and parts.nation is not None and place.country not in (None, parts.nation):
        place = None  # "das libanesische Dorf X" is no town of Syria
    known = place is not None and place.kind is not PlaceKind.UNKNOWN
    if not known and noun is not None and first < noun.first and capitals:
        return  # "in den Häusern der Stadt": a name stands behind its noun
    called = noun is not None and (noun.term.sort in _NAMED_NOUNS or "border:area" in mention.features)
    if known or called:
        _set_place(mention, name, place)
        mention.country = mention.country or parts.nation
        mention.features |= {"named"} if called else frozenset()
        return
    mention.features, mention.code = frozenset(), None
    if (
        place is not None
        and _may_be_name(document, first, mention, language)
        and _may_be_guessed(document, sentence, last, language)
    ):
        mention.last = last
        foreign = _is_no_noun(document.tokens, mention, language)
        mention.features = frozenset({"guess", "foreign"} if foreign else {"guess"})
        _set_place(mention, name, place)


def _town_of(name: str, language: Language, countries: tuple[str, ...]) -> Place | None:
    """A name in no list: a town of one of these countries, or a big one; of a story of one country, any known one."""
    place = language.place(name, countries)
    if place is not None and place.kind is PlaceKind.UNKNOWN and len(countries) == 1:
        return language.place(name)
    return place


def _read_longer(document: Document, sentence: Sentence, mention: Mention, named: Match, language: Language) -> None:
    """ "Minsk Mazowiecki" is not Minsk: a listed name with one more capitalised word may be another town's."""
    if named.last >= sentence.last:
        return
    after = document.tokens[named.last]
    if after.terms or not after.form[0].isupper():
        return
    name = document.words(sentence, named.first, named.last + 1)
    place = language.gazetteer.town(name)
    if place is not None:
        mention.last = named.last + 1
        _set_place(mention, name, place)


def _may_be_guessed(document: Document, sentence: Sentence, last: int, language: Language) -> bool:
    """Whether capitalised words in no list can be a place where capitals mean names: outside headlines, and as a noun:
    not before another noun ("to Nordic combined") or as an owner."""
    if language.orthography.capitalised_nouns:
        return True
    if sentence.field == "title":
        return False
    if last >= sentence.last:
        return True
    after = document.tokens[last]
    if after.form in language.orthography.possessive:
        return False
    return bool(after.terms or after.verbs) or not after.form[0].isalpha()


def _common_word(document: Document, index: int, mention: Mention, language: Language) -> bool:
    """In a language that writes all nouns with a capital, a listed town after an article or adjective is a noun."""
    relator = document.tokens[mention.first].term(TermKind.RELATOR)
    if relator is None or not language.orthography.capitalised_nouns:
        return False
    return relator.term.article or index != relator.last


def _may_be_name(document: Document, index: int, mention: Mention, language: Language) -> bool:
    """A capitalised word in no list, right after the relator: a village, unless it looks like a plain noun."""
    relator = document.tokens[mention.first].term(TermKind.RELATOR)
    token = document.tokens[index]
    if relator is None and mention.role is None and index == mention.first:
        return not language.orthography.capitalised_nouns
    of_place = mention.first > 0 and document.tokens[mention.first - 1].term(TermKind.PLACE_NOUN) is not None
    if relator is None or not (relator.term.names or of_place) or index != relator.last:
        return False  # "den Hafen | von X"
    if token.term(TermKind.NO_PLACE) is not None or token.form.isupper() or len(token.form) < MIN_NAME:
        return False
    foreign = token.lower.endswith(language.orthography.name_endings)
    return foreign or not token.lower.endswith(language.orthography.noun_endings)


def _holds_name(form: str, language: Language) -> bool:
    """ "in die mittlere | Schabelle-Region": a name joined to the place noun by a hyphen, no "US-" and no "Nato-"."""
    name, hyphen, _ = form.rpartition("-")
    return bool(hyphen) and name[:1].isupper() and not name.isupper() and not language.terms.terms_of(name.lower())


def _ends_as_names_do(name: str, language: Language) -> bool:
    word, endings = name.lower(), language.orthography
    return word.endswith(endings.name_endings) and not word.endswith(endings.noun_endings)


def _is_no_noun(tokens: list[Token], place: Mention, language: Language) -> bool:
    """A word in no list that ends or begins as names do, or says where a base is: "in al-Udaid", "seine Basis in X"."""
    name = tokens[place.head : place.last]
    of_base = place.first > 0 and tokens[place.first - 1].has(TermKind.PLACE_NOUN, "site")
    foreign = any(token.lower.endswith(language.orthography.name_endings) for token in name)
    return foreign or of_base or name[0].form[0].islower()


def _nation_adjective(token: Token) -> bool:
    return any(match.term.sort == EntryKind.ADJECTIVE.value for match in token.terms) or "-" in token.form


def _set_place(mention: Mention, name: str, place: Place | None) -> None:
    mention.name = name
    if place is None:
        return
    mention.country = place.country
    mention.key = place.key
    mention.within = place.within
    if place.kind is PlaceKind.PART:
        mention.features |= {"part"}
    if place.key.startswith("border:"):
        mention.features |= {"noun:border"}  # a river between two states
