"""When a delivery is tried again."""

from datetime import timedelta

import pytest

from services.alerts.retry_schedule import next_try_after


def test_eight_tries_over_a_day_then_none():
    pauses = [next_try_after(tries, None, 0.5) for tries in range(1, 9)]
    assert pauses == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=10),
        None,
    ]


@pytest.mark.parametrize(("draw", "seconds"), [(0.0, 270), (0.5, 300), (0.999999999, 330)])
def test_jitter_is_a_tenth_either_way(draw, seconds):
    assert next_try_after(2, None, draw) == pytest.approx(timedelta(seconds=seconds), abs=timedelta(milliseconds=1))


def test_what_the_receiver_asks_for_is_never_cut_short():
    assert next_try_after(1, 120.0, 0.5) == timedelta(seconds=120)
    assert next_try_after(2, 120.0, 0.5) == timedelta(minutes=5)
    assert next_try_after(8, 120.0, 0.5) is None
