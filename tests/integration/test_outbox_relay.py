"""The relay on a real database: nothing lost, one at a time, in order."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from services.fetcher import tables
from shared.bus.outbox_relay import BATCH, EMBEDDED, LeaseLost, OutboxRelay, OutboxTables
from shared.database.lease import LENGTH, give_back_lease, hold_lease
from shared.database.migrate import migrate
from shared.database.outbox import add_to_outbox, outbox_backlog
from shared.database.unit_of_work import Database
from shared.events.envelope import Message
from tests.fakes.clock import FakeClock

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
TABLES = OutboxTables(tables.outbox, tables.leases)


class FakeBus:
    """Keeps what is published; may hold it up before it does, or refuse."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.away = False

    async def publish(self, messages: Sequence[Message]) -> None:
        await self.gate.wait()
        if self.away:
            raise ConnectionError("no broker")
        self.published += [message.key for message in messages]


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def database(empty_database: Database) -> Database:
    await migrate(empty_database, [tables.HISTORY])
    return empty_database


def relay(database: Database, bus: FakeBus, clock: FakeClock, holder: str | None = None) -> OutboxRelay:
    made = OutboxRelay(database, TABLES, bus, clock)  # type: ignore[arg-type] # it only publishes
    if holder:
        made._holder = holder
    return made


async def owe(database: Database, *keys: str) -> None:
    async with database.unit_of_work() as connection:
        for key in keys:
            await add_to_outbox(connection, tables.outbox, Message("t", key, b"{}", (("ce_id", b"1"),)), NOON)


async def backlog(database: Database) -> int:
    async with database.reading() as connection:
        return (await outbox_backlog(connection, tables.outbox))[0]


async def test_what_is_owed_is_published_in_order_and_settled(
    database: Database, bus: FakeBus, clock: FakeClock
) -> None:
    keys = [f"k{number}" for number in range(BATCH + 5)]
    await owe(database, *keys)
    one = relay(database, bus, clock)
    assert [await one.relay_batch() for _ in range(3)] == [BATCH, 5, 0]
    assert bus.published == keys
    assert await backlog(database) == 0


async def test_what_was_not_acknowledged_stays_owed(database: Database, bus: FakeBus, clock: FakeClock) -> None:
    await owe(database, "a")
    bus.away = True
    one = relay(database, bus, clock)
    with pytest.raises(ConnectionError):
        await one.relay_batch()
    bus.away = False
    assert await one.relay_batch() == 1
    assert bus.published == ["a"]


async def test_only_the_holder_of_the_lease_relays(database: Database, bus: FakeBus, clock: FakeClock) -> None:
    first, second = relay(database, bus, clock, "first"), relay(database, bus, clock, "second")
    await owe(database, "a")
    assert await first.relay_batch() == 1
    await owe(database, "b")
    assert await second.relay_batch() == 0
    assert await backlog(database) == 1
    clock.advance(LENGTH)
    assert await second.relay_batch() == 1, "the first is gone: its lease has run out"
    await owe(database, "c")
    assert await first.relay_batch() == 0
    assert bus.published == ["a", "b"]


async def test_a_relay_that_was_frozen_too_long_settles_nothing(
    database: Database, bus: FakeBus, clock: FakeClock
) -> None:
    first, second = relay(database, bus, clock, "first"), relay(database, bus, clock, "second")
    await owe(database, "a")
    bus.gate.clear()
    frozen = asyncio.create_task(first.relay_batch())
    await _holding(database, "first")
    clock.advance(LENGTH)
    taking_over = asyncio.create_task(second.relay_batch())
    await _holding(database, "second")
    bus.gate.set()
    with pytest.raises(LeaseLost, match="fetcher_outbox"):
        await frozen
    assert await taking_over == 1
    assert await backlog(database) == 0


async def _holding(database: Database, holder: str) -> None:
    async with asyncio.timeout(5):
        while True:
            async with database.reading() as connection:
                if await connection.scalar(text("SELECT holder FROM fetcher_leases")) == holder:
                    return
            await asyncio.sleep(0.01)


async def test_a_relay_that_stops_hands_over_at_once(database: Database, bus: FakeBus, clock: FakeClock) -> None:
    first, second = relay(database, bus, clock, "first"), relay(database, bus, clock, "second")
    await owe(database, "a")
    stop = asyncio.Event()
    running = asyncio.create_task(first.run(stop))
    async with asyncio.timeout(5):
        while await backlog(database):
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 5)
    await owe(database, "b")
    assert await second.relay_batch() == 1


async def test_a_bus_that_does_not_answer_is_given_up_while_the_lease_holds(
    database: Database, bus: FakeBus, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus.outbox_relay.PUBLISH_SECONDS", 0.05)
    await owe(database, "a")
    bus.gate.clear()
    with pytest.raises(TimeoutError):
        await relay(database, bus, clock).relay_batch()
    assert await backlog(database) == 1


async def test_nothing_is_written_while_nothing_is_owed(database: Database, bus: FakeBus, clock: FakeClock) -> None:
    assert await relay(database, bus, clock).relay_batch() == 0
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM fetcher_leases")) == 0


async def test_on_sqlite_a_new_process_need_not_wait_for_a_killed_one(
    database: Database, bus: FakeBus, clock: FakeClock
) -> None:
    await owe(database, "a")
    killed, next_one = relay(database, bus, clock), relay(database, bus, clock)
    await killed.relay_batch()
    await owe(database, "b")
    assert await next_one.relay_batch() == (1 if database.is_sqlite else 0)
    assert (killed._holder == EMBEDDED) is database.is_sqlite


async def test_of_many_that_ask_for_a_lease_one_gets_it(database: Database) -> None:
    async def ask(holder: str, now: datetime) -> bool:
        async with database.unit_of_work() as connection:
            return await hold_lease(connection, tables.leases, "work", holder, now)

    for turn in range(3):
        now = NOON + turn * LENGTH
        held = await asyncio.gather(*(ask(f"{turn}-{number}", now) for number in range(8)))
        assert sum(held) == 1
        winner = f"{turn}-{held.index(True)}"
        assert await ask(winner, now + timedelta(seconds=1)), "it may prolong"
        assert not await ask("other", now + LENGTH)
        async with database.unit_of_work() as connection:
            await give_back_lease(connection, tables.leases, "work", "other")
        assert not await ask("other", now)
        async with database.unit_of_work() as connection:
            await give_back_lease(connection, tables.leases, "work", winner)
