"""Work off what a group receives: every message ends in exactly one counted outcome, or comes again.

A message that can never be processed goes to the dead letters at once; any other error is retried with growing pauses
and then goes there too. Dead letters are durable before the offset moves; too many in a row stop the loop, because then
the fault is not the messages'. A bus or database that is away is no message's fault and waited for.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import structlog

from shared.bus.dead_letters import Failure, to_dead_letter
from shared.bus.port import Bus, Consumer, LostOwnership, Record, TopicPartition
from shared.bus.stall_watch import StallLimits, StallWatch
from shared.events.envelope import InvalidMessage
from shared.ops.process_pool import WorkTooLong
from shared.ops.unavailable import Unavailable
from shared.ops.waiting import any_set

log = structlog.get_logger()


class Outcome(StrEnum):
    """How a message ended."""

    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    DEAD_LETTERED = "dead_lettered"


Handler = Callable[[Record], Awaitable[Outcome]]

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """How long a failing message is tried: attempts in all, first pause and longest pause in seconds, and the longest
    one while a neighbour is away (alerts wait for it when that is back); and how many messages in a row may become dead
    letters before the loop stops."""

    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 30.0
    longest_absence_pause: float = 5.0
    dead_letters_in_a_row: int = 20

    def attempts_at(self, error: Exception) -> int:
        """Attempts in all at a message that fails like this. One that holds up a worker also holds up all others."""
        if isinstance(error, InvalidMessage):
            return 1
        return min(2, self.attempts) if isinstance(error, WorkTooLong) else self.attempts

    def pause(self, attempt: int, jitter: float) -> float:
        """Seconds before the attempt after `attempt`; `jitter` in [0, 1) spreads it over half to the whole pause."""
        return self._growing(attempt, self.longest_pause, jitter)

    def absence_pause(self, absences: int, jitter: float) -> float:
        """The same while a neighbour is away."""
        return self._growing(absences, self.longest_absence_pause, jitter)

    def _growing(self, attempt: int, longest: float, jitter: float) -> float:
        doublings = min(attempt - 1, 30)
        return float(min(self.first_pause * 2**doublings, longest)) * (0.5 + jitter / 2)


class TooManyDeadLetters(RuntimeError):
    """So many messages in a row failed for good that the fault lies elsewhere: in a deployment, or next door."""

    def __init__(self, group: str, count: int, last: Exception) -> None:
        super().__init__(
            f"{count} messages in a row of the group {group} could not be processed, the last one because of "
            f"{last!r:.300}: stopped before more become dead letters; mend the cause, start again, and see "
            "`vedette dead-letters list`"
        )


class _Halted(Exception):
    """The service stops, or the batch is taken away, while a message fails: it is left uncommitted and comes again."""


class _Batch:
    """What is being worked off: which records are finished, and whether to begin another."""

    def __init__(self, records: Sequence[Record], stop: asyncio.Event, revoked: asyncio.Event) -> None:
        self.records = records
        self.finished: set[tuple[TopicPartition, int]] = set()
        self._halts = (stop, revoked)

    @property
    def halted(self) -> bool:
        return any(event.is_set() for event in self._halts)

    async def pause(self, seconds: float) -> None:
        if await any_set(seconds, *self._halts):
            raise _Halted


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
        stall_limits: StallLimits | None = None,
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
        self._tries = 0
        self._dead_in_a_row = 0
        self._watch = StallWatch(consumer, group, lambda: self._tries, stall_limits)

    async def check_progress(self) -> None:
        """Raises Stalled if there has been work and no progress for too long."""
        await self._watch.check()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch, work off, commit; until `stop` is set. Raises TooManyDeadLetters, Stalled, UnknownTopic."""
        try:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(self._watch.run(stop))
                await self._work(stop)
                watching.cancel()
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            await self._consumer.close()

    async def _work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            records = await self._consumer.fetch(self._batch, wait=0.5)
            if records:
                await self.work_off(records, stop)

    async def work_off(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Work off one batch and commit its finished prefix, also when a handler or the dead letters give up."""
        batch = _Batch(records, stop, self._consumer.revoked)
        lanes: dict[tuple[TopicPartition, str], list[Record]] = defaultdict(list)
        for record in records:
            lanes[record.position, record.key].append(record)
        try:
            async with asyncio.TaskGroup() as group:
                for lane in lanes.values():
                    group.create_task(self._work_off_lane(lane, batch))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            await self._commit(batch)

    async def _commit(self, batch: _Batch) -> None:
        done = finished_prefix(batch.records, batch.finished)
        if not done:
            return
        try:
            await self._consumer.commit(done)
        except LostOwnership as loss:
            log.warning("batch_dropped", group=self._group, records=len(batch.records), reason=str(loss))
        except Unavailable as error:
            # the next commit covers this one
            log.warning("commit_not_confirmed", group=self._group, error=str(error)[:500])

    async def _work_off_lane(self, lane: Sequence[Record], batch: _Batch) -> None:
        for record in lane:
            # a slot per message, not per lane: so messages end roughly in the order of the log, and the prefix grows
            async with self._slots:
                if batch.halted:
                    return
                try:
                    outcome = await self._settle(record, batch)
                except _Halted:
                    return
                self._count(record.position.topic, outcome)
                batch.finished.add((record.position, record.offset))

    async def _settle(self, record: Record, batch: _Batch) -> Outcome:
        first_failure = None
        attempt = 0
        while True:
            try:
                outcome = await self._patiently(self._handle, record, batch)
            except _Halted:  # no failure of the message
                raise
            except Exception as error:
                attempt += 1
                now = self._clock()
                first_failure = first_failure or now
                hopeless = attempt >= self._patience.attempts_at(error)
                self._log_failure(record, error, attempt, hopeless)
                if hopeless:
                    await self._bury(record, Failure(self._group, error, attempt, first_failure, now), batch)
                    return Outcome.DEAD_LETTERED
            else:
                self._dead_in_a_row = 0
                return outcome
            await batch.pause(self._patience.pause(attempt, random.random()))

    async def _bury(self, record: Record, failure: Failure, batch: _Batch) -> None:
        if self._dead_in_a_row >= self._patience.dead_letters_in_a_row:
            raise TooManyDeadLetters(self._group, self._dead_in_a_row + 1, failure.error)
        self._dead_in_a_row += 1
        letter = to_dead_letter(record, failure)
        await self._patiently(lambda _record: self._bus.publish([letter]), record, batch)

    async def _patiently(self, work: Callable[[Record], Awaitable[Result]], record: Record, batch: _Batch) -> Result:
        """Do `work`, again and again while a neighbour that it needs is away."""
        absences = 0
        while True:
            try:
                return await work(record)
            except Unavailable as error:
                absences += 1
                log.warning("neighbour_away", group=self._group, offset=record.offset, error=str(error)[:500])
            finally:
                self._tries += 1
            await batch.pause(self._patience.absence_pause(absences, random.random()))

    def _log_failure(self, record: Record, error: Exception, attempt: int, hopeless: bool) -> None:
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
