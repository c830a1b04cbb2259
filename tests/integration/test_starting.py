"""`vedette up` where it cannot start, and the key of the first start."""

import asyncio

import pytest
import structlog
from typer.testing import CliRunner

from services.cli.main import app
from services.fetcher.settings import FetcherSettings
from services.one_process.application import KEY_FILE, ServiceSettings
from services.one_process.serve import LOCK_FILE, Serving, serve
from shared.http.auth import fingerprint, read_fingerprint
from shared.ops.settings import DATABASE_FILE, CommonSettings
from shared.ops.unavailable import Unavailable


async def start_and_stop(settings: CommonSettings) -> Serving:
    stop = asyncio.Event()
    started: list[Serving] = []

    def announce(serving: Serving) -> None:
        started.append(serving)
        stop.set()

    await serve(settings, stop, announce, ServiceSettings(fetcher=FetcherSettings(starter_feeds=False)))
    return started[0]


@pytest.fixture(autouse=True)
def _logs_as_before():
    """A command points the logs at the standard error that the runner takes away again."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("VEDETTE_ADMIN_KEY", raising=False)
    return CommonSettings(data_dir=tmp_path, port=0)


async def test_a_start_that_fails_uses_up_no_key(settings):
    database = settings.data_dir / DATABASE_FILE
    database.write_bytes(b"no database" * 1000)
    with pytest.raises(Unavailable):
        await start_and_stop(settings)
    assert read_fingerprint(settings.data_dir / KEY_FILE) is None

    database.unlink()
    serving = await start_and_stop(settings)
    assert serving.new_key is not None
    assert read_fingerprint(settings.data_dir / KEY_FILE) == fingerprint(serving.new_key)
    assert (await start_and_stop(settings)).new_key is None


async def test_nobody_else_may_read_what_is_kept(settings):
    own = settings.model_copy(update={"data_dir": settings.data_dir / "data"})
    await start_and_stop(own)
    assert own.data_dir.stat().st_mode & 0o777 == 0o700
    kept = {file.name: file.stat().st_mode & 0o777 for file in own.data_dir.iterdir()}
    assert {DATABASE_FILE: 0o600, KEY_FILE: 0o600}.items() <= kept.items()
    assert all(mode & 0o077 == 0 for name, mode in kept.items() if name != LOCK_FILE), kept


async def test_a_directory_that_was_there_keeps_its_mode(settings):
    settings.data_dir.chmod(0o750)
    await start_and_stop(settings)
    assert settings.data_dir.stat().st_mode & 0o777 == 0o750


def test_a_damaged_database_is_named_in_a_sentence(settings):
    (settings.data_dir / DATABASE_FILE).write_bytes(b"no database" * 1000)
    ended = CliRunner().invoke(app, ["up", "--data-dir", str(settings.data_dir), "--port", "0"])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == (
        "vedette: the database cannot be used: file is not a database; mend its file or disk, end what else holds "
        "it, or use another data directory\n"
    )


@pytest.mark.parametrize("command", [["up", "--port", "0"], ["status"]])
def test_a_data_directory_that_is_none_is_named_in_a_sentence(tmp_path, monkeypatch, command):
    file = tmp_path / "data"
    file.touch()
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(file))
    ended = CliRunner().invoke(app, command)
    assert ended.exit_code == 1
    assert str(file) in ended.stderr
    assert "File exists" in ended.stderr
    assert "Traceback" not in ended.stderr
