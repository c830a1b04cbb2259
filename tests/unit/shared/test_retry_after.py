"""Retry-After as strangers write it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.retry_after import parse_retry_after

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 7 ", timedelta(seconds=7)),
        ("0", timedelta(0)),
        ("9" * 90, DAY),
        ("Sat, 01 Mar 2025 12:10:00 GMT", timedelta(minutes=10)),
        ("Sat, 01 Mar 2025 12:10:00", timedelta(minutes=10)),
        ("Sat, 01 Mar 2025 11:00:00 GMT", timedelta(0)),
        ("Sat, 01 Mar 2036 12:10:00 GMT", DAY),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("9" * 5000, None),
        ("-5", None),
        ("later", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_it_is_seconds_or_a_date_up_to_a_bound(text: str | None, wait: timedelta | None) -> None:
    assert parse_retry_after(text, NOW, DAY) == wait


PARTS = st.sampled_from(["Mon, ", "01 ", "Jan ", "2024 ", "0001 ", "9" * 20, " 00:00:00 ", "+2359", "-9999", "GMT"])


@given(st.lists(PARTS | st.text(max_size=5), max_size=8).map("".join))
def test_nothing_that_a_server_writes_is_an_error(text: str) -> None:
    wait = parse_retry_after(text, NOW, DAY)
    assert wait is None or timedelta(0) <= wait <= DAY
