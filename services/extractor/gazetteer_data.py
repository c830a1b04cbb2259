"""Reads and checks the gazetteer's TOML: world.toml, and nations, organisations, places of each language folder."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError, get_global

from services.extractor.gazetteer_model import PlaceKind
from services.extractor.gazetteer_towns import Region, read_towns

# CLDR's code for Kosovo differs from the one in use.
_CLDR_TO_ALPHA3 = {"XK": "XKX"}
# CLDR still resolves these: Burma, East Germany, metropolitan France, its own Kosovo, East Timor, South Yemen, Zaire.
_WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "XKK", "TMP", "YMD", "ZAR", "QUU"})

Endings = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class World:
    """Language-independent data. `case_endings`: endings to try without, for languages that have no folder yet."""

    countries: Mapping[str, str]  # alpha-3 → CLDR territory code
    regions: Mapping[str, Region]
    organisations: Mapping[str, str]  # code → alliance | armed_group
    case_endings: Mapping[str, tuple[str, ...]]
    lemma_endings: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]  # "LBN.s" → the key of a listed region
    region_words: tuple[str, ...]
    ship_prefixes: Mapping[str, tuple[str, ...]]  # country → what stands before the names of its warships
    ships: Mapping[str, str]  # words of a warship's name → its country
    mission_hosts: Mapping[str, str]  # name of a mission in capitals → the country it is in
    held_by: Mapping[str, tuple[str, ...]]  # country or region → the regions and borders that hold it

    def within(self, key: str) -> tuple[str, ...]:
        """Keys around a listed region, nearest first: those inside its country, the country, those that hold it."""
        country = self.regions[key].country
        around = self.around(country)
        inner = tuple(outer for outer in self._outwards(key) if outer not in around)
        return inner + around

    def around(self, country: str | None) -> tuple[str, ...]:
        """The country and the keys of the regions that hold it, nearest first."""
        return (country, *self._outwards(country)) if country is not None else ()

    def _outwards(self, key: str) -> tuple[str, ...]:
        region = self.regions.get(key)
        found: dict[str, None] = {}
        for outer in (*(region.within if region else ()), *self.held_by.get(key, ())):
            found[outer] = None
            found.update(dict.fromkeys(self._outwards(outer)))
        return tuple(found)


@dataclass(frozen=True)
class NationNames:
    names: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    forces: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Direction:
    """`compounds` are written together with a name (Nordsyrien), `adjectives` before it, `nouns` stand alone.
    `adjective_stems` are those that the data end with "*": any ending fits."""

    compounds: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    adjective_stems: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceWords:
    """The language's grammar of place phrases; all words lower case."""

    articles: frozenset[str] = frozenset()
    elisions: frozenset[str] = frozenset()  # articles and links written together with the next word: "l'"
    joiners: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    borders: tuple[str, ...] = ()
    coasts: tuple[str, ...] = ()
    region_words: frozenset[str] = frozenset()
    own_country: frozenset[str] = frozenset()
    no_places: frozenset[str] = frozenset()
    meaning: frozenset[str] = frozenset()  # all of the above but the elisions, borders and coasts
    directions: Mapping[str, Direction] = field(default_factory=dict)
    direction_starts: frozenset[str] = frozenset()  # first two letters of all their words


@dataclass(frozen=True)
class LanguageNames:
    language: str
    nations: Mapping[str, NationNames]
    organisations: Mapping[str, tuple[str, ...]]
    missions: Mapping[str, tuple[str, ...]]
    media: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    words: PlaceWords
    name_endings: Endings
    adjective_endings: Endings
    demonym_endings: Endings
    adjective_capitals: bool


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{path}: {error}") from error


def load_world(path: Path) -> World:
    """Raises ValueError naming the key where a region lies within an unlisted one."""
    data = _read(path)
    regions = {}
    for key, value in data.get("regions", {}).items():
        regions[key] = Region(
            key=key,
            country=value.get("country"),
            within=tuple(value.get("within", ())),
            kind=PlaceKind(value.get("kind", "region")),
            admin1=value.get("admin1"),
            names=tuple(value.get("names", ())),
        )
    countries = _countries()
    towns = path.with_name("towns.toml")
    read_towns(towns, _read(towns), regions, countries)
    for region in regions.values():
        for outer in region.within:
            if outer not in regions:
                raise ValueError(f"{path}: {region.key} lies within {outer}, which [regions] does not list")
        if region.country is not None and region.country not in countries:
            raise ValueError(f"{path}: {region.key} has the unknown country {region.country}")
    for mission, country in data.get("mission_hosts", {}).items():
        if country not in countries:
            raise ValueError(f"{path}: [mission_hosts] {mission} has the unknown country {country}")
    for table in ("ship_prefixes", "ships"):
        for country in data.get(table, {}):
            if country not in countries:
                raise ValueError(f"{path}: [{table}] has the unknown country {country}")
    held_by: dict[str, tuple[str, ...]] = {}
    for holder, members in data.get("holds", {}).items():
        if holder not in regions and not holder.startswith("border:"):
            raise ValueError(f"{path}: [holds] {holder} is not in [regions]")
        for member in members:
            if member not in regions and member not in countries:
                raise ValueError(f"{path}: [holds] {holder} holds the unknown {member}")
            held_by[member] = (*held_by.get(member, ()), holder)
    return World(
        countries=countries,
        regions=regions,
        organisations=dict(data.get("organisations", {})),
        case_endings={language: tuple(endings) for language, endings in data.get("case_endings", {}).items()},
        aliases=dict(data.get("aliases", {})),
        lemma_endings={language: tuple(endings) for language, endings in data.get("lemma_endings", {}).items()},
        region_words=tuple(data.get("region_words", ())),
        ship_prefixes={country: tuple(found) for country, found in data.get("ship_prefixes", {}).items()},
        ships={name.lower(): country for country, names in data.get("ships", {}).items() for name in names},
        mission_hosts=dict(data.get("mission_hosts", {})),
        held_by=held_by,
    )


def _countries() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    territories = Locale("en").territories
    countries = {
        alpha3: found[0]
        for alpha3, found in aliases.items()
        if len(alpha3) == 3 and alpha3.isalpha() and len(found) == 1 and found[0] in territories
        if alpha3 not in _WITHDRAWN
    }
    return {**countries, **{alpha3: alpha2 for alpha2, alpha3 in _CLDR_TO_ALPHA3.items()}}


def load_language(languages_dir: Path, language: str, world: World) -> LanguageNames:
    """Raises ValueError naming file and key where a code or place key is unknown."""
    folder = languages_dir / language
    nations = _read(folder / "nations.toml")
    organisations = _read(folder / "organisations.toml")
    places = _read(folder / "places.toml")
    listed: dict[str, NationNames] = {}
    for code, value in nations.get("nations", {}).items():
        if code not in world.countries:
            raise ValueError(f"{folder / 'nations.toml'}: {code} is no ISO 3166-1 alpha-3 code")
        listed[code] = NationNames(**{slot: tuple(forms) for slot, forms in value.items()})
    for key in places.get("names", {}):
        if key not in world.regions:
            raise ValueError(f"{folder / 'places.toml'}: {key} is not in world.toml [regions]")
    for code in (*organisations.get("organisations", {}), *organisations.get("missions", {})):
        if code not in world.organisations:
            raise ValueError(f"{folder / 'organisations.toml'}: {code} is not in world.toml [organisations]")
    inflection = nations.get("inflection", {})
    return LanguageNames(
        language=language,
        nations=_with_cldr_names(language, listed, world),
        organisations={code: tuple(names) for code, names in organisations.get("organisations", {}).items()},
        missions={code: tuple(names) for code, names in organisations.get("missions", {}).items()},
        media=tuple(organisations.get("media", ())),
        places={key: tuple(names) for key, names in places.get("names", {}).items()},
        words=_place_words(places),
        name_endings=_endings(inflection.get("names", ())),
        adjective_endings=_endings(inflection.get("adjectives", ())),
        demonym_endings=_endings(inflection.get("demonyms", ())),
        adjective_capitals=bool(inflection.get("adjective_capitals", False)),
    )


def _endings(rules: Any) -> Endings:
    pairs = tuple((ending, tuple(forms)) for ending, forms in rules) or (("", ("",)),)
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _with_cldr_names(language: str, listed: Mapping[str, NationNames], world: World) -> dict[str, NationNames]:
    try:
        territories: Mapping[str, str] = Locale.parse(language).territories
    except UnknownLocaleError:
        territories = {}
    nations = {}
    for alpha3, territory in world.countries.items():
        own = listed.get(alpha3, NationNames())
        given = territories.get(territory, "")
        # CLDR writes "Myanmar (Birma)": both are names.
        cldr = [part.strip() for part in given.rstrip(")").split("(") if part.strip()]
        nations[alpha3] = NationNames(
            names=tuple(dict.fromkeys([*cldr, *own.names])),
            adjectives=own.adjectives,
            demonyms=own.demonyms,
            metonyms=own.metonyms,
            forces=own.forces,
            agencies=own.agencies,
        )
    return nations


def _place_words(data: Mapping[str, Any]) -> PlaceWords:
    words = data.get("words", {})
    sets = {
        slot: frozenset(word.lower() for word in words.get(slot, ()))
        for slot in (
            "articles",
            "elisions",
            "joiners",
            "links",
            "between",
            "region_words",
            "own_country",
            "no_places",
        )
    }
    meaning = frozenset[str]().union(*(sets[slot] for slot in sets if slot != "elisions"))
    borders, coasts = (tuple(word.lower() for word in words.get(slot, ())) for slot in ("borders", "coasts"))
    directions = {code: _direction(**value) for code, value in data.get("directions", {}).items()}
    starts = frozenset(word[:2] for direction in directions.values() for words in astuple(direction) for word in words)
    return PlaceWords(
        **sets, borders=borders, coasts=coasts, meaning=meaning, directions=directions, direction_starts=starts
    )


def _direction(compounds: Sequence[str] = (), adjectives: Sequence[str] = (), nouns: Sequence[str] = ()) -> Direction:
    return Direction(
        tuple(compounds),
        tuple(word for word in adjectives if not word.endswith("*")),
        tuple(word[:-1] for word in adjectives if word.endswith("*")),
        tuple(nouns),
    )
