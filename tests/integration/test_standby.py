"""Of two fetchers one polls; the other takes over when the first is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from services.fetcher import tables
from shared.database.lease import LENGTH
from shared.database.standby import one_at_a_time
from shared.database.unit_of_work import Database, open_database
from shared.ops.lifecycle import Loop
from tests.fakes.clock import FakeClock

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


class Member:
    """A process with the loop: `works` while it runs, `running` is its end."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.works = False
        self.stop = asyncio.Event()
        self.running = asyncio.create_task(
            one_at_a_time(database, tables.leases, "polls", clock, self._loop)(self.stop)
        )

    async def _loop(self, stop: asyncio.Event) -> None:
        self.works = True
        await stop.wait()
        self.works = False

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.running, 5)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


async def test_one_works_and_the_other_takes_over_when_it_stops(standby_database: Database, clock: FakeClock) -> None:
    first = Member(standby_database, clock)
    await until(lambda: first.works)
    second = Member(standby_database, clock)
    await asyncio.sleep(0.2)
    assert not second.works
    await first.end()
    await until(lambda: second.works)
    await second.end()


async def test_who_was_silent_too_long_stops_when_it_sees_another(standby_database: Database, clock: FakeClock) -> None:
    first = Member(standby_database, clock)
    await until(lambda: first.works)
    await taken_by_another(standby_database, clock)
    await until(lambda: not first.works)
    assert not first.running.done(), "it stands by"
    clock.advance(LENGTH)
    await until(lambda: first.works)
    await first.end()


async def taken_by_another(database: Database, clock: FakeClock) -> None:
    async with database.unit_of_work() as connection:
        await connection.execute(tables.leases.update().values(holder="another", held_until=clock() + LENGTH))


async def test_a_loop_that_fails_ends_the_process(standby_database: Database, clock: FakeClock) -> None:
    async def fails(_stop: asyncio.Event) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await one_at_a_time(standby_database, tables.leases, "polls", clock, fails)(asyncio.Event())


async def test_on_sqlite_it_is_the_loop_itself(clock: FakeClock) -> None:
    async def loop(_stop: asyncio.Event) -> None:
        return None

    sqlite = open_database("sqlite+aiosqlite://")
    wrapped: Loop | Callable[..., Awaitable[None]] = one_at_a_time(sqlite, tables.leases, "polls", clock, loop)
    assert wrapped is loop
    await sqlite.close()
