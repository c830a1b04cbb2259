"""The bus on one machine: an append-only table in the same SQLite file as everything else.

A topic is one partition here: the data directory's lock admits one process, so a group has one member and order per
key needs no more. Offsets are drawn in the publishing transaction, which makes them gapless.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus import tables
from shared.bus.port import Lag, Record, TopicPartition, UnknownTopic
from shared.database.dialects import insert
from shared.database.types import UtcDateTime
from shared.database.unit_of_work import Database
from shared.events.envelope import Message
from shared.ops.unavailable import Unavailable

log = structlog.get_logger()

ONLY_PARTITION = 0

ANOTHER_PROCESS_POLL_SECONDS = 1.0
"""Publishing in this process wakes consumers at once; messages of another one are met at this pace."""

BROWSE_BATCH = 100


class SqliteLogBus:
    """Adapter of `shared.bus.port.Bus`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._appended = asyncio.Event()

    async def publish(self, messages: Sequence[Message]) -> None:
        async with self._database.unit_of_work() as connection:
            for topic in dict.fromkeys(message.topic for message in messages):
                await self._append(connection, topic, [message for message in messages if message.topic == topic])
        self._appended.set()
        self._appended = asyncio.Event()

    async def _append(self, connection: AsyncConnection, topic: str, messages: Sequence[Message]) -> None:
        drawn = await connection.execute(
            update(tables.topics)
            .where(tables.topics.c.topic == topic)
            .values(next_offset=tables.topics.c.next_offset + len(messages))
            .returning(tables.topics.c.next_offset)
        )
        end = drawn.scalar_one_or_none()
        if end is None:
            raise UnknownTopic(topic)
        now = self._clock()
        await connection.execute(
            tables.messages.insert(),
            [
                {
                    "topic": topic,
                    "offset": end - len(messages) + index,
                    "key": message.key,
                    "value": message.value,
                    "headers": [[name, value.decode("latin-1")] for name, value in message.headers],
                    "appended_at": now,
                }
                for index, message in enumerate(messages)
            ],
        )

    def consumer(self, group: str, topics: Sequence[str]) -> "SqliteLogConsumer":
        return SqliteLogConsumer(self, group, topics)

    async def create_topics(self, topics: Sequence[str]) -> list[str]:
        created = []
        async with self._database.unit_of_work() as connection:
            for topic in topics:
                row = insert(connection, tables.topics).values(topic=topic, next_offset=0)
                if (await connection.execute(row.on_conflict_do_nothing())).rowcount:
                    created.append(topic)
        return created

    async def check(self, topics: Sequence[str]) -> None:
        async with self._database.reading() as connection:
            known = set(await connection.scalars(select(tables.topics.c.topic)))
        for topic in topics:
            if topic not in known:
                raise UnknownTopic(topic)

    async def lag(self, group: str, topic: str) -> Lag:
        column = tables.messages.c
        async with self._database.reading() as connection:
            start = (await self.committed(connection, group, [topic]))[topic]
            row = await connection.execute(
                select(func.count(), func.min(column.appended_at, type_=UtcDateTime))
                .where(column.topic == topic)
                .where(column.offset >= start)
            )
            messages, oldest = row.one()
        return Lag(messages, oldest)

    async def size(self, topic: str) -> int:
        async with self._database.reading() as connection:
            count = select(func.count()).select_from(tables.messages).where(tables.messages.c.topic == topic)
            return (await connection.execute(count)).scalar_one()

    async def browse(self, topic: str, group: str | None = None) -> AsyncIterator[Record]:
        await self.check([topic])
        async with self._database.reading() as connection:
            written = select(tables.topics.c.next_offset).where(tables.topics.c.topic == topic)
            end = (await connection.execute(written)).scalar_one()
            start = 0 if group is None else (await self.committed(connection, group, [topic]))[topic]
        while records := await self.read({topic: start}, BROWSE_BATCH):
            for record in records:
                if record.offset >= end:
                    return
                yield record
            start = records[-1].offset + 1

    async def close(self) -> None:
        """The database belongs to whoever opened it."""

    async def prune(self, topic: str, before: datetime) -> int:
        """Drop messages appended before `before` that every group has worked off. Returns how many."""
        column, done = tables.messages.c, tables.committed.c
        async with self._database.unit_of_work() as connection:
            slowest = await connection.scalar(select(func.min(done.next_offset)).where(done.topic == topic))
            result = await connection.execute(
                delete(tables.messages)
                .where(column.topic == topic)
                .where(column.appended_at < before)
                .where(column.offset < (slowest or 0))
            )
            return result.rowcount

    async def expire(self, topic: str, before: datetime) -> int:
        """Drop messages appended before `before`, read or not: for dead letters, which nobody has to read."""
        column = tables.messages.c
        async with self._database.unit_of_work() as connection:
            old = delete(tables.messages).where(column.topic == topic).where(column.appended_at < before)
            return (await connection.execute(old)).rowcount

    async def committed(self, connection: AsyncConnection, group: str, topics: Sequence[str]) -> dict[str, int]:
        """The next offset of `group` on each topic; 0 where it has committed nothing."""
        done = tables.committed.c
        rows = await connection.execute(
            select(done.topic, done.next_offset).where(done.consumer_group == group).where(done.topic.in_(topics))
        )
        return dict.fromkeys(topics, 0) | {row.topic: row.next_offset for row in rows}

    async def read(self, starts: Mapping[str, int], limit: int) -> list[Record]:
        """Up to `limit` records from the given offsets on."""
        records: list[Record] = []
        column = tables.messages.c
        async with self._database.reading() as connection:
            for topic, start in starts.items():
                rows = await connection.execute(
                    select(tables.messages)
                    .where(column.topic == topic)
                    .where(column.offset >= start)
                    .order_by(column.offset)
                    .limit(limit - len(records))
                )
                records.extend(
                    Record(
                        TopicPartition(topic, ONLY_PARTITION),
                        row.offset,
                        row.key,
                        row.value,
                        {name: value.encode("latin-1") for name, value in row.headers},
                        row.appended_at,
                    )
                    for row in rows
                )
        return records

    async def commit(self, group: str, next_offsets: Mapping[TopicPartition, int]) -> None:
        async with self._database.unit_of_work() as connection:
            for position, next_offset in next_offsets.items():
                row = insert(connection, tables.committed).values(
                    consumer_group=group, topic=position.topic, next_offset=next_offset
                )
                await connection.execute(
                    row.on_conflict_do_update(
                        index_elements=["consumer_group", "topic"], set_={"next_offset": next_offset}
                    )
                )

    async def starting_offsets(self, group: str, topics: Sequence[str]) -> dict[str, int]:
        async with self._database.reading() as connection:
            return await self.committed(connection, group, topics)

    async def wait_for_more(self, seconds: float) -> None:
        """Returns when something was appended in this process, at the latest after `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._appended.wait(), seconds)


class SqliteLogConsumer:
    """Adapter of `shared.bus.port.Consumer`. Holds the read position; the committed one is in the table."""

    def __init__(self, bus: SqliteLogBus, group: str, topics: Sequence[str]) -> None:
        self._bus = bus
        self._group = group
        self._topics = tuple(topics)
        self._next: dict[str, int] | None = None
        self._revoked = asyncio.Event()

    @property
    def revoked(self) -> asyncio.Event:
        """Never set: a group has one member here."""
        return self._revoked

    async def fetch(self, limit: int, wait: float) -> list[Record]:
        try:
            return await self._read_within(limit, wait)
        except Unavailable as error:
            log.warning("fetch_waits", group=self._group, error=str(error)[:500])
            await asyncio.sleep(wait)
            return []

    async def _read_within(self, limit: int, wait: float) -> list[Record]:
        if self._next is None:
            self._next = await self._bus.starting_offsets(self._group, self._topics)
        deadline = asyncio.get_running_loop().time() + wait
        while not (records := await self._bus.read(self._next, limit)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            await self._bus.wait_for_more(min(left, ANOTHER_PROCESS_POLL_SECONDS))
        for record in records:
            self._next[record.position.topic] = record.offset + 1
        return records

    async def commit(self, next_offsets: Mapping[TopicPartition, int]) -> None:
        await self._bus.commit(self._group, next_offsets)

    async def backlog(self) -> int:
        return sum([(await self._bus.lag(self._group, topic)).messages for topic in self._topics])

    async def close(self) -> None:
        """Nothing to leave: what was committed stands in the table."""
