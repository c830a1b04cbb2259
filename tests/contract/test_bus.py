"""What every adapter of the bus promises. A new adapter is one more parameter of the fixture `under_test`."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.bus.consumer_loop import ConsumerLoop, Outcome, Patience
from shared.bus.dead_letters import REDRIVE_GROUP, Failure, redrive, to_dead_letter
from shared.bus.port import Record, TopicPartition, UnknownTopic
from shared.events.envelope import InvalidMessage, Message
from shared.events.topics import dead_letter_topic
from tests.fakes.buses import BusUnderTest, ends, fresh_topic, kafka_bus, sqlite_bus, take

KAFKA = pytest.param("kafka", marks=pytest.mark.xdist_group("kafka"))


@pytest.fixture(params=["sqlite_log", KAFKA])
async def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    if request.param == "sqlite_log":
        opening = sqlite_bus(tmp_path)
    else:
        opening = kafka_bus(request.getfixturevalue("kafka_broker"))
    async with opening as opened:
        yield opened


def message(topic: str, number: int, key: str = "k") -> Message:
    return Message(topic, key, f"{number}".encode(), (("ce_id", f"id-{number}".encode()), ("raw", b"\xff\x00")))


def numbers(records: list[Record]) -> list[int]:
    return [int(record.value) for record in records]


async def work_through(under_test: BusUnderTest, count: int, group: str = "g", commit: bool = True) -> list[Record]:
    """A member comes, takes `count` records, commits them if told so, and leaves."""
    consumer = under_test.bus.consumer(group, [under_test.topic])
    records = await take(consumer, count)
    if commit and records:
        await consumer.commit(ends(records))
    await consumer.close()
    return records


async def test_a_message_arrives_as_it_was_published(under_test: BusUnderTest) -> None:
    await under_test.bus.publish([message(under_test.topic, 7, key="schlüssel")])
    (record,) = await work_through(under_test, 1)
    assert (record.key, record.value) == ("schlüssel", b"7")
    assert record.headers == {"ce_id": b"id-7", "raw": b"\xff\x00"}
    assert abs(record.appended - under_test.now()) < timedelta(seconds=30)


async def test_offsets_are_gapless_and_order_holds_per_key(under_test: BusUnderTest) -> None:
    for start in range(0, 30, 5):
        batch = [message(under_test.topic, number, key=f"k{number % 3}") for number in range(start, start + 5)]
        await under_test.bus.publish(batch)
    records = await work_through(under_test, 30)
    by_partition: dict[TopicPartition, list[int]] = {}
    for record in records:
        by_partition.setdefault(record.position, []).append(record.offset)
    assert all(offsets == list(range(len(offsets))) for offsets in by_partition.values())
    for key in ("k0", "k1", "k2"):
        of_key = numbers([record for record in records if record.key == key])
        assert of_key == sorted(of_key)
        assert len(of_key) == 10


async def test_publishers_at_the_same_time_lose_nothing(under_test: BusUnderTest) -> None:
    await asyncio.gather(*(under_test.bus.publish([message(under_test.topic, number)]) for number in range(40)))
    records = await work_through(under_test, 40)
    assert sorted(numbers(records)) == list(range(40))
    assert len({(record.position, record.offset) for record in records}) == 40


async def test_what_was_not_committed_comes_again(under_test: BusUnderTest) -> None:
    await under_test.bus.publish([message(under_test.topic, number) for number in range(4)])
    assert numbers(await work_through(under_test, 2)) == [0, 1]
    assert numbers(await work_through(under_test, 2, commit=False)) == [2, 3]
    assert numbers(await work_through(under_test, 2)) == [2, 3]


async def test_groups_read_independently(under_test: BusUnderTest) -> None:
    await under_test.bus.publish([message(under_test.topic, 1)])
    await work_through(under_test, 1, group="g")
    assert (await under_test.bus.lag("g", under_test.topic)).messages == 0
    assert numbers(await work_through(under_test, 1, group="other")) == [1]


async def test_a_consumer_goes_on_without_committing(under_test: BusUnderTest) -> None:
    await under_test.bus.publish([message(under_test.topic, number) for number in range(3)])
    consumer = under_test.bus.consumer("g", [under_test.topic])
    assert numbers(await take(consumer, 2)) == [0, 1]
    assert numbers(await take(consumer, 1)) == [2]
    await consumer.close()


async def test_fetch_waits_for_what_is_published_meanwhile(under_test: BusUnderTest) -> None:
    consumer = under_test.bus.consumer("g", [under_test.topic])
    waiting = asyncio.create_task(consumer.fetch(10, wait=20))
    await asyncio.sleep(0.05)
    await under_test.bus.publish([message(under_test.topic, 5)])
    (record,) = await asyncio.wait_for(waiting, 20)
    assert record.value == b"5"
    assert await consumer.fetch(10, wait=0.1) == []
    await consumer.close()


async def test_lag_and_backlog_count_what_is_not_committed(under_test: BusUnderTest) -> None:
    bus, topic = under_test.bus, under_test.topic
    assert await bus.lag("g", topic) == await bus.lag("nobody", topic)
    await bus.publish([message(topic, number, key=f"k{number}") for number in range(9)])
    consumer = bus.consumer("g", [topic])
    assert await consumer.backlog() == 9
    records = await take(consumer, 9)
    lag = await bus.lag("g", topic)
    assert (lag.messages, lag.oldest) == (9, min(record.appended for record in records))
    assert await consumer.backlog() == 9
    await consumer.commit(ends(records))
    assert (await bus.lag("g", topic)).messages == await consumer.backlog() == 0
    assert (await bus.lag("g", topic)).oldest is None
    await consumer.close()


async def test_what_retention_took_is_gone_and_offsets_go_on(under_test: BusUnderTest) -> None:
    await under_test.bus.publish([message(under_test.topic, 1)])
    await work_through(under_test, 1)
    assert await under_test.bus.size(under_test.topic) == 1
    await under_test.expire()
    assert await under_test.bus.size(under_test.topic) == 0
    await under_test.bus.publish([message(under_test.topic, 2)])
    (record,) = await work_through(under_test, 1, group="late")
    assert (record.offset, record.value) == (1, b"2")


async def test_browsing_shows_everything_held_and_moves_no_group(under_test: BusUnderTest) -> None:
    bus, topic = under_test.bus, under_test.topic
    assert [record async for record in bus.browse(topic)] == []
    await bus.publish([message(topic, number, key=f"k{number}") for number in range(250)])
    await work_through(under_test, 250)
    assert sorted(numbers([record async for record in bus.browse(topic)])) == list(range(250))
    assert (await bus.lag("new", topic)).messages == 250
    with pytest.raises(UnknownTopic):
        await anext(bus.browse("nowhere"))


async def test_topics_are_made_explicitly(under_test: BusUnderTest) -> None:
    bus, nowhere = under_test.bus, fresh_topic("nowhere")
    with pytest.raises(UnknownTopic, match="vedette migrate"):
        await bus.publish([message(under_test.topic, 1), message(nowhere, 2)])
    assert await bus.size(under_test.topic) == 0, "a batch is appended whole or not at all"
    with pytest.raises(UnknownTopic, match=nowhere):
        await bus.check([under_test.topic, nowhere])
    assert await bus.create_topics([under_test.topic, nowhere]) == [nowhere]
    await bus.check([under_test.topic, nowhere])
    await bus.publish([message(nowhere, 2)])


async def test_of_many_messages_exactly_the_poisonous_become_dead_letters(under_test: BusUnderTest) -> None:
    bus, topic, count = under_test.bus, under_test.topic, 2_000
    dead = dead_letter_topic(topic, "g")
    await bus.create_topics([dead])
    await bus.publish([message(topic, number, key=f"k{number % 50}") for number in range(count)])
    poisonous = {number for number in range(count) if number % 100 == 37}
    outcomes: Counter[Outcome] = Counter()

    async def handle(record: Record) -> Outcome:
        if int(record.value) in poisonous:
            raise InvalidMessage("no data at all")
        return Outcome.PROCESSED

    def counted(_topic: str, outcome: Outcome) -> None:
        outcomes[outcome] += 1

    stop = asyncio.Event()
    loop = ConsumerLoop(bus, bus.consumer("g", [topic]), "g", handle, counted, under_test.now, patience=Patience())
    running = asyncio.create_task(loop.run(stop))
    while outcomes.total() < count and not running.done():
        await asyncio.sleep(0.05)
    stop.set()
    await running
    assert outcomes == {Outcome.PROCESSED: count - len(poisonous), Outcome.DEAD_LETTERED: len(poisonous)}
    letters = [record async for record in bus.browse(dead)]
    assert {int(letter.value) for letter in letters} == poisonous
    assert len(letters) == len(poisonous)
    assert (await bus.lag("g", topic)).messages == 0


async def test_dead_letters_are_redriven_once_each_as_they_were(under_test: BusUnderTest) -> None:
    bus, topic = under_test.bus, under_test.topic
    dead = dead_letter_topic(topic, "g")
    await bus.create_topics([dead])
    failure = Failure("g", ValueError("cannot"), 6, under_test.now(), under_test.now())
    originals = [message(topic, number, key=f"k{number}") for number in range(5)]
    await bus.publish(originals)
    records = await work_through(under_test, 5)
    await bus.publish([to_dead_letter(record, failure) for record in records])

    assert len([letter async for letter in bus.browse(dead, REDRIVE_GROUP)]) == 5
    assert (await bus.lag("redrive", dead)).messages == 5, "looking changes nothing"
    assert len([letter async for letter in redrive(bus, dead, limit=2)]) == 2
    assert len([letter async for letter in redrive(bus, dead, limit=100)]) == 3
    assert [letter async for letter in redrive(bus, dead, limit=100)] == []
    assert [letter async for letter in bus.browse(dead, REDRIVE_GROUP)] == []
    assert await bus.size(dead) == 5, "they stay until retention takes them"

    again = await work_through(under_test, 5)
    assert sorted((record.key, record.value) for record in again) == [(m.key, m.value) for m in originals]
    assert all(record.headers == dict(originals[0].headers) | {"ce_id": b"id-" + record.value} for record in again)
