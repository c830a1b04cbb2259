"""Throughput of the bus: the log in SQLite and Apache Kafka beside each other in one run."""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.bus.consumer_loop import ConsumerLoop, Outcome
from shared.bus.port import Bus, Record
from shared.events.envelope import Message
from shared.ops.clock import utc_now
from tests.fakes.buses import BusUnderTest, ends, kafka_bus, sqlite_bus
from tests.fakes.kafka_broker import KafkaBroker, why_no_broker

MESSAGES = 10_000
VALUE_BYTES = 4_096
BATCH = 200
"""What the outbox relay publishes at once."""

KEYS = 2_000
FEW, MANY = 2, 64
"""Messages worked on at once: as many as an extractor has workers, and as many as a batch has."""


async def measure_buses() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with sqlite_bus(Path(folder)) as opened:
            await _measure("SQLite", opened)
        if reason := why_no_broker():
            print(f"bus on Kafka: not measured. {reason}")
            return
        async with _broker(Path(folder) / "kafka") as broker, kafka_bus(broker, partitions=12) as opened:
            await _measure("Kafka", opened)


@asynccontextmanager
async def _broker(folder: Path) -> AsyncIterator[KafkaBroker]:
    broker = KafkaBroker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


async def _measure(name: str, opened: BusUnderTest) -> None:
    messages = _messages(opened.topic)
    began = time.perf_counter()
    for start in range(0, MESSAGES, BATCH):
        await opened.bus.publish(messages[start : start + BATCH])
    published = MESSAGES / (time.perf_counter() - began)
    consumed = await _consume(opened.bus, opened.topic)
    few, many = await _pass_on(opened, "few", FEW), await _pass_on(opened, "many", MANY)
    print(
        f"bus on {name}, messages of {VALUE_BYTES // 1024} KiB a second: {published:,.0f} published by {BATCH}, "
        f"{consumed:,.0f} consumed and committed, {few:,.0f} consumed and passed on {FEW} at once, "
        f"{many:,.0f} {MANY} at once"
    )


async def _consume(bus: Bus, topic: str) -> float:
    consumer = bus.consumer("reader", [topic])
    left, began = MESSAGES, 0.0
    while left:
        records = await consumer.fetch(500, wait=10)
        began = began or time.perf_counter()  # joining the group is no part of it
        await consumer.commit(ends(records))
        left -= len(records)
    seconds = time.perf_counter() - began
    await consumer.close()
    return MESSAGES / seconds


async def _pass_on(opened: BusUnderTest, group: str, at_once: int) -> float:
    """As the extractor does: each message makes one of another topic, acknowledged before its offset moves."""
    done, stop = 0, asyncio.Event()
    began = 0.0

    async def handle(record: Record) -> Outcome:
        nonlocal done, began
        began = began or time.perf_counter()
        await opened.bus.publish([Message(opened.other, record.key, record.value, tuple(record.headers.items()))])
        done += 1
        if done == MESSAGES:
            stop.set()
        return Outcome.PROCESSED

    consumer = opened.bus.consumer(group, [opened.topic])
    loop = ConsumerLoop(opened.bus, consumer, group, handle, lambda *_: None, utc_now, concurrency=at_once)
    await loop.run(stop)
    return MESSAGES / (time.perf_counter() - began)


def _messages(topic: str) -> list[Message]:
    words = [f"word{number}" for number in range(3_000)]
    source = random.Random(7)
    texts = [" ".join(source.choices(words, k=600))[:VALUE_BYTES].encode() for _ in range(100)]
    return [Message(topic, f"k{number % KEYS}", texts[number % 100], ()) for number in range(MESSAGES)]
