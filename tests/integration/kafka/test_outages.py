"""The broker dies, freezes, comes back; a topic is missing; everything has a deadline and nothing is lost."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from shared.bus.consumer_loop import ConsumerLoop, Outcome, Patience, TooManyDeadLetters
from shared.bus.kafka.bus import KafkaBus
from shared.bus.port import BusUnavailable, Record, UnknownTopic
from shared.events.envelope import LARGEST_VALUE, InvalidMessage, Message
from shared.events.topics import dead_letter_topic
from shared.ops.clock import utc_now
from shared.ops.lifecycle import run_loops
from tests.fakes.buses import BusUnderTest, ends, expire_kafka, fresh_topic, quick_kafka, take
from tests.fakes.kafka_broker import KafkaBroker

pytestmark = pytest.mark.xdist_group("kafka")

AWAY_SECONDS = 12.0
PATIENT = Patience(first_pause=0.1, longest_pause=0.5)


@pytest.fixture
async def mended(kafka_broker: KafkaBroker) -> AsyncIterator[KafkaBroker]:
    """The broker, which the test may harm: afterwards it runs again."""
    yield kafka_broker
    kafka_broker.mend()
    await kafka_broker.wait_ready()


def message(topic: str, number: int) -> Message:
    return Message(topic, f"k{number % 20}", f"{number}".encode(), ())


async def test_a_broker_that_is_away_and_comes_back_costs_nothing_but_time(
    kafka: BusUnderTest, mended: KafkaBroker
) -> None:
    bus, topic = kafka.bus, kafka.topic
    seen: Counter[int] = Counter()

    async def handle(record: Record) -> Outcome:
        seen[int(record.value)] += 1
        return Outcome.PROCESSED

    stop = asyncio.Event()
    loop = ConsumerLoop(bus, bus.consumer("g", [topic]), "g", handle, lambda *_: None, utc_now, patience=PATIENT)
    running = asyncio.create_task(loop.run(stop))
    acknowledged: set[int] = set()

    async def publish(numbers: range) -> None:
        await bus.publish([message(topic, number) for number in numbers])
        acknowledged.update(numbers)

    await publish(range(500))
    await _until_seen(seen, acknowledged)
    mended.kill()
    down = time.monotonic()
    assert await _fails_within(bus.publish([message(topic, 10_000)]), 5.5) < 5.5
    assert await _fails_within(bus.check([topic]), 5) < 2, "unready at once"
    assert await _fails_within(bus.lag("g", topic), 5.5) < 5.5
    assert await _fails_within(bus.consumer("g", [topic]).backlog(), 5.5) < 5.5
    await asyncio.sleep(max(AWAY_SECONDS - (time.monotonic() - down), 0))
    assert not running.done(), "no crash"
    mended.start()
    await mended.wait_ready()
    back = time.monotonic()
    await _until_published(publish, range(500, 1_000))
    await _until_seen(seen, acknowledged)
    print(f"\nbroker away {AWAY_SECONDS:.0f} s: caught up {time.monotonic() - back:.1f} s after it was ready")
    print(f"lost {len(acknowledged - set(seen))}, repeated {sum(seen[number] - 1 for number in acknowledged)}")
    assert time.monotonic() - back < 20
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_a_stop_is_obeyed_while_the_broker_is_away(kafka: BusUnderTest, mended: KafkaBroker) -> None:
    bus, topic = kafka.bus, kafka.topic
    begun = asyncio.Event()

    async def handle(_record: Record) -> Outcome:
        begun.set()
        mended.kill()
        await bus.publish([message(topic, 2)])
        return Outcome.PROCESSED

    await bus.publish([message(topic, 1)])
    stop = asyncio.Event()
    loop = ConsumerLoop(bus, bus.consumer("g", [topic]), "g", handle, lambda *_: None, utc_now)
    running = asyncio.create_task(run_loops({"g": loop.run}, stop))
    await asyncio.wait_for(begun.wait(), 15)
    await asyncio.sleep(1)
    began = time.monotonic()
    stop.set()
    await running
    await bus.close()
    took = time.monotonic() - began
    print(f"\nstopped {took:.1f} s after being told, with the broker away")
    assert took < 8, "nominally 5; a container has 10"


async def test_a_frozen_broker_exceeds_no_deadline(kafka: BusUnderTest, mended: KafkaBroker) -> None:
    bus, topic = kafka.bus, kafka.topic
    await bus.publish([message(topic, 1)])
    consumer = bus.consumer("g", [topic])
    records = await take(consumer, 1)
    mended.freeze()
    failures = await asyncio.gather(
        _fails_within(bus.check([topic]), 5),
        _fails_within(bus.publish([message(topic, 2)]), 15),
        _fails_within(consumer.commit(ends(records)), 10),
    )
    assert all(failures)
    began = time.monotonic()
    assert await consumer.fetch(10, wait=0.5) == []
    assert time.monotonic() - began < 5
    mended.thaw()
    await mended.wait_ready()
    await _until_published(lambda numbers: bus.publish([message(topic, number) for number in numbers]), range(3, 4))
    seen: set[bytes] = set()
    async with asyncio.timeout(30):
        while b"3" not in seen:
            seen |= {record.value for record in await consumer.fetch(10, wait=1)}
    await consumer.close()


async def test_a_consumer_of_a_missing_topic_fails_at_once_and_names_the_command(kafka_broker: KafkaBroker) -> None:
    bus = KafkaBus(quick_kafka(kafka_broker))
    nowhere = fresh_topic("nowhere")
    began = time.monotonic()
    loop = ConsumerLoop(bus, bus.consumer("g", [nowhere]), "g", _processed, lambda *_: None, utc_now)
    with pytest.raises(UnknownTopic, match=f"{nowhere} does not exist: run `vedette migrate`"):
        await asyncio.wait_for(loop.run(asyncio.Event()), 5)
    assert time.monotonic() - began < 5
    await bus.close()


async def test_large_messages_pass_a_smaller_fetch_cap_and_block_nobody(kafka: BusUnderTest) -> None:
    large = os.urandom(LARGEST_VALUE)  # zstd cannot make it smaller
    topic = kafka.topic
    await kafka.bus.publish(
        [Message(topic, f"k{number}", large if number % 5 == 0 else b"small", ()) for number in range(30)]
    )
    consumer = kafka.bus.consumer("g", [topic])
    assert (await kafka.bus.lag("g", topic)).oldest is not None
    records = await take(consumer, 30)
    assert Counter(len(record.value) for record in records) == {LARGEST_VALUE: 6, 5: 24}
    await consumer.close()


async def test_a_group_overtaken_by_retention_goes_on_with_what_is_left(
    kafka: BusUnderTest, kafka_broker: KafkaBroker
) -> None:
    bus, topic = kafka.bus, kafka.topic
    await bus.publish([message(topic, number) for number in range(50)])
    consumer = bus.consumer("g", [topic])
    await consumer.commit(ends(await take(consumer, 5)))
    await consumer.close()
    await expire_kafka(kafka_broker, topic)
    await bus.publish([message(topic, number) for number in range(50, 60)])
    assert (await bus.lag("g", topic)).messages == 10
    late = bus.consumer("g", [topic])
    assert sorted(int(record.value) for record in await take(late, 10)) == list(range(50, 60))
    await late.close()


async def test_only_poison_stops_the_loop_within_the_breakers_limit(kafka: BusUnderTest) -> None:
    bus, topic = kafka.bus, kafka.topic
    await bus.create_topics([dead_letter_topic(topic, "g")])
    await bus.publish([message(topic, number) for number in range(2_000)])

    async def handle(_record: Record) -> Outcome:
        raise InvalidMessage("understands nothing")

    loop = ConsumerLoop(bus, bus.consumer("g", [topic]), "g", handle, lambda *_: None, utc_now)
    with pytest.raises(TooManyDeadLetters):
        await asyncio.wait_for(loop.run(asyncio.Event()), 30)
    limit = Patience().dead_letters_in_a_row
    assert await bus.size(dead_letter_topic(topic, "g")) == limit
    assert (await bus.lag("g", topic)).messages >= 2_000 - limit


async def _processed(_record: Record) -> Outcome:
    return Outcome.PROCESSED


async def _fails_within(call: Awaitable[object], seconds: float) -> float:
    """After how many seconds the call raised BusUnavailable."""
    began = time.monotonic()
    with pytest.raises(BusUnavailable):
        await asyncio.wait_for(call, seconds)
    return time.monotonic() - began


async def _until_published(publish: Callable[[range], Awaitable[None]], numbers: range) -> None:
    """As the outbox relay does: again until it is acknowledged."""
    async with asyncio.timeout(20):
        while True:
            try:
                await publish(numbers)
            except BusUnavailable:
                await asyncio.sleep(0.2)
            else:
                return


async def _until_seen(seen: Counter[int], wanted: set[int]) -> None:
    async with asyncio.timeout(30):
        while not wanted <= set(seen):
            await asyncio.sleep(0.05)
