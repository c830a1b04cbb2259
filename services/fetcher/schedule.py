"""When a feed is due again. Pure: clock and chance are passed in.

Polls are divided by the square-root rule (Ammar and Wong, 1985): the sum of all waiting times is least if a feed's
interval goes with the square root of the time between its entries. A feed with 100 entries a day is asked every two
minutes, one with an entry a week every 40.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(days=7)
"""Over which arrivals are counted."""

SCALE = 4.0
"""Square root of seconds: the interval at 100 entries a day is then 118 s."""

JITTER = 0.1
FAILURE_CEILING = timedelta(hours=1)
"""Also the longest that Vedette stays deaf after its own network was away."""

LONGEST_RETRY_AFTER = timedelta(days=7)
"""A longer Retry-After is a mistake of the server; no feed is given up."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of any feed's polling interval, in seconds."""

    shortest: float
    longest: float

    def clip(self, seconds: float) -> float:
        return min(max(seconds, self.shortest), self.longest)


def arrival_interval(arrivals: int, newest: datetime | None, now: datetime) -> float:
    """Seconds between polls for `arrivals` entries within WINDOW, the newest of all at `newest` (None: no entry)."""
    gap = WINDOW.total_seconds() / (arrivals + 1)
    if arrivals == 0 and newest is not None:
        gap = max(gap, (now - newest).total_seconds())
    return SCALE * math.sqrt(gap)


def asked_interval(ttl_seconds: int | None, cache_control: str | None) -> float:
    """Seconds the publisher asks to wait, by the feed's TTL and the answer's Cache-Control; 0 if it does not."""
    found = _MAX_AGE.search(cache_control or "")
    return max(float(ttl_seconds or 0), float(found[1]) if found else 0.0)


def next_after_success(
    now: datetime, bounds: Bounds, arrival_seconds: float, asked_seconds: float, chance: float
) -> datetime:
    """`chance` in [0, 1) spreads feeds over time; it only ever delays, so that no wish of the publisher is undercut."""
    seconds = bounds.clip(max(arrival_seconds, asked_seconds))
    return now + timedelta(seconds=min(seconds * (1 + JITTER * chance), bounds.longest))


def next_after_failure(
    now: datetime, bounds: Bounds, failures: int, retry_after: timedelta | None, chance: float
) -> datetime:
    """Doubling from the shortest interval up to a ceiling, never given up; a Retry-After is always obeyed."""
    ceiling = min(bounds.longest, max(bounds.shortest, FAILURE_CEILING.total_seconds()))
    seconds = min(bounds.shortest * 2.0 ** min(failures - 1, 30), ceiling) * (1 + JITTER * chance)
    return now + max(timedelta(seconds=min(seconds, ceiling)), retry_after or timedelta(0))
