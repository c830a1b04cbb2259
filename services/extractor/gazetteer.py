"""Nations, organisations and places by every name the loaded languages know, and the canonical keys of places.

`surface_table` feeds the longest-match annotator; `place` and `place_keys` resolve one name in a place slot. Keys are
equal over languages: ISO 3166-1 alpha-3 for a country, ISO 3166-2 for listed regions, "CCC:name" for a town,
"border:AAA+BBB", "coast:AAA", "AAA.n" for the north of AAA, "x:skeleton" for a name that no list knows.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from services.extractor.cities import Cities, City
from services.extractor.fold_names import begins_name, plain, skeleton
from services.extractor.gazetteer_data import LanguageNames, World, load_language, load_world
from services.extractor.gazetteer_model import Capitals, Entry, EntryKind, Place, PlaceKind
from services.extractor.place_phrases import Phrase, direction_of, read_phrase, words_of
from services.extractor.surface_forms import SurfaceTable, Tokenise, build_surface_table, inflected

__all__ = ["Capitals", "Entry", "EntryKind", "Gazetteer", "Place", "PlaceKind", "load_gazetteer", "split_words"]

# Letters of a skeleton that must agree: with the country told of, and without.
SHORT, LONG = 4, 7


def split_words(text: str) -> list[str]:
    """Words and single signs; the annotator passes its own tokeniser instead."""
    return re.findall(r"\w+|[^\w\s]", text)


def load_gazetteer(
    languages_dir: Path,
    languages: Sequence[str],
    tokenisers: Mapping[str, Tokenise] | None = None,
    cities: Cities | None = None,
) -> "Gazetteer":
    """Reads `world.toml` and the folders of `languages` below `languages_dir`. `tokenisers` cut the names of each
    language as its texts are cut.

    Raises ValueError naming file and key if the data contradict themselves.
    """
    world = load_world(languages_dir / "world.toml")
    names = {language: load_language(languages_dir, language, world) for language in languages}
    return Gazetteer(world, names, tokenisers or {}, cities or Cities())


class Gazetteer:
    def __init__(
        self, world: World, names: Mapping[str, LanguageNames], tokenisers: Mapping[str, Tokenise], cities: Cities
    ) -> None:
        self._world = world
        self.ships = world.ships
        self._names = names
        self._cities = cities
        self._listed = {key: self._listed_place(key) for key in world.regions}
        self._regions_by_admin1 = {region.admin1: key for key, region in world.regions.items() if region.admin1}
        self._beside_names = {
            language: found.words.articles | found.words.region_words | found.words.links | set(world.region_words)
            for language, found in names.items()
        }
        self._by_name = {language: self._places_by_name(found) for language, found in names.items()}
        self._tables = {
            language: build_surface_table(
                found, world, self._surface_places(found), tokenisers.get(language, split_words)
            )
            for language, found in names.items()
        }

    def surface_table(self, language: str) -> SurfaceTable:
        """Lower-cased token tuples → meaning, all inflected forms included. KeyError for a language not loaded."""
        return self._tables[language]

    def place(self, name: str, language: str | None, context_countries: Sequence[str] = ()) -> Place | None:
        """What a name in a place slot means; None for a common noun that the context does not resolve.

        `context_countries` (ISO3, likeliest first) break ties between namesakes and say whose border or north is meant.
        """
        name = name.strip(" \t\n.,;:\"'“”„«»()")
        for words_language in self._languages_for(language):
            words = self._names[words_language].words
            known = self._known(name, words_language)
            if known is not None:
                return known
            phrase = read_phrase(name, words)
            if phrase.form == "common":
                return None
            found = self._resolve(name, phrase, words_language, context_countries)
            # A border or a north without a name is no name: other languages need not be asked.
            if found is not None or (phrase.form != "name" and not phrase.names):
                return found
        return self._unlisted(name, language, context_countries)

    def town(self, name: str) -> Place | None:
        """The big town that bears exactly this name."""
        city = self._cities.find(name, ())
        return self._town(name, city) if city is not None else None

    def adjoin(self, country: str, other: str) -> bool:
        """Whether the two countries have a border with each other."""
        return self._cities.adjoin(country, other)

    def is_direction(self, word: str, language: str) -> bool:
        """Whether the word is an adjective that names a part of a country: "northern"."""
        return direction_of(word, self._names[language].words) is not None

    def may_name_part(self, word: str, language: str) -> bool:
        """Whether the word begins like the name of a part of a country: "Ostukraine"; cheaper than to look it up."""
        directions = self._names[language].words.directions.values()
        return word.lower().startswith(tuple(prefix for one in directions for prefix in one.compounds))

    def place_keys(
        self, name: str | None, destination: str | None, language: str | None
    ) -> tuple[str | None, tuple[str, ...]]:
        """`place_key` and `place_within` of a claim; key None, and the regions around the destination, where only the
        destination itself is named."""
        unplaced = (None, self._world.around(destination)[1:])
        if not name:
            return unplaced
        place = self.place(name, language, (destination,) if destination else ())
        if place is None or (place.kind is PlaceKind.COUNTRY and place.key == destination):
            return unplaced
        return place.key, place.within

    # Listed names

    def _languages_for(self, language: str | None) -> tuple[str, ...]:
        others = tuple(other for other in self._names if other != language)
        return (language, *others) if language in self._names and language is not None else others

    def _listed_place(self, key: str) -> Place:
        region = self._world.regions[key]
        part = region.kind is PlaceKind.REGION and key in self._world.aliases.values()
        return Place(key, key, region.country, self._world.within(key), PlaceKind.PART if part else region.kind)

    def _places_by_name(self, names: LanguageNames) -> dict[str, Place]:
        """Plain inflected name → place: listed places before countries."""
        found: dict[str, Place] = {}
        for code, nation in names.nations.items():
            around = self._world.around(code)[1:]
            for name in nation.names:
                for form in inflected(name, names.name_endings):
                    found.setdefault(plain(form), Place(name, code, code, around, PlaceKind.COUNTRY))
        for key, listed in names.places.items():
            for name in listed:
                for form in inflected(name, names.name_endings):
                    found[plain(form)] = self._named(key, name)
        for region in self._world.regions.values():
            for name in region.names:
                found.setdefault(plain(name), self._named(region.key, name))
        return found

    def _named(self, key: str, name: str) -> Place:
        place = self._listed[key]
        return Place(name, place.key, place.country, place.within, place.kind)

    def _surface_places(self, names: LanguageNames) -> dict[str, Place]:
        towns = (region for region in self._world.regions.values() if not region.only_in_slots)
        found = {name: self._named(key, name) for key, listed in names.places.items() for name in listed}
        for region in towns:
            for name in region.names:
                found.setdefault(name, self._named(region.key, name))
        return found

    @cached_property
    def _nation_by_word(self) -> Mapping[str, Mapping[str, str]]:
        """Language → plain adjective, demonym or name → ISO3: whose border is meant."""
        kinds = (EntryKind.NATION, EntryKind.ADJECTIVE, EntryKind.DEMONYM)
        return {
            language: {
                plain(" ".join(form)): entry.code for form, entry in table.items() if entry.kind in kinds and entry.code
            }
            for language, table in self._tables.items()
        }

    def _known(self, name: str, language: str) -> Place | None:
        return self._by_name[language].get(plain(name))

    # Phrases

    def _resolve(self, name: str, phrase: Phrase, language: str, context: Sequence[str]) -> Place | None:
        if phrase.form == "border":
            return self._border(name, phrase, language, context)
        if phrase.form == "coast":
            country = next(iter(self._countries(phrase.names, language)), None) or next(iter(context), None)
            return self._area_of(name, f"coast:{country}", country) if country else None
        if phrase.form == "direction":
            return self._direction(name, phrase, language, context)
        if phrase.form == "list":
            return self._several(name, phrase, language, context)
        if phrase.names[0] == name:
            return self._inside(name, language)
        whole = self._cities.find(name, context)  # "Port of Spain" is not the port in Spain
        if whole is not None:
            return self._town(name, whole)
        return self._known(phrase.names[0], language) or self._inside(phrase.names[0], language)

    def _countries(self, names: Sequence[str], language: str) -> list[str]:
        found = []
        for written in names:
            name = written.removesuffix("'s").removesuffix("’s")
            code = self._nation_by_word[language].get(plain(name))
            place = self._known(name, language)
            if code is None and place is not None and place.country is not None:
                code = place.country
            if code is not None and code not in found:
                found.append(code)
        return found

    def _border(self, name: str, phrase: Phrase, language: str, context: Sequence[str]) -> Place | None:
        sides = self._countries(phrase.names, language)
        own = next(iter(context), None)
        beside = own is not None and own not in sides and any(self._cities.adjoin(own, side) for side in sides)
        if own is not None and beside and not phrase.names_both_sides:
            sides.append(own)
        if sides:
            owner = sides[0] if phrase.owner_first else None
            return self._area_of(name, "border:" + "+".join(sorted(sides)), own if own in sides else owner)
        # "Ostgrenze", "eastern border": the east of the country whose border it is.
        return self._part_of_country(name, own, phrase.direction) if phrase.direction else None

    def _direction(self, name: str, phrase: Phrase, language: str, context: Sequence[str]) -> Place | None:
        if not phrase.names:
            return self._part_of_country(name, next(iter(context), None), phrase.direction)
        base = self.place(phrase.names[0], language, context)
        if base is None or base.kind is PlaceKind.UNKNOWN:
            return self._part_of_country(
                name, next(iter(self._countries(phrase.names, language)), None), phrase.direction
            )
        return self._part(name, base.key, base.country, base.within, phrase.direction)

    def _part_of_country(self, name: str, country: str | None, direction: str | None) -> Place | None:
        if country is None:
            return None
        return self._part(name, country, country, self._world.around(country)[1:], direction)

    def _area_of(self, name: str, key: str, country: str | None) -> Place:
        kind = PlaceKind.REGION if key.startswith("coast:") else PlaceKind.AREA
        return Place(name, key, country, self._world.around(country), kind)

    def _part(self, name: str, key: str, country: str | None, within: tuple[str, ...], direction: str | None) -> Place:
        part = f"{key}.{direction}"
        if part in self._world.aliases:
            return self._named(self._world.aliases[part], name)
        return Place(name, part, country, (key, *within), PlaceKind.PART)

    def _several(self, name: str, phrase: Phrase, language: str, context: Sequence[str]) -> Place | None:
        parts = [self.place(part, language, context) for part in phrase.names]
        known = [part for part in parts if part is not None]
        if not known:
            return None
        if len(known) == 1:
            return known[0]
        common = [key for key in _outwards(known[0]) if all(key in _outwards(part) for part in known[1:])]
        countries = {part.country for part in known}
        country = countries.pop() if len(countries) == 1 else None
        key = "+".join(sorted({part.key for part in known}))
        return Place(name, key, country, tuple(common), PlaceKind.AREA)

    def _inside(self, name: str, language: str) -> Place | None:
        """The longest listed name within a longer one: "the Green Zone of Baghdad", "area south of the Litani"."""
        tokens = words_of(name)
        for length in range(len(tokens) - 1, 0, -1):
            for start in range(len(tokens) - length + 1):
                part = tokens[start : start + length]
                if not part[0][:1].isupper():
                    continue
                known = self._known(" ".join(part).removesuffix("'s").removesuffix("’s"), language)
                if known is not None:
                    return known
        return None

    # Names in no list

    def _unlisted(self, name: str, language: str | None, context: Sequence[str]) -> Place | None:
        name = self._bare_name(name, language)
        if not name[:1].isupper() and not begins_name(name):
            return None
        for candidate in (name, *self._without_case_endings(name, language)):
            known = next((found for one in self._names if (found := self._known(candidate, one)) is not None), None)
            if known is not None:
                return known
            city = self._cities.find(candidate, context)
            if city is not None:
                return self._town(name, city)
        country = context[0] if len(context) == 1 else None
        key = skeleton(self._lemma(name, language))
        spelt = self._spelt_otherwise(name, key, context)
        if spelt is not None:
            return spelt
        return Place(name, f"x:{key}", country, self._world.around(country), PlaceKind.UNKNOWN) if key else None

    def _spelt_otherwise(self, name: str, folded: str, context: Sequence[str]) -> Place | None:
        """A listed place in another transliteration: in a country told of, or a name too long for a coincidence."""
        if len(folded) < SHORT:
            return None
        found = [self._listed[key] for key in self._by_skeleton.get(folded, ())]
        near = next((place for code in context for place in found if place.country == code), None)
        if near is None and len(found) == 1 and len(folded) >= LONG:
            near = found[0]
        return self._named(near.key, name) if near is not None else None

    @cached_property
    def _by_skeleton(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for key, region in self._world.regions.items():
            listed = (name for names in self._names.values() for name in names.places.get(key, ()))
            for name in (*region.names, *listed):
                found.setdefault(skeleton(name), {})[key] = None
        return {folded: tuple(keys) for folded, keys in found.items()}

    def _bare_name(self, name: str, language: str | None) -> str:
        skipped = self._beside_names[self._languages_for(language)[0]]
        kept = [token for token in name.split() if token.lower().strip(".,") not in skipped]
        return " ".join(kept).removesuffix("'s").removesuffix("’s")

    def _without_case_endings(self, name: str, language: str | None) -> list[str]:
        return [
            name.removesuffix(ending) + added
            for one in self._inflected_like(name, language)
            for ending in self._world.case_endings[one]
            if name.endswith(ending) and len(name) > len(ending) + 3
            for added in self._world.lemma_endings.get(one, ("",))
        ]

    def _inflected_like(self, name: str, language: str | None) -> tuple[str, ...]:
        """The languages without a folder whose case endings `name` may bear: all where neither the language nor the
        script of the language tells; endings of another script fit no name anyway."""
        if language in self._world.case_endings and language is not None:
            return (language,)
        if language in self._names and plain(name)[-1:].isascii():
            return ()
        return tuple(self._world.case_endings)

    def _lemma(self, name: str, language: str | None) -> str:
        """For the skeleton: a Latin name of an unknown language keeps its ending, which may be none."""
        if language not in self._world.case_endings and plain(name)[-1:].isascii():
            return name
        return min([name, *self._without_case_endings(name, language)], key=len)

    def _town(self, name: str, city: City) -> Place:
        region = self._regions_by_admin1.get(city.admin1)
        within = (region, *self._world.within(region)) if region else self._world.around(city.country)
        key = f"{city.country}:{plain(city.name).replace(' ', '-')}"
        return Place(name, key, city.country, within, PlaceKind.TOWN)


def _outwards(place: Place) -> tuple[str, ...]:
    """The place itself, then what lies around it."""
    return (place.key, *place.within)
