"""What only the log in SQLite does."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from services.one_process.application import ServiceName, open_application, prune
from services.one_process.migrate_all import DEAD_LETTER_TOPICS
from shared.bus import tables
from shared.bus.sqlite_log import SqliteLogBus
from shared.database import engine
from shared.events.envelope import Message
from shared.events.topics import STATEMENTS
from shared.ops.clock import utc_now
from shared.ops.settings import CommonSettings
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


async def test_a_file_that_cannot_be_read_now_is_no_end_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAL_TRIES", 5)
    async with sqlite_bus(tmp_path) as opened:
        assert isinstance(opened.bus, SqliteLogBus)
        await opened.bus.publish([Message(opened.topic, "k", b"1", ())])
        consumer = opened.bus.consumer("g", [opened.topic])
        await opened.bus._database.engine.dispose()
        with closing(sqlite3.connect(tmp_path / "bus.db", isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            assert await consumer.fetch(10, wait=0) == []
        assert [record.value for record in await consumer.fetch(10, wait=0)] == [b"1"]


async def test_dead_letters_expire_though_nobody_has_read_them(tmp_path: Path) -> None:
    async with open_application(CommonSettings(data_dir=tmp_path), names=(ServiceName.EXTRACTOR,)) as application:
        bus = application.bus
        assert isinstance(bus, SqliteLogBus)
        await bus.publish([Message(topic, "k", b"1", ()) for topic in (STATEMENTS, *DEAD_LETTER_TOPICS)])
        async with bus._database.unit_of_work() as connection:
            await connection.execute(update(tables.messages).values(appended_at=utc_now() - timedelta(days=89)))
        await prune(bus)
        assert [await bus.size(topic) for topic in DEAD_LETTER_TOPICS] == [1] * len(DEAD_LETTER_TOPICS)
        async with bus._database.unit_of_work() as connection:
            await connection.execute(update(tables.messages).values(appended_at=utc_now() - timedelta(days=91)))
        await prune(bus)
        assert [await bus.size(topic) for topic in DEAD_LETTER_TOPICS] == [0] * len(DEAD_LETTER_TOPICS)
        assert await bus.size(STATEMENTS) == 1, "what a service has still to read is kept"
