"""When two slots of two reports say the same."""

import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from services.alerts.decide.state import Figure, Place
from shared.events.statements import Claim, Source

MEDIUM = "MEDIA"
BORDER = "border:"


def figure_of(claim: Claim) -> Figure | None:
    """The count as an interval of people; "at least N" and "up to N" are compared as N."""
    bounds = [bound for bound in (claim.count_min, claim.count_max) if bound is not None]
    return Figure(min(bounds), max(bounds)) if bounds else None


def figures_agree(earlier: Figure, later: Figure) -> bool:
    """10 % either way, taken from the earlier one; in whole numbers, so that 11,000 agrees with 10,000 exactly."""
    return 10 * later.low <= 11 * earlier.high and 10 * later.high >= 9 * earlier.low


def figure_distance(earlier: Figure, later: Figure) -> tuple[Fraction, Fraction]:
    """Orders earlier figures by nearness to a later one: the gap between the intervals, then between their middles.

    Both as a share of the earlier one, as in `figures_agree`: 11,000 is nearer to 12,000 than to 10,000.
    """
    if later.low > earlier.high:
        gap = _share(later.low - earlier.high, earlier.high)
    else:
        gap = _share(max(0, earlier.low - later.high), earlier.low)
    return gap, _share(abs(later.low + later.high - earlier.low - earlier.high), earlier.low + earlier.high)


def folded(name: str) -> str:
    """A name without case, accents and punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = (" " if not char.isalnum() else char for char in decomposed if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def source_key(source: Source | None) -> str | None:
    """Who speaks: the code, or for media and uncoded sources the folded name; None if nobody is named."""
    if source is None:
        return None
    if source.code and source.code != MEDIUM:
        return source.code
    return folded(source.name) or None


def place_known(key: str, known: Iterable[Place]) -> bool:
    """Told itself, or alone of a list, or all of a list one by one."""
    told = {part for place in known for part in (place.key, *listed(place.key))}
    return key in told or all(part in told for part in listed(key))


def place_around_known(key: str, known: Iterable[Place]) -> bool:
    """A region is not new once a place inside it is known."""
    return any(key in place.within for place in known)


def place_told(key: str | None, known: Iterable[Place]) -> bool:
    """Whether naming the place adds nothing: none named, or all that is named known or around a known one."""
    places = tuple(known)
    if key is None or place_known(key, places) or place_around_known(key, places):
        return True
    parts = listed(key)
    return len(parts) > 1 and all(place_told(part, places) for part in parts)


def listed(key: str) -> list[str]:
    """The places of a list of them, "A+B"; the two sides of a border are one place."""
    return [key] if key.startswith(BORDER) else key.split("+")


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, max(whole, 1))
