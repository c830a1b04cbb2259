"""What both databases promise alike, and what happens when one goes away."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select, text

from services.alerts.messages.webhook_body import body_bytes
from shared.database import engine
from shared.database.locks import lock
from shared.database.migrate import History, migrate
from shared.database.types import Json, UtcDateTime
from shared.database.unit_of_work import Database, open_database
from shared.ops.unavailable import Unavailable
from tests.fakes.postgres_server import QUICK, PostgresMissing, PostgresServer, postgres_server

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("document", Json),
    Column("at", UtcDateTime),
)


@pytest.fixture
async def database(empty_database: Database) -> Database:
    async with empty_database.unit_of_work() as connection:
        await connection.run_sync(metadata.create_all)
    return empty_database


async def test_a_document_comes_back_byte_for_byte(database: Database) -> None:
    data = {"zz": 1.10, "a": "\u0000 \u202e 🪖", "b": None, "nested": {"y": [], "x": 10**20}}
    body = {"type": "claim.new", "data": data}
    async with database.unit_of_work() as connection:
        await connection.execute(things.insert().values(id=1, document=body))
    for _retry in range(2):
        async with database.reading() as connection:
            stored = await connection.scalar(select(things.c.document))
        assert body_bytes(stored) == body_bytes(body), "key order included: a retried webhook has the same bytes"


async def test_a_nul_in_a_text_costs_nothing_but_itself(database: Database) -> None:
    name = "\0Pemba\0, Cabo Delgado 🪖"
    async with database.unit_of_work() as connection:
        await connection.execute(things.insert(), [{"id": 1, "name": name}, {"id": 2, "name": "Pemba"}])
        await connection.execute(things.insert().values(id=3, name="x"))
        await connection.execute(text("UPDATE things SET name = :name WHERE id = 3"), {"name": "y\0"})
    async with database.reading() as connection:
        found = (await connection.execute(select(things).where(things.c.name == name))).one()
        assert (found.id, found.name) == (1, name.replace("\0", "\ufffd"))
        assert len(found.name) == len(name), "offsets stay true"
        assert await connection.scalar(select(things.c.name).where(things.c.id == 3)) == "y\ufffd"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2024, 10, 27, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
async def test_moments_are_stored_in_utc_to_the_microsecond(database: Database, moment: datetime) -> None:
    async with database.unit_of_work() as connection:
        await connection.execute(things.insert().values(id=1, at=moment))
    async with database.reading() as connection:
        stored = await connection.scalar(select(things.c.at))
        assert stored == moment
        assert stored.utcoffset() == timedelta()
        assert await connection.scalar(select(things.c.id).where(things.c.at <= moment)) == 1


async def test_a_moment_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without time zone"):
        async with database.unit_of_work() as connection:
            await connection.execute(things.insert().values(id=1, at=datetime(2025, 3, 1)))  # noqa: DTZ001


async def test_a_reader_sees_one_moment_of_the_database(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM things")) == 0
        async with database.unit_of_work() as writing:
            await writing.execute(things.insert().values(id=1))
        assert await connection.scalar(text("SELECT count(*) FROM things")) == 0
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM things")) == 1


async def test_two_migrations_at_once_do_the_work_once(database_url: str, tmp_path: Path) -> None:
    versions = tmp_path / "history" / "versions"
    versions.mkdir(parents=True)
    (versions / "1.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '1', None\n"
        "def upgrade():\n    op.create_table('thing_x', sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    history = History("thing", tmp_path / "history")
    databases = [open_database(database_url, statement_seconds=None) for _ in range(3)]
    applied = await asyncio.gather(*(migrate(database, [history]) for database in databases))
    assert sorted(len(one["thing"]) for one in applied) == [0, 0, 1]
    for database in databases:
        await database.close()


async def test_a_lock_is_held_to_the_end_of_its_transaction(postgres_url: str) -> None:
    database = open_database(postgres_url)
    order: list[str] = []
    first_has_it, first_may_end = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.unit_of_work() as connection:
            await lock(connection, "thing", shared=True)
            first_has_it.set()
            await first_may_end.wait()
            order.append("first ends")

    async def hold(name: str, *, shared: bool) -> None:
        async with database.unit_of_work() as connection:
            await lock(connection, "thing", shared=shared)
            order.append(name)

    holding = asyncio.create_task(first())
    await first_has_it.wait()
    await hold("shared", shared=True)
    waiting = asyncio.create_task(hold("alone", shared=False))
    await asyncio.sleep(0.2)
    assert order == ["shared"]
    first_may_end.set()
    await asyncio.gather(holding, waiting)
    assert order == ["shared", "first ends", "alone"]
    await database.close()


@pytest.fixture
async def mortal() -> AsyncIterator[tuple[PostgresServer, Database]]:
    """A server of this test's own, which it may kill."""
    try:
        with postgres_server(*QUICK) as server, server.fresh_database() as url:
            database = open_database(url, statement_seconds=1.0)
            yield server, database
            await database.close()
    except PostgresMissing as missing:
        pytest.skip(str(missing))


async def test_a_database_that_goes_away_is_unavailable_and_found_again(
    mortal: tuple[PostgresServer, Database],
) -> None:
    server, database = mortal
    await database.check()
    for end in (server.kill, server.stop):
        with pytest.raises(Unavailable, match="the database does not answer"):
            await interrupted(database, end)
        with pytest.raises(Unavailable):
            await database.check()
        server.start()
        await database.check()


async def interrupted(database: Database, end: Callable[[], None]) -> None:
    async with database.unit_of_work() as connection:
        end()
        await asyncio.sleep(0.2)
        await connection.execute(text("SELECT 1"))


async def test_a_frozen_database_does_not_freeze_its_clients(mortal: tuple[PostgresServer, Database]) -> None:
    _, database = mortal
    began = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable, match="too long"):
        async with database.unit_of_work() as connection:
            await connection.execute(text("SELECT pg_sleep(30)"))
    assert asyncio.get_running_loop().time() - began < 5
    await database.check()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("postgres@", 'role "nobody" does not exist'), ("/vedette_", "does not exist"), ("127.0.0.1", "Name or service")],
)
async def test_a_wrong_url_says_what_is_wrong_without_the_password(postgres_url: str, wrong: str, words: str) -> None:
    right = {"postgres@": "nobody:secret@", "/vedette_": "/nothing_", "127.0.0.1": "nowhere.invalid"}[wrong]
    database = open_database(postgres_url.replace(wrong, right))
    with pytest.raises(Unavailable, match=words) as refusal:
        await database.check()
    assert "secret" not in str(refusal.value)
    await database.close()


async def full(database: Database) -> None:
    async with database.unit_of_work() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1"))  # never below what the file has
        await connection.execute(things.insert(), [{"id": number, "name": "x" * 10_000} for number in range(10)])


async def held_by_another_program(database: Database) -> None:
    with closing(sqlite3.connect(str(database.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with database.unit_of_work():
            pass


@pytest.mark.parametrize(
    ("fault", "words"), [(full, "database or disk is full"), (held_by_another_program, "database is locked")]
)
async def test_a_file_that_cannot_be_written_now_is_unavailable_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Database], Awaitable[None]], words: str
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    async with database.unit_of_work() as connection:
        await connection.run_sync(metadata.create_all)
    with pytest.raises(Unavailable, match=words):
        await fault(database)
    async with database.unit_of_work() as connection:
        await connection.execute(things.insert().values(id=1))
    await database.close()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/missing/test.db")
    with pytest.raises(Unavailable, match="unable to open database file"):
        await database.check()
    await database.close()
