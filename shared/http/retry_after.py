"""The `Retry-After` header, of receivers and of feeds alike."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_HEADER = 100


def parse_retry_after(text: str | None, now: datetime, at_most: timedelta) -> timedelta | None:
    """The wait of a Retry-After (RFC 9110, section 10.2.3: seconds or a date), between none and `at_most`.

    None if there is no such header or nobody can read it. A moment that is past is no wait.
    """
    text = (text or "").strip()
    if len(text) > _LONGEST_HEADER:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), at_most.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year of many digits
        return None
    wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), at_most)
