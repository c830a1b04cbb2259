"""When a delivery that was not accepted is tried again."""

from datetime import timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""Before the second to the eighth try; the first is at once. The schedule of Standard Webhooks' reference server."""

JITTER = 0.1
"""Longer or shorter by up to this share, so that a receiver that comes back is not met by everything at once."""


def next_try_after(tries: int, asked: float | None, draw: float) -> timedelta | None:
    """The pause after `tries` tries have failed; None if it was the last.

    `asked` are the seconds that the receiver wants to be left alone, which are never cut short. `draw` is a random
    number in [0, 1).
    """
    if not 1 <= tries <= len(PAUSES):
        return None
    pause = PAUSES[tries - 1] * (1 + JITTER * (2 * draw - 1))
    return max(pause, timedelta(seconds=asked or 0))
