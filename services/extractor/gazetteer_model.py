"""What the gazetteer answers with: places with canonical keys, and meanings of surface forms."""

from dataclasses import dataclass
from enum import StrEnum


class EntryKind(StrEnum):
    """What a surface form names. The order is the order of precedence where two meanings share one form."""

    NATION = "nation_name"
    ADJECTIVE = "adjective"
    DEMONYM = "demonym"
    METONYM = "metonym"  # a government by its seat or capital
    FORCES = "forces"  # armed forces of a state or alliance by their own name: actor and speaker
    AGENCY = "agency"  # an authority of a state: speaker only
    ORGANISATION = "organisation"  # an alliance: actor and speaker
    ARMED_GROUP = "armed_group"  # actor and speaker
    SHIP = "ship"  # a warship by the prefix of its name: actor
    MEDIUM = "medium"
    PLACE = "place"


class Capitals(StrEnum):
    """How a form must be written to be meant: anyhow, with a small first letter ("russes" beside the people, "Russes"),
    with a capital one, or in capitals ("US", not "us")."""

    ANY = "any"
    SMALL = "small"
    INITIAL = "initial"
    ALL = "all"


class PlaceKind(StrEnum):
    COUNTRY = "country"
    REGION = "region"
    PART = "part"  # of a country by direction: its north
    TOWN = "town"
    BASE = "base"
    SEA = "sea"
    AREA = "area"  # a region over several countries, a front, a border
    UNKNOWN = "unknown"  # in no list: key made from its skeleton


@dataclass(frozen=True, slots=True)
class Place:
    """`key` canonical over languages; `country` ISO 3166-1 alpha-3, None at sea, over several countries or unknown;
    `within` keys of the regions around, nearest first: inside the country, the country, and what holds it."""

    name: str
    key: str
    country: str | None
    within: tuple[str, ...]
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a surface form. `code`: the nation's ISO3 or the organisation's code behind it, None for a place
    over several countries; `place` where the form also names a place (Moscow: a government and a town)."""

    kind: EntryKind
    code: str | None
    place: Place | None = None
    capitals: Capitals = Capitals.INITIAL
    capitalised: "Entry | None" = None  # another meaning with a capital: the people beside their adjective

    def allows(self, first: str) -> bool:
        """Whether the form's first written token has the capitals that this meaning asks for."""
        if self.capitals is Capitals.ANY:
            return True
        if self.capitals is Capitals.SMALL:
            return first[:1].islower()
        if self.capitals is Capitals.ALL:
            return first.isupper()
        return first[:1].isupper() or not first[:1].isalpha()
