"""Members of a group that come, go, hang, and come back."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

import pytest

from shared.bus.consumer_loop import ConsumerLoop, Outcome
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.consumer import KafkaConsumer
from shared.bus.port import LostOwnership, Record
from shared.events.envelope import Message
from shared.ops.clock import utc_now
from tests.fakes.buses import BusUnderTest, ends, quick_kafka, take
from tests.fakes.kafka_broker import KafkaBroker

pytestmark = pytest.mark.xdist_group("kafka")

SETTLES_WITHIN_SECONDS = 15.0


def message(topic: str, number: int, keys: int = 40) -> Message:
    return Message(topic, f"k{number % keys}", f"{number}".encode(), ())


class Member:
    """A consumer loop of its own connection, and what it has worked off."""

    def __init__(self, broker: KafkaBroker, topic: str, pause: float = 0.0, instance: str | None = None) -> None:
        self.bus = KafkaBus(quick_kafka(broker, instance=instance))
        self.seen: list[Record] = []
        self.consumer = self.bus.consumer("g", [topic])
        self._pause = pause
        self._stop = asyncio.Event()
        loop = ConsumerLoop(self.bus, self.consumer, "g", self._handle, lambda *_: None, utc_now, concurrency=8)
        self._running = asyncio.create_task(loop.run(self._stop))

    @property
    def partitions(self) -> int:
        return len(self.consumer._assigned or ())

    async def leave(self) -> None:
        self._stop.set()
        await asyncio.wait_for(self._running, 10)
        await self.bus.close()

    async def _handle(self, record: Record) -> Outcome:
        await asyncio.sleep(self._pause)
        self.seen.append(record)
        return Outcome.PROCESSED


async def until(condition: Callable[[], bool], seconds: float = SETTLES_WITHIN_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def of_group(*consumers: KafkaConsumer) -> Callable[[], bool]:
    """All of them are members with partitions."""
    return lambda: all(consumer._assigned for consumer in consumers)


async def test_two_members_share_the_partitions_and_order_per_key_survives_each_rebalance(
    kafka: BusUnderTest, kafka_broker: KafkaBroker
) -> None:
    count, topic = 3_000, kafka.topic
    members = [Member(kafka_broker, topic, pause=0.002)]

    async def publish() -> None:
        for start in range(0, count, 50):
            await kafka.bus.publish([message(topic, number) for number in range(start, start + 50)])
            await asyncio.sleep(0.05)

    publishing = asyncio.create_task(publish())
    await until(lambda: members[0].partitions == 6)
    members.append(Member(kafka_broker, topic, pause=0.002))
    await until(lambda: members[0].partitions == members[1].partitions == 3)
    await until(lambda: len(members[1].seen) > 200)
    await members[0].leave()
    await until(lambda: members[1].partitions == 6)
    await publishing
    await until(lambda: len({record.value for member in members for record in member.seen}) == count)
    while (await kafka.bus.lag("g", topic)).messages:
        await asyncio.sleep(0.05)
    await members[1].leave()
    assert_each_once_in_order(members)


def assert_each_once_in_order(members: list[Member]) -> None:
    """Members that hand over in peace repeat nothing; the second begins a key where the first has stopped."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for member in members:
        for record in member.seen:
            by_key[record.key].append(int(record.value))
    for key, numbers in by_key.items():
        assert len(numbers) == len(set(numbers)), f"{key}: worked off twice"
    for member in members:
        seen: dict[str, int] = {}
        for record in member.seen:
            assert int(record.value) > seen.get(record.key, -1), f"{record.key}: out of order"
            seen[record.key] = int(record.value)


async def test_a_slow_batch_keeps_its_partitions_because_polling_goes_on(
    kafka: BusUnderTest, kafka_broker: KafkaBroker
) -> None:
    bus = KafkaBus(quick_kafka(kafka_broker, poll_interval=1.5, keep_polling=0.2))
    slow, other = bus.consumer("g", [kafka.topic]), bus.consumer("g", [kafka.topic])
    await other.fetch(1, wait=5)
    await kafka.bus.publish([message(kafka.topic, number) for number in range(200)])
    batch = await take(slow, 5)
    before = slow._assigned
    revoked = slow.revoked
    await asyncio.sleep(4)
    assert not revoked.is_set()
    assert slow._assigned == before
    await slow.commit(ends(batch))
    await slow.close()
    await other.close()
    await bus.close()


async def test_pausing_survives_a_rebalance(kafka: BusUnderTest, kafka_broker: KafkaBroker) -> None:
    bus = KafkaBus(quick_kafka(kafka_broker, records=20, keep_polling=0.1))
    await kafka.bus.publish([message(kafka.topic, number) for number in range(2_000)])
    first = bus.consumer("g", [kafka.topic])
    await first.commit(ends(await take(first, 10)))
    second = bus.consumer("g", [kafka.topic])
    await take(second, 1)
    await asyncio.sleep(1.5)
    assert len(first._buffer) <= 20 + 20, "it would fill up if partitions had come back unpaused"
    assert first._assigned is not None
    assert first._client is not None
    assert first._client.paused() == first._assigned
    await first.close()
    await second.close()
    await bus.close()


async def test_a_zombies_commit_is_refused_and_its_batch_comes_to_another(
    kafka: BusUnderTest, kafka_broker: KafkaBroker
) -> None:
    await kafka.bus.publish([message(kafka.topic, number, keys=1) for number in range(4)])
    bus = KafkaBus(quick_kafka(kafka_broker))
    zombie = bus.consumer("g", [kafka.topic])
    batch = await take(zombie, 4)
    heir = bus.consumer("g", [kafka.topic])
    joining = asyncio.create_task(take(heir, 4))
    await asyncio.wait_for(zombie.revoked.wait(), 10)
    # it works on for longer than its budget of 2 s; whoever has the partition then begins where nobody has committed
    await until(of_group(zombie, heir))
    with pytest.raises(LostOwnership):
        await zombie.commit(ends(batch))
    claiming = {joining, asyncio.create_task(take(zombie, 4))}
    done, waiting = await asyncio.wait(claiming, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    assert [record.value for task in done for record in task.result()] == [b"0", b"1", b"2", b"3"]
    for task in waiting:
        task.cancel()
    await zombie.close()
    await heir.close()
    await bus.close()


async def test_a_batch_from_before_a_rebalance_is_not_committed_though_its_partition_came_back(
    kafka: BusUnderTest, kafka_broker: KafkaBroker
) -> None:
    await kafka.bus.publish([message(kafka.topic, number, keys=1) for number in range(4)])
    bus = KafkaBus(quick_kafka(kafka_broker))
    slow, guest = bus.consumer("g", [kafka.topic]), bus.consumer("g", [kafka.topic])
    batch = await take(slow, 2)
    coming = asyncio.create_task(guest.fetch(1, wait=10))
    await until(of_group(slow, guest))
    coming.cancel()
    await guest.close()
    await until(lambda: len(slow._assigned or ()) == 6)
    with pytest.raises(LostOwnership):
        await slow.commit(ends(batch))
    assert [record.value for record in await take(slow, 4)] == [b"0", b"1", b"2", b"3"]
    await slow.close()
    await bus.close()


async def test_a_named_member_that_restarts_moves_no_partition(kafka: BusUnderTest, kafka_broker: KafkaBroker) -> None:
    stays = Member(kafka_broker, kafka.topic, instance="one")
    goes = Member(kafka_broker, kafka.topic, instance="two")
    await until(lambda: stays.partitions == goes.partitions == 3)
    before = stays.consumer._assigned
    await goes.leave()
    comes = Member(kafka_broker, kafka.topic, instance="two")
    await until(lambda: comes.partitions == 3)
    assert stays.consumer._assigned is before, "no rebalance at all"
    await comes.leave()
    await stays.leave()
