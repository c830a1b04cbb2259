"""The consumer loop on the real SQLite log: outcomes, retries, dead letters, committed prefix."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus import tables
from shared.bus.consumer_loop import ConsumerLoop, Handler, Outcome, Patience, TooManyDeadLetters, finished_prefix
from shared.bus.port import LostOwnership, Record, TopicPartition
from shared.bus.sqlite_log import SqliteLogBus, SqliteLogConsumer
from shared.bus.stall_watch import Stalled, StallLimits
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from shared.events.envelope import InvalidMessage, Message
from shared.events.topics import dead_letter_topic
from shared.ops.process_pool import WorkTooLong
from shared.ops.unavailable import Unavailable
from tests.fakes.clock import FakeClock

TOPIC = "news.articles.v1"
DEAD = dead_letter_topic(TOPIC, "g")
NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
QUICK = Patience(attempts=3, first_pause=0.001, longest_pause=0.001)


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteLogBus]:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/bus.db")
    await migrate(database, [tables.HISTORY])
    adapter = SqliteLogBus(database, FakeClock(NOW))
    await adapter.create_topics([TOPIC, DEAD])
    yield adapter
    await database.close()


def messages(*values: str) -> list[Message]:
    return [Message(TOPIC, value[0], value.encode(), (("ce_id", value.encode()),)) for value in values]


async def run_until_idle(bus: SqliteLogBus, handle: Handler, *, concurrency: int = 1) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    stop = asyncio.Event()

    def count(_topic: str, outcome: Outcome) -> None:
        outcomes[outcome] += 1

    loop = ConsumerLoop(
        bus, bus.consumer("g", [TOPIC]), "g", handle, count, FakeClock(NOW), concurrency=concurrency, patience=QUICK
    )
    running = asyncio.create_task(loop.run(stop))
    while (await bus.lag("g", TOPIC)).messages and not running.done():
        await asyncio.sleep(0.01)
    stop.set()
    await running
    return outcomes


async def test_every_message_ends_in_one_counted_outcome(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1", "b2", "c3"))

    async def handle(record: Record) -> Outcome:
        return Outcome.DUPLICATE if record.value == b"b2" else Outcome.PROCESSED

    assert await run_until_idle(bus, handle) == {Outcome.PROCESSED: 2, Outcome.DUPLICATE: 1}


async def test_a_passing_error_is_retried(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1"))
    tries = 0

    async def handle(_record: Record) -> Outcome:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ConnectionError("away")
        return Outcome.PROCESSED

    assert await run_until_idle(bus, handle) == {Outcome.PROCESSED: 1}
    assert await bus.size(DEAD) == 0


async def test_a_poisonous_message_goes_to_the_dead_letters_and_the_rest_goes_on(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1", "poison", "c3"))
    tries = 0

    async def handle(record: Record) -> Outcome:
        nonlocal tries
        if record.value == b"poison":
            tries += 1
            raise RuntimeError("cannot digest " + "x" * 5000)
        return Outcome.PROCESSED

    assert await run_until_idle(bus, handle) == {Outcome.PROCESSED: 2, Outcome.DEAD_LETTERED: 1}
    assert tries == QUICK.attempts
    (letter,) = await bus.consumer("reader", [DEAD]).fetch(10, wait=0)
    assert (letter.key, letter.value, letter.headers["ce_id"]) == ("p", b"poison", b"poison")
    assert letter.headers["dlq-topic"] == TOPIC.encode()
    assert letter.headers["dlq-offset"] == b"1"
    assert letter.headers["dlq-attempts"] == b"3"
    assert letter.headers["dlq-error"] == b"RuntimeError"
    assert len(letter.headers["dlq-reason"]) == 1000


async def test_a_message_that_holds_up_a_worker_is_tried_only_twice(bus: SqliteLogBus) -> None:
    await bus.publish(messages("endless", "b2"))
    tries = 0

    async def handle(record: Record) -> Outcome:
        nonlocal tries
        if record.value == b"endless":
            tries += 1
            raise WorkTooLong("extract took longer than 30 s")
        return Outcome.PROCESSED

    assert await run_until_idle(bus, handle) == {Outcome.PROCESSED: 1, Outcome.DEAD_LETTERED: 1}
    assert tries == 2


async def test_an_invalid_message_is_not_retried(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1"))
    tries = 0

    async def handle(_record: Record) -> Outcome:
        nonlocal tries
        tries += 1
        raise InvalidMessage("no such field")

    assert await run_until_idle(bus, handle) == {Outcome.DEAD_LETTERED: 1}
    assert tries == 1


async def test_order_holds_per_key_while_keys_run_side_by_side(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1", "b1", "a2", "b2", "a3"))
    seen: list[bytes] = []

    async def handle(record: Record) -> Outcome:
        await asyncio.sleep(0.02 if record.value == b"a1" else 0)
        seen.append(record.value)
        return Outcome.PROCESSED

    await run_until_idle(bus, handle, concurrency=4)
    assert [value for value in seen if value.startswith(b"a")] == [b"a1", b"a2", b"a3"]
    assert seen.index(b"b1") < seen.index(b"a1"), "a slow key holds up nobody else"


async def test_a_message_still_failing_at_the_stop_comes_again(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1", "b2"))
    stop = asyncio.Event()
    outcomes: Counter[Outcome] = Counter()

    async def handle(record: Record) -> Outcome:
        if record.value == b"b2":
            stop.set()
            raise ConnectionError("away")
        return Outcome.PROCESSED

    loop = ConsumerLoop(
        bus,
        bus.consumer("g", [TOPIC]),
        "g",
        handle,
        lambda _topic, outcome: outcomes.update([outcome]),
        FakeClock(NOW),
        patience=Patience(attempts=5, first_pause=60, longest_pause=60),
    )
    await asyncio.wait_for(loop.run(stop), 5)
    assert outcomes == {Outcome.PROCESSED: 1}
    (again,) = await bus.consumer("g", [TOPIC]).fetch(10, wait=0)
    assert again.value == b"b2"


async def test_a_neighbour_that_is_away_uses_up_no_attempt(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1"))
    tries = 0

    async def handle(_record: Record) -> Outcome:
        nonlocal tries
        tries += 1
        if tries <= 4 * QUICK.attempts:
            raise Unavailable("the database does not answer")
        return Outcome.PROCESSED

    assert await run_until_idle(bus, handle) == {Outcome.PROCESSED: 1}


def test_a_neighbour_that_was_away_is_not_waited_for_much_longer() -> None:
    assert max(Patience().absence_pause(absences, 0.99) for absences in range(1, 100)) <= 5
    assert Patience().pause(100, 0.99) > 25, "a message that fails is in no hurry"


async def test_a_stop_while_a_neighbour_is_away_buries_nothing(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1"))
    stop = asyncio.Event()

    async def handle(_record: Record) -> Outcome:
        stop.set()
        raise Unavailable("the database does not answer")

    loop = ConsumerLoop(
        bus,
        bus.consumer("g", [TOPIC]),
        "g",
        handle,
        lambda *_: None,
        FakeClock(NOW),
        patience=Patience(attempts=1, first_pause=60),
    )
    await asyncio.wait_for(loop.run(stop), 5)
    assert await bus.size(DEAD) == 0
    assert (await bus.lag("g", TOPIC)).messages == 1


async def test_dead_letters_wait_for_the_bus(bus: SqliteLogBus, monkeypatch: pytest.MonkeyPatch) -> None:
    await bus.publish(messages("a1"))
    publish, absences = bus.publish, 3

    async def away_at_first(letters: list[Message]) -> None:
        nonlocal absences
        if absences:
            absences -= 1
            raise Unavailable("the bus does not answer")
        await publish(letters)

    monkeypatch.setattr(bus, "publish", away_at_first)

    async def handle(_record: Record) -> Outcome:
        raise InvalidMessage("no such field")

    assert await run_until_idle(bus, handle) == {Outcome.DEAD_LETTERED: 1}
    assert await bus.size(DEAD) == 1


async def test_too_many_dead_letters_in_a_row_stop_the_loop(bus: SqliteLogBus) -> None:
    count = 2_000
    await bus.publish(messages(*(f"{number}" for number in range(count))))

    async def handle(_record: Record) -> Outcome:
        raise InvalidMessage("a deployment that understands nothing")

    with pytest.raises(TooManyDeadLetters, match="understands nothing"):
        await run_until_idle(bus, handle, concurrency=4)
    limit = Patience().dead_letters_in_a_row
    assert limit - 4 < await bus.size(DEAD) <= limit
    assert (await bus.lag("g", TOPIC)).messages >= count - limit, "the rest waits for a better deployment"


class TakenAway(SqliteLogConsumer):
    """A member whose records another one gets: it is told while it works, and its commit is refused."""

    def __init__(self, bus: SqliteLogBus) -> None:
        super().__init__(bus, "g", [TOPIC])
        self.refusals = 0

    async def commit(self, next_offsets: Mapping[TopicPartition, int]) -> None:
        if self.revoked.is_set():
            self.refusals += 1
            raise LostOwnership("another member has them")
        await super().commit(next_offsets)


def loop_of(bus: SqliteLogBus, consumer: SqliteLogConsumer, handle: Handler, **limits: StallLimits) -> ConsumerLoop:
    return ConsumerLoop(bus, consumer, "g", handle, lambda *_: None, FakeClock(NOW), patience=QUICK, **limits)


async def test_a_batch_that_is_taken_away_is_dropped_and_the_loop_goes_on(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1", "a2", "a3"))
    consumer, stop, seen = TakenAway(bus), asyncio.Event(), []

    async def handle(record: Record) -> Outcome:
        seen.append(record.value)
        if record.value == b"a2":
            consumer.revoked.set()
        if record.value == b"b4":
            stop.set()
        return Outcome.PROCESSED

    running = asyncio.create_task(loop_of(bus, consumer, handle).run(stop))
    while not consumer.refusals:
        await asyncio.sleep(0.01)
    assert seen == [b"a1", b"a2"], "nothing is begun any more"
    consumer.revoked.clear()
    await bus.publish(messages("b4"))
    await asyncio.wait_for(running, 5)
    assert seen[-1] == b"b4"


async def test_work_without_progress_makes_unready_and_then_ends_the_loop(bus: SqliteLogBus) -> None:
    await bus.publish(messages("a1"))

    async def handle(_record: Record) -> Outcome:
        await asyncio.sleep(3600)
        return Outcome.PROCESSED

    limits = StallLimits(unready=0.1, end=0.4, look=0.02)
    loop = loop_of(bus, bus.consumer("g", [TOPIC]), handle, stall_limits=limits)
    await loop.check_progress()
    running = asyncio.create_task(loop.run(asyncio.Event()))
    await asyncio.sleep(0.3)
    with pytest.raises(Stalled, match="the group g"):
        await loop.check_progress()
    with pytest.raises(Stalled):
        await asyncio.wait_for(running, 5)


async def test_having_nothing_to_do_is_no_stall(bus: SqliteLogBus) -> None:
    async def handle(_record: Record) -> Outcome:
        return Outcome.PROCESSED

    stop = asyncio.Event()
    limits = StallLimits(unready=0.05, end=0.1, look=0.01)
    loop = loop_of(bus, bus.consumer("g", [TOPIC]), handle, stall_limits=limits)
    running = asyncio.create_task(loop.run(stop))
    await asyncio.sleep(0.4)
    await loop.check_progress()
    stop.set()
    await asyncio.wait_for(running, 5)


@given(st.lists(st.booleans(), max_size=30))
def test_only_the_finished_prefix_is_committed(finished: list[bool]) -> None:
    position = TopicPartition(TOPIC, 0)
    records = [Record(position, offset, "k", b"", {}, NOW) for offset in range(len(finished))]
    done = {(position, offset) for offset, is_finished in enumerate(finished) if is_finished}
    prefix = finished_prefix(records, done)
    expected = finished.index(False) if False in finished else len(finished)
    assert prefix.get(position, 0) == expected
