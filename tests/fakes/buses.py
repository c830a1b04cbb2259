"""The adapters of the bus, set up for a test, with what only a test may do to them."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from shared.bus import tables
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import Bus, Consumer, Record, TopicPartition
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from tests.fakes.clock import FakeClock
from tests.fakes.kafka_broker import KafkaBroker

START = datetime(2025, 3, 1, 12, tzinfo=UTC)

ARRIVES_WITHIN_SECONDS = 20.0


@dataclass
class BusUnderTest:
    """A bus with two fresh topics. `expire` lets retention take everything that `topic` holds."""

    bus: Bus
    topic: str
    other: str
    now: Callable[[], datetime]
    expire: Callable[[], Awaitable[None]]


@asynccontextmanager
async def sqlite_bus(folder: Path) -> AsyncIterator[BusUnderTest]:
    clock = FakeClock(START)
    database = open_database(f"sqlite+aiosqlite:///{folder}/bus.db")
    await migrate(database, [tables.HISTORY])
    bus = SqliteLogBus(database, clock)
    under_test = BusUnderTest(bus, "news.articles.v1", "news.statements.v1", clock, lambda: _expire_sqlite(bus, clock))
    await bus.create_topics([under_test.topic, under_test.other])
    yield under_test
    await bus.close()
    await database.close()


async def _expire_sqlite(bus: SqliteLogBus, clock: FakeClock) -> None:
    clock.advance(timedelta(days=8))
    await bus.prune("news.articles.v1", clock() - timedelta(days=1))


def quick_kafka(broker: KafkaBroker, **values: Any) -> KafkaSettings:
    """Settings of production with less waiting."""
    quick = {"partitions": 3, "session": 6.0, "heartbeat": 0.5, "drain": 2.0, "rebalance": 4.0, "publish_deadline": 5.0}
    return KafkaSettings(**{"servers": (broker.address,), **quick, **values})


def fresh_topic(name: str = "topic") -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}"


@asynccontextmanager
async def kafka_bus(broker: KafkaBroker, **values: Any) -> AsyncIterator[BusUnderTest]:
    await broker.wait_ready()
    bus = KafkaBus(quick_kafka(broker, **values))
    topic, other = fresh_topic("articles"), fresh_topic("statements")
    await bus.create_topics([topic, other])
    try:
        yield BusUnderTest(bus, topic, other, lambda: datetime.now(UTC), lambda: expire_kafka(broker, topic))
    finally:
        await bus.close()


async def expire_kafka(broker: KafkaBroker, topic: str) -> None:
    """What the broker does by itself once a segment is older than the topic's retention."""
    admin, reader = AIOKafkaAdminClient(bootstrap_servers=broker.address), AIOKafkaConsumer(
        bootstrap_servers=broker.address
    )  # fmt: skip
    await admin.start()
    await reader.start()
    (description,) = await admin.describe_topics([topic])
    partitions = [KafkaPartition(topic, entry["partition"]) for entry in description["partitions"]]
    ends = await reader.end_offsets(partitions)
    await admin.delete_records({where: RecordsToDelete(before_offset=end) for where, end in ends.items() if end})
    await reader.stop()
    await admin.close()


async def take(
    consumer: Consumer, count: int, limit: int = 100, within: float = ARRIVES_WITHIN_SECONDS
) -> list[Record]:
    """The next `count` records, however many fetches they take; fewer only if no more come."""
    records: list[Record] = []
    while len(records) < count:
        found = await consumer.fetch(min(limit, count - len(records)), wait=within)
        if not found:
            break
        records += found
    return records


def ends(records: list[Record]) -> dict[TopicPartition, int]:
    """The offsets that commit these records."""
    return {record.position: record.offset + 1 for record in records}
