"""A member of a consumer group that stays one while its records are worked off, and hands over when it must.

A task of its own polls for as long as the consumer lives: records go into a buffer from which `fetch` takes, and while
the buffer is full the partitions are paused and the polling goes on. So a slow batch never looks like a dead member.
A rebalance (aiokafka's are eager: each takes everything away) empties the buffer, tells whoever works on the last batch
to finish (`revoked`), and waits for that within a budget; what is not committed by then is another member's.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from shared.bus.kafka.background import Closing
from shared.bus.kafka.observer import KafkaObserver
from shared.bus.kafka.records import to_kafka, to_record
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import BusUnavailable, LostOwnership, Record, TopicPartition
from shared.ops.waiting import any_set

log = structlog.get_logger()

JOIN_AGAIN_SECONDS = 1.0
"""Between two tries to join; the bus may come back at any moment."""


class KafkaConsumer(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Adapter of `shared.bus.port.Consumer`, made by `KafkaBus.consumer`."""

    def __init__(
        self, settings: KafkaSettings, group: str, topics: Sequence[str], observer: KafkaObserver, closing: Closing
    ) -> None:
        self._settings = settings
        self._group = group
        self._topics = tuple(topics)
        self._observer = observer
        self._closing = closing
        self._client: AIOKafkaConsumer | None = None
        self._polling: asyncio.Task[None] | None = None
        self._assigned: frozenset[KafkaPartition] | None = None
        self._buffer: deque[Record] = deque()
        self._arrived, self._taken = asyncio.Event(), asyncio.Event()
        self._revoked = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._owns_batch = False

    @property
    def revoked(self) -> asyncio.Event:
        return self._revoked

    async def fetch(self, limit: int, wait: float) -> list[Record]:
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll_for_ever())
        self._settled.set()
        if not self._buffer:
            await self._await_arrival(wait)
        batch = [self._buffer.popleft() for _ in range(min(limit, len(self._buffer)))]
        if not self._buffer:
            self._arrived.clear()
            self._taken.set()
        if batch:
            self._settled.clear()
            self._owns_batch = True
            self._revoked = asyncio.Event()
        return batch

    async def commit(self, next_offsets: Mapping[TopicPartition, int]) -> None:
        client = self._client
        if client is None or not self._owns_batch:
            raise LostOwnership(f"the group {self._group} has moved on without this batch")
        try:
            async with asyncio.timeout(self._settings.commit_deadline):
                await client.commit({to_kafka(position): offset for position, offset in next_offsets.items()})
        except (CommitFailedError, IllegalStateError) as error:
            self._owns_batch = False
            raise LostOwnership(f"Kafka refused the commit of the group {self._group}: {error}") from error
        except (KafkaError, TimeoutError) as error:
            raise BusUnavailable(f"Kafka has not confirmed the commit: {error!r}") from error

    async def backlog(self) -> int:
        return await self._observer.backlog(self._group, self._topics, self._assigned)

    async def close(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.wait({self._polling})
        self._settled.set()
        await self._closing.wait()

    async def on_partitions_revoked(self, revoked: frozenset[KafkaPartition]) -> None:
        """Called by the client before it joins again. Errors in here would be swallowed by it."""
        self._forget_buffer()
        self._assigned = None
        self._revoked.set()
        if not await any_set(self._settings.drain, self._settled):
            log.warning("batch_not_finished_in_time", group=self._group, budget_seconds=self._settings.drain)
        self._owns_batch = False

    async def on_partitions_assigned(self, assigned: frozenset[KafkaPartition]) -> None:
        self._assigned = frozenset(assigned)
        log.info("partitions_assigned", group=self._group, partitions=len(assigned))

    async def _await_arrival(self, wait: float) -> None:
        """Until records are there or `wait` is over; raises what ended the polling."""
        assert self._polling is not None
        arrival = asyncio.ensure_future(self._arrived.wait())
        await asyncio.wait({arrival, self._polling}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        arrival.cancel()
        if self._polling.done():
            self._polling.result()

    async def _poll_for_ever(self) -> None:
        while True:
            try:
                await self._join_and_poll()
            except (KafkaError, BusUnavailable, TimeoutError, OSError) as error:
                log.warning("consumer_starts_again", group=self._group, error=repr(error)[:500])
            await asyncio.sleep(JOIN_AGAIN_SECONDS)

    async def _join_and_poll(self) -> None:
        await self._observer.check(self._topics)  # the client would wait for a missing topic without end
        client = AIOKafkaConsumer(**self._settings.consumer_values(self._group))
        try:
            client.subscribe(list(self._topics), listener=self)
            async with asyncio.timeout(self._settings.join_deadline):
                await client.start()
            self._client = client
            while True:
                self._keep(await self._poll(client))
        finally:
            self._client = None
            self._forget_buffer()
            self._assigned = None
            self._revoked.set()
            self._owns_batch = False
            self._closing.begin(client.stop())

    async def _poll(self, client: AIOKafkaConsumer) -> Mapping[Any, Sequence[Any]]:
        """The next records; none while the buffer holds some, in which case it is looked at again and again."""
        wait = self._settings.fetch_wait
        if self._buffer:
            # after a rebalance partitions are no longer paused, so this is said anew each time
            client.pause(*client.assignment())
            self._taken.clear()
            if not await any_set(self._settings.keep_polling, self._taken):
                wait = 0.0
        if not self._buffer:
            client.resume(*client.paused())
        found: Mapping[Any, Sequence[Any]] = await client.getmany(
            timeout_ms=round(wait * 1000), max_records=self._settings.records
        )
        return found

    def _keep(self, found: Mapping[Any, Sequence[Any]]) -> None:
        for records in found.values():
            self._buffer.extend(to_record(record) for record in records)
        if self._buffer:
            self._arrived.set()

    def _forget_buffer(self) -> None:
        self._buffer.clear()
        self._arrived.clear()
        self._taken.set()
