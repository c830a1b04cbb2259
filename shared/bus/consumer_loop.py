"""Work off what a group receives: every message ends in exactly one counted outcome, or comes again.

A message that can never be processed goes to the dead letters at once; any other error is retried with growing pauses
and then goes there too. Dead letters are durable before the offset moves.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from shared.bus.dead_letters import Failure, to_dead_letter
from shared.bus.port import Bus, Consumer, Record, TopicPartition
from shared.events.envelope import InvalidMessage

log = structlog.get_logger()


class Outcome(StrEnum):
    """How a message ended."""

    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    DEAD_LETTERED = "dead_lettered"


Handler = Callable[[Record], Awaitable[Outcome]]


@dataclass(frozen=True)
class Patience:
    """How long a failing message is tried: attempts in all, first pause and longest pause in seconds."""

    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 30.0

    def pause(self, attempt: int, jitter: float) -> float:
        """Seconds before the attempt after `attempt`; `jitter` in [0, 1) spreads it over half to the whole pause."""
        return float(min(self.first_pause * 2 ** (attempt - 1), self.longest_pause)) * (0.5 + jitter / 2)


class _Stopped(Exception):
    """The service stops while a message is still failing: it is left uncommitted and comes again."""


class ConsumerLoop:
    """One group's loop. `handle` runs once per record, in order per key, up to `concurrency` keys at a time."""

    def __init__(
        self,
        bus: Bus,
        consumer: Consumer,
        group: str,
        handle: Handler,
        count: Callable[[str, Outcome], None],
        clock: Callable[[], datetime],
        *,
        concurrency: int = 1,
        batch: int = 64,
        patience: Patience | None = None,
    ) -> None:
        self._bus = bus
        self._consumer = consumer
        self._group = group
        self._handle = handle
        self._count = count
        self._clock = clock
        self._slots = asyncio.Semaphore(concurrency)
        self._batch = batch
        self._patience = patience or Patience()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch, work off, commit; until `stop` is set."""
        while not stop.is_set():
            records = await self._consumer.fetch(self._batch, wait=0.5)
            if records:
                await self.work_off(records, stop)

    async def work_off(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Work off one batch and commit its finished prefix, also when a handler or the dead letters give up."""
        finished: set[tuple[TopicPartition, int]] = set()
        lanes: dict[tuple[TopicPartition, str], list[Record]] = defaultdict(list)
        for record in records:
            lanes[record.position, record.key].append(record)
        try:
            async with asyncio.TaskGroup() as group:
                for lane in lanes.values():
                    group.create_task(self._work_off_lane(lane, finished, stop))
        finally:
            done = finished_prefix(records, finished)
            if done:
                await self._consumer.commit(done)

    async def _work_off_lane(
        self, lane: Sequence[Record], finished: set[tuple[TopicPartition, int]], stop: asyncio.Event
    ) -> None:
        async with self._slots:
            for record in lane:
                if stop.is_set():
                    return
                try:
                    outcome = await self._settle(record, stop)
                except _Stopped:
                    return
                self._count(record.position.topic, outcome)
                finished.add((record.position, record.offset))

    async def _settle(self, record: Record, stop: asyncio.Event) -> Outcome:
        first_failure = None
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return await self._handle(record)
            except Exception as error:
                now = self._clock()
                first_failure = first_failure or now
                hopeless = isinstance(error, InvalidMessage) or attempt == self._patience.attempts
                log.warning(
                    "message_failed",
                    group=self._group,
                    topic=record.position.topic,
                    offset=record.offset,
                    key=record.key,
                    attempt=attempt,
                    hopeless=hopeless,
                    error=repr(error)[:500],
                )
                if hopeless:
                    failure = Failure(self._group, error, attempt, first_failure, now)
                    await self._bus.publish([to_dead_letter(record, failure)])
                    return Outcome.DEAD_LETTERED
            await _pause(self._patience.pause(attempt, random.random()), stop)
        raise AssertionError("unreachable: the last attempt returns")


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
    raise _Stopped


def finished_prefix(
    records: Sequence[Record], finished: set[tuple[TopicPartition, int]]
) -> Mapping[TopicPartition, int]:
    """The offset up to which all records of a partition are finished; no entry where the first one is not."""
    done: dict[TopicPartition, int] = {}
    blocked: set[TopicPartition] = set()
    for record in records:
        if record.position in blocked:
            continue
        if (record.position, record.offset) in finished:
            done[record.position] = record.offset + 1
        else:
            blocked.add(record.position)
    return done
