"""Relay: bring what the outbox owes to the bus. Publish, then settle: a crash in between repeats, never loses."""

import asyncio

import structlog
from sqlalchemy import Table

from shared.bus.port import Bus
from shared.database.outbox import read_outbox, settle_outbox
from shared.database.unit_of_work import Database

log = structlog.get_logger()

BATCH = 200
IDLE_POLL_SECONDS = 1.0
"""`wake` is set by whoever commits to the outbox in this process; the poll is for everything else."""

LONGEST_PAUSE_SECONDS = 30.0


class OutboxRelay:
    """Transaction T2. One relay at a time per table: the data directory's lock sees to it."""

    def __init__(self, database: Database, table: Table, bus: Bus) -> None:
        self._database = database
        self._table = table
        self._bus = bus
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; a bus that does not answer is tried again for ever."""
        pause = IDLE_POLL_SECONDS
        while not stop.is_set():
            self.wake.clear()  # before reading: a wake during the batch must not be slept over
            try:
                moved = await self.relay_batch()
                pause = IDLE_POLL_SECONDS
            except Exception as error:
                log.warning("relay_failed", table=self._table.name, error=repr(error)[:500], retry_in=pause)
                moved, pause = 0, min(pause * 2, LONGEST_PAUSE_SECONDS)
            if moved < BATCH:
                await self._rest(pause, stop)

    async def relay_batch(self) -> int:
        """Publish the oldest owed messages in order and settle them. Returns how many."""
        async with self._database.reading() as connection:
            owed = await read_outbox(connection, self._table, BATCH)
        if owed:
            await self._bus.publish([item.message for item in owed])
            async with self._database.unit_of_work() as connection:
                await settle_outbox(connection, self._table, [item.id for item in owed])
        return len(owed)

    async def _rest(self, seconds: float, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(self.wake.wait()), asyncio.ensure_future(stop.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
