from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.parse_feed.dates import parse_date, plausible_date

TEN = datetime(2024, 10, 21, 10, tzinfo=UTC)
EIGHT = datetime(2024, 10, 21, 8, tzinfo=UTC)
MIDNIGHT = datetime(2024, 10, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 21 Oct 2024 10:00:00 GMT", TEN),
        ("Mon, 21 Oct 2024 10:00:00 CEST", EIGHT),
        ("Mon, 21 Oct 2024 10:00:00 MESZ", EIGHT),
        ("Mon, 21 Oct 2024 10:00:00 +02:00", EIGHT),
        ("Mon, 21 Oct 2024 10:00:00 GMT+0200", EIGHT),
        ("Mon, 21 Oct 2024 03:00 PDT", TEN),
        ("Mon, 21 Oct 2024 10:00 AM", TEN),
        ("Mon, 21 Oct 2024 12:30 am", MIDNIGHT + timedelta(minutes=30)),
        ("Mon, 20 Oct 2024 24:00:00 GMT", MIDNIGHT),
        ("Mon, 21 Oct 2024 10:00:00 +0000 (Coordinated Universal Time)", TEN),
        ("Mo, 21 Okt 2024 10:00:00 +0200", EIGHT),
        ("Montag, 21. Oktober 2024 - 10:00 Uhr", TEN),
        ("21 Okt 2024", MIDNIGHT),
        ("ma, 21 okt 2024 10:00:00 +0200", EIGHT),
        ("lun., 21 oct. 2024 10:00:00 +0200", EIGHT),
        ("21 de octubre de 2024", MIDNIGHT),
        ("пн, 21 окт 2024 13:00:00 +0300", TEN),
        ("21 октября 2024", MIDNIGHT),
        ("21 жовтня 2024", MIDNIGHT),
        ("pon, 21 paź 2024 12:00:00 +0200", TEN),
        ("Monday, 21-Oct-24 10:00:00 GMT", TEN),
        ("Mon Oct 21 10:00:00 CEST 2024", EIGHT),
        ("October 21, 2024 10:00 am", TEN),
        ("21.10.2024 10:00", TEN),
        ("2024-10-21T10:00:00+02:00", EIGHT),
        ("2024-10-21T10:00:00.123456Z", TEN),
        ("2024-10-21 10:00:00 +0200", EIGHT),
        ("2024-10-21T10:00Z", TEN),
        ("2024-10-21", MIDNIGHT),
        ("20241021T100000Z", TEN),
        ("1729497600", EIGHT),
        ("1729497600000", EIGHT),
        ("2016/6/29", datetime(2016, 6, 29, tzinfo=UTC)),
        ("  Mon,\n 21 Oct 2024   10:00:00 GMT ", TEN),
    ],
)
def test_dates_are_read_as_their_writers_meant_them(text, moment):
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "soon, 99 Foo 2024",
        "Thu, 31 Feb 2024 10:00:00 GMT",
        "Mon, 21 Oct 2024 25:00:00 GMT",
        "Mon, 21 Oct 2024 10:00:00 XYZ",
        "Mon, 21 Oct 2024 10:00:00 +9900",
        "6/7/2024",
        "7/6/24 10:00",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "0",
        "2024",
        "x" * 5_000,
        "1 " * 5_000,
    ],
)
def test_what_is_not_surely_understood_is_unknown(text):
    assert parse_date(text) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_parser(text):
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


@given(st.integers(631_324_800, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_iso_dates_are_read_back(seconds, offset_minutes):
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset_minutes)))
    assert parse_date(moment.isoformat()) == moment


def test_a_date_more_than_an_hour_ahead_is_no_publication():
    assert plausible_date(TEN + timedelta(minutes=59), TEN) == TEN + timedelta(minutes=59)
    assert plausible_date(TEN + timedelta(minutes=61), TEN) is None
    assert plausible_date(None, TEN) is None
