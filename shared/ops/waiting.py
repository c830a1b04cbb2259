"""Waiting for whichever comes first."""

import asyncio


async def any_set(seconds: float, *events: asyncio.Event) -> bool:
    """Whether one of `events` is set within `seconds`. Unlike Python 3.11's `asyncio.wait_for` it never swallows a
    cancellation that comes together with the event."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done)
