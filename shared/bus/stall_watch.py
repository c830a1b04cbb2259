"""Lag and no progress: a member that has work and gets nothing done is unready first, and then ends.

A client library can hang for good without an error (aiokafka after a broker's restart is known for it), and so can a
handler. A supervisor that starts the process again mends both. A bus that does not answer is no stall: nobody can get
anything done then, and ending would only start a crash loop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from shared.bus.port import Consumer
from shared.ops.unavailable import Unavailable
from shared.ops.waiting import any_set


@dataclass(frozen=True)
class StallLimits:
    """Seconds without progress until the member is unready, and until it ends; seconds between two looks.

    A message may take its handler's deadline (30 s for an article) before anything moves.
    """

    unready: float = 60.0
    end: float = 180.0
    look: float = 5.0


class Stalled(RuntimeError):
    """There is work and none gets done."""


class StallWatch:
    """Watches one member. `progress` grows whenever a try at a message has ended, well or badly."""

    def __init__(
        self, consumer: Consumer, group: str, progress: Callable[[], int], limits: StallLimits | None = None
    ) -> None:
        self._consumer = consumer
        self._group = group
        self._progress = progress
        self._limits = limits or StallLimits()
        self._stalled_for = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`. Raises Stalled when the limit is reached."""
        now = asyncio.get_running_loop().time
        seen, since = self._progress(), now()
        while not await any_set(self._limits.look, stop):
            if seen != self._progress() or not await self._has_work():
                seen, since = self._progress(), now()
            self._stalled_for = now() - since
            if self._stalled_for >= self._limits.end:
                raise Stalled(self._sentence())

    async def check(self) -> None:
        """Raises Stalled if this member should not be counted on."""
        if self._stalled_for >= self._limits.unready:
            raise Stalled(self._sentence())

    async def _has_work(self) -> bool:
        try:
            return await self._consumer.backlog() > 0
        except Unavailable:
            return False

    def _sentence(self) -> str:
        return f"the group {self._group} has messages waiting and has got none done for {self._stalled_for:.0f} s"
