"""Reads towns.toml: provinces and towns by the country or region they lie in, rivers and lines by the states that they
divide, one line for each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.extractor.fold_names import plain
from services.extractor.gazetteer_model import PlaceKind

_KINDS = {"provinces": PlaceKind.REGION, "towns": PlaceKind.TOWN}
_ONLY_IN_SLOTS = "~"


@dataclass(frozen=True)
class Region:
    """A listed place: `admin1` is GeoNames' code, so that its towns are known to lie in it; `only_in_slots`: a word or
    a person's name too, which only behind a preposition means the place."""

    key: str
    country: str | None
    within: tuple[str, ...]
    kind: PlaceKind
    admin1: str | None
    names: tuple[str, ...]
    only_in_slots: bool = True


def read_towns(
    path: Path, tables: Mapping[str, Mapping[str, list[str]]], regions: dict[str, Region], countries: Collection[str]
) -> None:
    """Adds the places of `tables` to `regions`. Raises ValueError naming a place in no country, or listed twice."""
    for table, kind in _KINDS.items():
        for outer, entries in tables.get(table, {}).items():
            country = outer if outer in countries else regions[outer].country if outer in regions else None
            if country is None and outer not in regions:
                raise ValueError(f"{path}: [{table}] {outer} is neither a country nor a region")
            for entry in entries:
                names = tuple(entry.removeprefix(_ONLY_IN_SLOTS).split("|"))
                key = f"{country or outer}:{plain(names[0]).replace(' ', '-')}"
                if key in regions:
                    raise ValueError(f"{path}: [{table}] {outer}: {names[0]} is listed already")
                within = () if outer == country else (outer,)
                slots = entry.startswith(_ONLY_IN_SLOTS)
                regions[key] = Region(key, country, within, kind, None, names, slots)
    for sides, entries in tables.get("borders", {}).items():
        unknown = [side for side in sides.split("+") if side not in countries]
        if unknown:
            raise ValueError(f"{path}: [borders] {sides} has the unknown country {unknown[0]}")
        names = tuple(name for entry in entries for name in entry.split("|"))
        key = f"border:{sides}"
        regions[key] = Region(key, None, (), PlaceKind.AREA, None, names, only_in_slots=False)
