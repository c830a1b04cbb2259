from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.schedule import (
    Bounds,
    arrival_interval,
    asked_interval,
    next_after_failure,
    next_after_success,
)

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
BOUNDS = Bounds(60, 86_400)


def test_busy_feeds_are_asked_more_often_than_quiet_ones():
    busy = arrival_interval(700, NOW, NOW)
    weekly = arrival_interval(1, NOW - timedelta(days=3), NOW)
    silent = arrival_interval(0, NOW - timedelta(days=365), NOW)
    assert 100 < busy < 130
    assert 30 * 60 < weekly < 45 * 60
    assert 6 * 3600 < silent < 7 * 3600
    assert weekly < arrival_interval(0, None, NOW) < silent


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 0.999))
def test_the_next_poll_stays_within_bounds_and_never_undercuts_the_publisher(arrival, asked, chance):
    wait = (next_after_success(NOW, BOUNDS, arrival, asked, chance) - NOW).total_seconds()
    assert BOUNDS.shortest <= wait <= BOUNDS.longest
    assert wait >= min(asked, BOUNDS.longest) - 1e-3


def test_small_bounds_hold_against_everything_but_retry_after():
    small = Bounds(1, 2)
    assert next_after_success(NOW, small, 5_000, 3_600, 0.9) == NOW + timedelta(seconds=2)
    assert next_after_failure(NOW, small, 30, None, 0.9) == NOW + timedelta(seconds=2)
    assert next_after_failure(NOW, small, 1, timedelta(seconds=90), 0.9) == NOW + timedelta(seconds=90)


def test_failures_back_off_to_a_ceiling_and_are_never_given_up():
    waits = [(next_after_failure(NOW, BOUNDS, failures, None, 0.0) - NOW).total_seconds() for failures in range(1, 12)]
    assert waits[:4] == [60, 120, 240, 480]
    assert waits == sorted(waits)
    assert waits[-1] == 3600
    assert next_after_failure(NOW, BOUNDS, 10_000, None, 0.5) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("ttl", "cache_control", "seconds"),
    [
        (None, None, 0),
        (900, None, 900),
        (None, "public, max-age=300", 300),
        (900, "max-age=300", 900),
        (None, "s-maxage=999, no-store", 0),
        (None, 'private,max-age="60"', 60),
        (None, "max-age=soon", 0),
    ],
)
def test_what_the_publisher_asks(ttl, cache_control, seconds):
    assert asked_interval(ttl, cache_control) == seconds
