"""What every adapter of the bus promises. A new adapter is one more parameter of the fixture `bus`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.bus import tables
from shared.bus.port import Bus, Record, TopicPartition, UnknownTopic
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from shared.events.envelope import Message
from tests.fakes.clock import FakeClock

TOPIC, OTHER = "news.articles.v1", "news.statements.v1"
START = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture(params=["sqlite_log"])
async def bus(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Bus]:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bus.db")
    await migrate(database, [tables.HISTORY])
    adapter = SqliteLogBus(database, clock)
    await adapter.create_topics([TOPIC, OTHER])
    yield adapter
    await database.close()


def message(number: int, key: str = "k", topic: str = TOPIC) -> Message:
    return Message(topic, key, f"{number}".encode(), (("ce_id", f"id-{number}".encode()), ("raw", b"\xff\x00")))


async def drain(bus: Bus, group: str = "g", limit: int = 100) -> list[Record]:
    return await bus.consumer(group, [TOPIC]).fetch(limit, wait=0.1)


def ends(records: list[Record]) -> dict[TopicPartition, int]:
    return {record.position: record.offset + 1 for record in records}


async def test_a_message_arrives_as_it_was_published(bus: Bus, clock: FakeClock) -> None:
    await bus.publish([message(7, key="schlüssel")])
    (record,) = await drain(bus)
    assert (record.key, record.value) == ("schlüssel", b"7")
    assert record.headers == {"ce_id": b"id-7", "raw": b"\xff\x00"}
    assert record.appended == clock()


async def test_offsets_are_gapless_and_order_holds_per_key(bus: Bus) -> None:
    for start in range(0, 30, 5):
        await bus.publish([message(number, key=f"k{number % 3}") for number in range(start, start + 5)])
    records = await drain(bus)
    by_partition: dict[TopicPartition, list[int]] = {}
    for record in records:
        by_partition.setdefault(record.position, []).append(record.offset)
    assert all(offsets == list(range(len(offsets))) for offsets in by_partition.values())
    for key in ("k0", "k1", "k2"):
        numbers = [int(record.value) for record in records if record.key == key]
        assert numbers == sorted(numbers)
        assert len(numbers) == 10


async def test_publishers_at_the_same_time_lose_nothing(bus: Bus) -> None:
    await asyncio.gather(*(bus.publish([message(number)]) for number in range(40)))
    records = await drain(bus)
    assert sorted(int(record.value) for record in records) == list(range(40))
    assert len({(record.position, record.offset) for record in records}) == 40


async def test_what_was_not_committed_comes_again(bus: Bus) -> None:
    await bus.publish([message(number) for number in range(4)])
    first = await drain(bus, limit=2)
    await bus.consumer("g", [TOPIC]).commit(ends(first))
    again = await drain(bus)
    assert [int(record.value) for record in again] == [2, 3]
    assert [int(record.value) for record in await drain(bus)] == [2, 3]


async def test_groups_read_independently(bus: Bus) -> None:
    await bus.publish([message(1)])
    await bus.consumer("g", [TOPIC]).commit(ends(await drain(bus)))
    assert await drain(bus, group="g") == []
    assert len(await drain(bus, group="other")) == 1


async def test_a_consumer_goes_on_without_committing(bus: Bus) -> None:
    await bus.publish([message(number) for number in range(3)])
    consumer = bus.consumer("g", [TOPIC])
    assert [int(record.value) for record in await consumer.fetch(2, wait=0.1)] == [0, 1]
    assert [int(record.value) for record in await consumer.fetch(2, wait=0.1)] == [2]


async def test_fetch_waits_for_what_is_published_meanwhile(bus: Bus) -> None:
    consumer = bus.consumer("g", [TOPIC])
    waiting = asyncio.create_task(consumer.fetch(10, wait=10))
    await asyncio.sleep(0.05)
    await bus.publish([message(5)])
    (record,) = await asyncio.wait_for(waiting, 5)
    assert record.value == b"5"


async def test_lag_counts_what_a_group_has_not_committed(bus: Bus, clock: FakeClock) -> None:
    await bus.publish([message(1)])
    clock.advance(timedelta(minutes=5))
    await bus.publish([message(2)])
    lag = await bus.lag("g", TOPIC)
    assert (lag.messages, lag.oldest) == (2, START)
    await bus.consumer("g", [TOPIC]).commit(ends(await drain(bus)))
    assert (await bus.lag("g", TOPIC)).messages == 0
    assert (await bus.lag("g", TOPIC)).oldest is None


async def test_retention_drops_old_messages_only_when_worked_off(bus: Bus, clock: FakeClock) -> None:
    await bus.publish([message(1), message(2)])
    clock.advance(timedelta(days=8))
    assert await bus.prune(TOPIC, START + timedelta(days=1)) == 0, "nobody has read them yet"
    await bus.consumer("g", [TOPIC]).commit(ends(await drain(bus)))
    await bus.publish([message(3)])
    assert await bus.prune(TOPIC, START + timedelta(days=1)) == 2
    assert await bus.size(TOPIC) == 1


async def test_offsets_go_on_after_retention(bus: Bus, clock: FakeClock) -> None:
    await bus.publish([message(1)])
    await bus.consumer("g", [TOPIC]).commit(ends(await drain(bus)))
    clock.advance(timedelta(days=8))
    await bus.prune(TOPIC, clock())
    await bus.publish([message(2)])
    (record,) = await drain(bus)
    assert (record.offset, record.value) == (1, b"2")


async def test_topics_are_made_explicitly(bus: Bus) -> None:
    with pytest.raises(UnknownTopic, match="vedette migrate"):
        await bus.publish([message(1), message(2, topic="nowhere")])
    assert await drain(bus) == [], "a batch is appended whole or not at all"
    with pytest.raises(UnknownTopic):
        await bus.check([TOPIC, "nowhere"])
    assert await bus.create_topics([TOPIC, "nowhere"]) == ["nowhere"]
    await bus.check([TOPIC, "nowhere"])
