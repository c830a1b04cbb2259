"""A data directory of an older version: who may bring it up to date, and what remains of it."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from services.cli.main import app
from services.fetcher.settings import FetcherSettings
from services.one_process.application import ServiceSettings
from services.one_process.serve import Serving, serve, serving_lock
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from shared.ops.settings import DATABASE_FILE, CommonSettings
from tests.fakes.histories import as_it_was

COPY = "vedette-fetcher0001-alerts0001-bus0001.db"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VEDETTE_STARTER_FEEDS", "off")
    monkeypatch.setattr("services.cli.main.configure_logging", lambda _level: None)
    return tmp_path / "data"


@pytest.fixture
def old(data_dir: Path, tmp_path: Path) -> Path:
    """As the first version left it, with a counter that tells it from a new one."""

    async def make() -> None:
        database = open_database(CommonSettings().database)
        every = (services.fetcher.tables.HISTORY, services.alerts.tables.HISTORY, shared.bus.tables.HISTORY)
        await migrate(database, [as_it_was(history, "0001", tmp_path / history.prefix) for history in every])
        async with database.unit_of_work() as connection:
            await connection.exec_driver_sql("UPDATE alerts_counters SET value = 42")
        await database.close()

    data_dir.mkdir()
    asyncio.run(make())
    return data_dir


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def version(file: Path) -> tuple[str, int]:
    with closing(sqlite3.connect(file)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alerts_migrations").fetchone()
        (counter,) = connection.execute("SELECT value FROM alerts_counters").fetchone()
    return revision, counter


@pytest.mark.parametrize("command", [["status"], ["dead-letters", "list"]])
def test_a_command_leaves_tables_of_an_older_version_alone(old: Path, command: list[str]) -> None:
    ended = run(*command)
    assert ended.exit_code == 1
    assert "are of an older version (0001)" in ended.stderr
    assert "vedette migrate" in ended.stderr
    assert version(old / DATABASE_FILE) == ("0001", 42)


def test_a_command_on_tables_of_a_newer_version_says_so(old: Path) -> None:
    with closing(sqlite3.connect(old / DATABASE_FILE)) as connection, connection:
        connection.execute("UPDATE fetcher_migrations SET version_num = '9999'")
    for command in ("status", "migrate", "up"):
        ended = run(command)
        assert (ended.exit_code, "of a newer version (9999)" in ended.stderr) == (1, True), command
    assert version(old / DATABASE_FILE) == ("0001", 42)
    assert not (old / COPY).exists()


def test_nobody_migrates_under_a_running_service(old: Path) -> None:
    with serving_lock(old):
        ended = run("migrate")
    assert (ended.exit_code, f"another Vedette serves {old}" in ended.stderr) == (1, True)
    assert version(old / DATABASE_FILE) == ("0001", 42)


def test_migrate_keeps_a_copy_of_what_was_there(old: Path) -> None:
    (old / COPY).write_bytes(b"of an upgrade that was taken back")
    ended = run("migrate")
    assert str(old / COPY) in ended.stdout
    assert version(old / COPY) == ("0001", 42)
    assert stat.S_IMODE((old / COPY).stat().st_mode) == 0o600
    revision, counter = version(old / DATABASE_FILE)
    assert (revision > "0001", counter) == (True, 42)
    assert "nothing to do" in run("migrate").stdout
    assert run("status").exit_code == 0


def test_without_a_copy_nothing_is_changed(old: Path) -> None:
    (old / COPY).mkdir()
    ended = run("migrate")
    assert (ended.exit_code, "cannot use" in ended.stderr) == (1, True)
    assert version(old / DATABASE_FILE) == ("0001", 42)
    assert not list(old.glob("*.new"))


async def start_and_stop(settings: CommonSettings) -> None:
    stop = asyncio.Event()

    def announce(_serving: Serving) -> None:
        stop.set()

    await serve(settings, stop, announce, ServiceSettings(fetcher=FetcherSettings(starter_feeds=False)))


def test_a_service_that_starts_brings_the_tables_up_to_date(old: Path) -> None:
    asyncio.run(start_and_stop(CommonSettings(port=0)))
    assert version(old / DATABASE_FILE)[0] > "0001"
    assert version(old / COPY) == ("0001", 42)


def test_a_new_data_directory_is_made_by_whatever_comes_first_and_leaves_no_copy(data_dir: Path) -> None:
    assert run("status").exit_code == 0
    assert [file.name for file in data_dir.glob("*.db")] == [DATABASE_FILE]
