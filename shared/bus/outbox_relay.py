"""Relay: bring what the outbox owes to the bus. Publish, then settle: a crash in between repeats, never loses."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Bus
from shared.database.lease import LENGTH, give_back_lease, hold_lease
from shared.database.outbox import Owed, read_outbox, settle_outbox
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock
from shared.ops.waiting import any_set

log = structlog.get_logger()

BATCH = 200
IDLE_POLL_SECONDS = 1.0
"""`wake` is set by whoever commits to the outbox in this process; the poll is for everything else."""

LONGEST_PAUSE_SECONDS = 5.0
"""Between two tries at a bus or a database that is away: alerts wait for this one when it is back."""

PUBLISH_SECONDS = LENGTH.total_seconds() * 2 / 3
"""A batch that is not acknowledged by then is given up, while the lease still keeps other relays from it."""

EMBEDDED = "the one process of this data directory"
"""The holder on SQLite: a new process goes on at once where a killed one stopped."""


class LeaseLost(RuntimeError):
    """Another relay has taken over: what this one has published is published again, under the same ids."""


@dataclass(frozen=True)
class OutboxTables:
    """An outbox and the leases of its service."""

    outbox: Table
    leases: Table


@dataclass
class OutboxRelay:
    """Transaction T2. One relay at a time per outbox, by a lease: two would mix up the order of a key."""

    database: Database
    tables: OutboxTables
    bus: Bus
    clock: Clock
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._holder = EMBEDDED if self.database.is_sqlite else str(uuid4())

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; a bus or a database that does not answer is tried again for ever."""
        pause = IDLE_POLL_SECONDS
        while not stop.is_set():
            self.wake.clear()  # before reading: a wake during the batch must not be slept over
            try:
                moved = await self.relay_batch()
                pause = IDLE_POLL_SECONDS
            except Exception as error:
                log.warning("relay_failed", table=self.tables.outbox.name, error=repr(error)[:500], retry_in=pause)
                moved, pause = 0, min(pause * 2, LONGEST_PAUSE_SECONDS)
            if moved < BATCH:
                await any_set(pause, self.wake, stop)
        await self._give_back()

    async def relay_batch(self) -> int:
        """Publish the oldest owed messages in order and settle them. Returns how many; 0 where another relay does it.

        Raises LeaseLost if that other one has begun meanwhile.
        """
        owed = await self._take()
        if owed:
            async with asyncio.timeout(PUBLISH_SECONDS):
                await self.bus.publish([item.message for item in owed])
            async with self.database.unit_of_work() as connection:
                if not await self._hold(connection):
                    raise LeaseLost(f"another relay has the lease on {self.tables.outbox.name}")
                await settle_outbox(connection, self.tables.outbox, [item.id for item in owed])
        return len(owed)

    async def _take(self) -> list[Owed]:
        async with self.database.reading() as connection:
            if not await read_outbox(connection, self.tables.outbox, 1):
                return []  # nothing is written while nothing is owed
        async with self.database.unit_of_work() as connection:
            if not await self._hold(connection):
                return []
            return await read_outbox(connection, self.tables.outbox, BATCH)

    async def _hold(self, connection: AsyncConnection) -> bool:
        tables = self.tables
        return await hold_lease(connection, tables.leases, tables.outbox.name, self._holder, self.clock())

    async def _give_back(self) -> None:
        with suppress(Exception):  # it runs out by itself
            async with self.database.unit_of_work() as connection:
                await give_back_lease(connection, self.tables.leases, self.tables.outbox.name, self._holder)
