"""Dates as feeds write them: RFC 822 and its misspellings in several languages, RFC 850, ISO 8601, epoch seconds.

feedparser's own reading is not used: it takes `10:00 CEST` for 10:00 UTC, an epoch for a year, `2016/6/29` for June 1.
What is not understood with certainty is None, never a guess and never "now".
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from babel.dates import get_month_names

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No news feed is older: an earlier date is a default value of the publisher's software (1970-01-01, 0001-01-01)."""

FUTURE_TOLERANCE = timedelta(hours=1)
"""Clocks of publishers go wrong a little; a later date says nothing about when the article came out."""

LONGEST_DATE = 100
_MONTH_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "ru", "uk", "sv", "da", "nb", "cs", "tr")

# RFC 822 section 5.1 and the civil abbreviations seen in feeds; ambiguous ones (IST) are left out.
_ZONES = """z:0 ut:0 utc:0 gmt:0 wet:0 west:1 bst:1 cet:1 mez:1 met:1 cest:2 mesz:2 mest:2 eet:2 eest:3 msk:3
est:-5 edt:-4 cst:-6 cdt:-5 mst:-7 mdt:-6 pst:-8 pdt:-7 akst:-9 akdt:-8 jst:9 kst:9 hkt:8 sgt:8 aest:10 aedt:11
nzst:12 nzdt:13"""
_ZONE_HOURS = {name: int(hours) for name, hours in (zone.split(":") for zone in _ZONES.split())}

_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_MERIDIEM = r"(?:\s*(?P<meridiem>[ap]\.?m\.?))?(?:\s*uhr)?"
_ZONE = r"(?:\s*\(?(?P<zone>(?:gmt|utc)?[+-]\d{1,2}:?\d{2}|[a-z]{1,5})\)?)?(?:\s*\([a-z ]{1,40}\))?"
_CLOCK = rf"(?:(?:,|\s|\bum\b|\bat\b|-)*\s{_TIME}{_MERIDIEM}{_ZONE})?"
_WEEKDAY = r"(?:[^\W\d_]{2,14}\.?,?\s+)?"

_FORMS = (
    # 2024-10-21T10:00:00+02:00, 2024-10-21 10:00:00 +0200, 2024-10-21, 2024/10/21
    re.compile(
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:[t\s]\s*{_TIME}{_ZONE})?"
    ),
    # 20241021T100000Z, 20241021
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        rf"(?:t(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?{_ZONE})?"
    ),
    # Mon, 21 Oct 2024 10:00:00 GMT; Mo, 21. Oktober 2024; 21-Oct-24
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[\s-]+(?:de\s+)?(?P<name>[^\W\d_]+)\.?,?[\s-]+(?:de\s+)?(?P<year>\d{{4}}|\d{{2}}){_CLOCK}"
    ),
    # Mon Oct 21 10:00:00 CEST 2024 (C's asctime, Java)
    re.compile(rf"{_WEEKDAY}(?P<name>[^\W\d_]+)\s+(?P<day>\d{{1,2}})\s+{_TIME}{_ZONE}\s+(?P<year>\d{{4}})"),
    # October 21, 2024 10:00 am
    re.compile(rf"{_WEEKDAY}(?P<name>[^\W\d_]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}"),
    # 21.10.2024 10:00, as German and Russian publishers write; never with slashes, whose order depends on the country
    re.compile(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_CLOCK}"),
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?(?:\.\d+)?")


def parse_date(text: str | None) -> datetime | None:
    """The moment in UTC, None where the text is not surely understood. No zone means UTC, no time means midnight."""
    if text is None:
        return None
    folded = " ".join(text.split()).casefold()
    if not folded or len(folded) > LONGEST_DATE:
        return None
    moment = _parse_epoch(folded) if _EPOCH.fullmatch(folded) else _parse_forms(folded)
    return moment if moment is not None and moment >= EARLIEST else None


def plausible_date(moment: datetime | None, now: datetime) -> datetime | None:
    """None for a date more than an hour ahead of `now`: it is an announcement or a mistake, no publication."""
    return moment if moment is None or moment <= now + FUTURE_TOLERANCE else None


def _parse_epoch(text: str) -> datetime | None:
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)


def _parse_forms(text: str) -> datetime | None:
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return _moment({name: value for name, value in found.groupdict().items() if value is not None})
    return None


def _moment(parts: dict[str, str]) -> datetime | None:
    month = int(parts["month"]) if "month" in parts else _month_numbers().get(parts["name"])
    hour = _hour(parts)
    zone = _zone(parts.get("zone"))
    if month is None or hour is None or zone is None:
        return None
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900  # POSIX strptime's reading of two digits
    next_day, hour = (1, 0) if hour == 24 and parts.get("minute") == "00" else (0, hour)
    try:
        # 60 is a leap second
        second = min(int(parts.get("second", 0)), 59)
        day = datetime(year, month, int(parts["day"]), hour, int(parts.get("minute", 0)), second, tzinfo=zone)
        return (day + timedelta(days=next_day)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hour(parts: dict[str, str]) -> int | None:
    hour = int(parts.get("hour", 0))
    meridiem = parts.get("meridiem")
    if meridiem is None:
        return hour
    return hour % 12 + (12 if meridiem.startswith("p") else 0) if 1 <= hour <= 12 else None


def _zone(text: str | None) -> timezone | None:
    """None for an abbreviation that is not known: the moment would be wrong by hours."""
    if text is None:
        return UTC
    if text in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[text]))
    found = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})", text)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset) if offset < timedelta(hours=15) else None


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    """Names and abbreviations of months, from CLDR; a name that means two months in two languages is left out."""
    found: dict[str, set[int]] = {}
    for language in _MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    folded = name.casefold().rstrip(".")
                    if folded.isdigit():
                        continue
                    found.setdefault(folded, set()).add(number)
                    if width == "wide" and len(folded) > 3:
                        found.setdefault(folded[:3], set()).add(number)
    english = {date(2000, number, 1).strftime("%b").lower(): number for number in range(1, 13)}
    known = {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
    return {**known, "sept": 9, "mrz": 3, "mär": 3, "maerz": 3, **english}
