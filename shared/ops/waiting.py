"""Waiting for whichever comes first."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shared.ops.unavailable import Unavailable

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 1.0


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


async def once_available(work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Do `work`, and again and again while a neighbour that it needs is away, until `stop` is set."""
    while True:
        try:
            await work()
        except Unavailable as error:
            log.warning("waiting_for_neighbour", error=str(error)[:500])
        else:
            return
        if await any_set(LOOK_AGAIN_SECONDS, stop):
            return
