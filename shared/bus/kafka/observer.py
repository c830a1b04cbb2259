"""Looking at Kafka from outside of any group: topics, offsets, lag, stored messages.

Its connections are its own, so that it tells the truth about members that are stuck. After any failure they are made
anew by the next question.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    BrokerResponseError,
    GroupCoordinatorNotAvailableError,
    KafkaError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.structs import OffsetAndMetadata

from shared.bus.kafka.background import Closing
from shared.bus.kafka.records import to_record
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import BusUnavailable, Lag, Record, UnknownTopic

log = structlog.get_logger()

Answer = TypeVar("Answer")

SMALLEST_FETCH = 1
"""Bytes; a broker sends one whole batch at least, and the age of its first record is all that is wanted."""


class KafkaObserver:
    """Raises UnknownTopic and BusUnavailable, nothing of aiokafka's."""

    def __init__(self, settings: KafkaSettings, closing: Closing) -> None:
        self._settings = settings
        self._closing = closing
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None
        self._connecting = asyncio.Lock()
        self._ages: dict[tuple[str, KafkaPartition], tuple[int, datetime]] = {}

    def close(self) -> None:
        admin, reader = self._admin, self._reader
        self._admin = self._reader = None
        if admin is not None:
            self._closing.begin(admin.close())
        if reader is not None:
            self._closing.begin(reader.stop())

    async def check(self, topics: Sequence[str]) -> None:
        await self._ask(self._partitions(topics), self._settings.check_deadline)

    async def create_topics(self, topics: Sequence[str]) -> list[str]:
        return await self._ask(self._create_topics(topics), self._settings.publish_deadline)

    async def size(self, topic: str) -> int:
        held = await self._ask(self._held([topic]), self._settings.query_deadline)
        return sum(end - begin for begin, end in held.values())

    async def lag(self, group: str, topic: str) -> Lag:
        return await self._ask(self._lag(group, topic), self._settings.query_deadline)

    async def backlog(self, group: str, topics: Sequence[str], only: frozenset[KafkaPartition] | None) -> int:
        """What `group` has not committed, on all partitions of `topics` or on those of `only`."""
        behind = await self._ask(self._behind(group, topics), self._settings.query_deadline)
        return sum(end - start for where, (start, end) in behind.items() if only is None or where in only)

    async def browse(self, topic: str, group: str | None) -> AsyncIterator[Record]:
        span = self._held([topic]) if group is None else self._behind(group, [topic])
        held = await self._ask(span, self._settings.query_deadline)
        ranges = {where: (start, end) for where, (start, end) in held.items() if start < end}
        async with self._reading(ranges, self._settings.partition_fetch) as reader:
            left = {where: end for where, (_, end) in ranges.items()}
            while left:
                found = await self._ask(self._next(reader, left), self._settings.query_deadline)
                for record in found:
                    yield record

    async def _ask(self, question: Awaitable[Answer], deadline: float) -> Answer:
        try:
            async with asyncio.timeout(deadline):
                return await question
        except (KafkaError, TimeoutError, OSError) as error:
            self.close()
            what = "refuses" if isinstance(error, BrokerResponseError) else "does not answer"
            raise BusUnavailable(f"Kafka at {','.join(self._settings.servers)} {what}: {error!r}") from error

    async def _clients(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        async with self._connecting:
            if self._admin is None or self._reader is None:
                admin = AIOKafkaAdminClient(**self._settings.client_values())
                reader = AIOKafkaConsumer(**self._settings.reader_values())
                try:
                    await admin.start()
                    await reader.start()
                except BaseException:
                    self._closing.begin(admin.close())
                    self._closing.begin(reader.stop())
                    raise
                self._admin, self._reader = admin, reader
            return self._admin, self._reader

    async def _partitions(self, topics: Sequence[str]) -> list[KafkaPartition]:
        """All partitions of these topics."""
        admin, _ = await self._clients()
        found = []
        for topic in await admin.describe_topics(list(topics)):
            error = for_code(topic["error_code"])
            if error is UnknownTopicOrPartitionError:
                raise UnknownTopic(topic["topic"])
            if topic["error_code"]:
                raise error(topic["topic"])
            found += [KafkaPartition(topic["topic"], entry["partition"]) for entry in topic["partitions"]]
        return found

    async def _create_topics(self, topics: Sequence[str]) -> list[str]:
        admin, _ = await self._clients()
        present = set(await admin.list_topics())
        missing = [topic for topic in dict.fromkeys(topics) if topic not in present]
        if not missing:
            return []
        brokers = len((await admin.describe_cluster())["brokers"])
        answer = await admin.create_topics(
            [NewTopic(name=topic, **self._settings.topic_values(topic, brokers)) for topic in missing]
        )
        created = []
        for topic, code, reason in (entry[:3] for entry in answer.topic_errors):
            if code and for_code(code) is not TopicAlreadyExistsError:
                raise for_code(code)(f"cannot create the topic {topic}: {reason}")
            if not code:
                created.append(topic)
        await self._until_known(missing)
        return created

    async def _until_known(self, topics: Sequence[str]) -> None:
        """The controller answers before every broker has heard of it."""
        while True:
            try:
                await self._partitions(topics)
            except (UnknownTopic, KafkaError) as error:
                log.debug("topics_not_known_yet", error=repr(error)[:200])
                await asyncio.sleep(self._settings.retry_backoff)
            else:
                return

    async def _held(self, topics: Sequence[str]) -> dict[KafkaPartition, tuple[int, int]]:
        """First offset held and next offset to be written, by partition."""
        _, reader = await self._clients()
        partitions = await self._partitions(topics)
        begins, ends = await asyncio.gather(reader.beginning_offsets(partitions), reader.end_offsets(partitions))
        return {where: (begins[where], ends[where]) for where in partitions}

    async def _behind(self, group: str, topics: Sequence[str]) -> dict[KafkaPartition, tuple[int, int]]:
        """Next offset for `group` and next offset to be written, by partition."""
        admin, _ = await self._clients()
        held = await self._held(topics)
        committed = await self._committed(admin, group, list(held))
        behind = {}
        for where, (begin, end) in held.items():
            done = committed[where].offset if where in committed else -1
            behind[where] = (min(max(begin, done), end), end)  # retention may have overtaken the group
        return behind

    async def _committed(
        self, admin: AIOKafkaAdminClient, group: str, partitions: Sequence[KafkaPartition]
    ) -> Mapping[KafkaPartition, OffsetAndMetadata]:
        while True:
            try:
                committed: Mapping[KafkaPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
                    group, partitions=partitions
                )
            except GroupCoordinatorNotAvailableError:  # a new cluster makes its topic of offsets when first asked
                await asyncio.sleep(self._settings.retry_backoff)
            else:
                return committed

    async def _lag(self, group: str, topic: str) -> Lag:
        waiting = {where: span for where, span in (await self._behind(group, [topic])).items() if span[0] < span[1]}
        unread = {where: span for where, span in waiting.items() if self._age(group, where, span[0]) is None}
        if unread:
            async with self._reading(unread, SMALLEST_FETCH) as reader:
                left = {where: start + 1 for where, (start, _) in unread.items()}
                while left:
                    for record in await self._next(reader, left):
                        where = KafkaPartition(record.position.topic, record.position.partition)
                        self._ages[group, where] = (unread[where][0], record.appended)
        ages = [age for where, span in waiting.items() if (age := self._age(group, where, span[0])) is not None]
        return Lag(sum(end - start for start, end in waiting.values()), min(ages, default=None))

    def _age(self, group: str, where: KafkaPartition, start: int) -> datetime | None:
        offset, appended = self._ages.get((group, where), (None, None))
        return appended if offset == start else None

    @asynccontextmanager
    async def _reading(
        self, ranges: Mapping[KafkaPartition, tuple[int, int]], fetch: int
    ) -> AsyncIterator[AIOKafkaConsumer]:
        """A reader of its own, standing at the beginning of each range."""
        reader = AIOKafkaConsumer(**self._settings.reader_values() | {"max_partition_fetch_bytes": fetch})
        try:
            reader.assign(list(ranges))
            await self._ask_start(reader)
            for where, (start, _) in ranges.items():
                reader.seek(where, start)
            yield reader
        finally:
            self._closing.begin(reader.stop())

    async def _ask_start(self, reader: AIOKafkaConsumer) -> None:
        await self._ask(reader.start(), self._settings.query_deadline)

    async def _next(self, reader: AIOKafkaConsumer, left: dict[KafkaPartition, int]) -> list[Record]:
        """Records below the offsets of `left`, from which partitions that are through are removed."""
        records: list[Record] = []
        for where, found in (await reader.getmany(timeout_ms=500, max_records=self._settings.records)).items():
            if where not in left:
                continue
            records += [to_record(record) for record in found if record.offset < left[where]]
            if found[-1].offset + 1 >= left[where]:
                del left[where]
                reader.pause(where)
        return records
