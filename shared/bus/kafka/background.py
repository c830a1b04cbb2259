"""Closing clients that may hang: wait a little, then let them finish by themselves.

With the broker away `stop()` of a producer or consumer hangs until it is back, or raises CancelledError of its own
(seen with aiokafka 0.14.0), which must not be taken for ours. Neither may keep a process from ending.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Closing:
    """Clients on their way out. Whatever hangs ends when the bus is back, or with the process."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close in the background."""
        task = asyncio.create_task(closing)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def wait(self) -> None:
        """Wait for all that are closing, at most for the deadline."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._deadline)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.debug("client_closed_badly", error=repr(task.exception())[:500])
