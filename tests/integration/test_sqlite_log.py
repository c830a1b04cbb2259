"""What only the log in SQLite does."""

from datetime import timedelta
from pathlib import Path

from shared.bus.sqlite_log import SqliteLogBus
from shared.events.envelope import Message
from tests.fakes.buses import START, ends, sqlite_bus
from tests.fakes.clock import FakeClock


async def test_retention_drops_old_messages_only_when_every_group_has_worked_them_off(tmp_path: Path) -> None:
    async with sqlite_bus(tmp_path) as opened:
        bus, topic, clock = opened.bus, opened.topic, opened.now
        assert isinstance(bus, SqliteLogBus)
        assert isinstance(clock, FakeClock)
        await bus.publish([Message(topic, "k", b"1", ()), Message(topic, "k", b"2", ())])
        clock.advance(timedelta(days=8))
        limit = START + timedelta(days=1)
        assert await bus.prune(topic, limit) == 0, "nobody has read them yet"
        consumer = bus.consumer("g", [topic])
        await consumer.commit(ends(await consumer.fetch(10, wait=0)))
        await bus.publish([Message(topic, "k", b"3", ())])
        assert await bus.prune(topic, limit) == 2
        assert await bus.size(topic) == 1
