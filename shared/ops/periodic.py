"""Work that is done now and then for as long as the service runs."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shared.ops.lifecycle import Loop

log = structlog.get_logger()


def every(seconds: float, name: str, work: Callable[[], Awaitable[None]]) -> Loop:
    """A loop that does `work` at once and then every `seconds`; an error is logged, the next turn tries again."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await work()
            except Exception as error:
                log.warning("periodic_work_failed", work=name, error=repr(error)[:500])
            try:
                await asyncio.wait_for(stop.wait(), seconds)
            except TimeoutError:
                continue

    return run
