"""`vedette dead-letters` on a data directory, as an operator uses it."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner, Result

from services.cli.main import app
from services.one_process.application import open_application
from services.one_process.serve import http_loop
from shared.bus.dead_letters import REDRIVE_BATCH, Failure, to_dead_letter
from shared.bus.port import Record, TopicPartition
from shared.events.topics import ARTICLES, dead_letter_topic
from shared.ops.settings import CommonSettings

DEAD = dead_letter_topic(ARTICLES, "extractor")
KEY = "a-key-of-twenty-four-letters"
WHEN = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VEDETTE_STARTER_FEEDS", "off")
    # it would bind the whole test process's log to the output that the runner closes
    monkeypatch.setattr("services.cli.main.configure_logging", lambda _level: None)
    return tmp_path


def bury(count: int) -> None:
    async def run() -> None:
        async with open_application(CommonSettings()) as application:
            failure = Failure("extractor", ValueError("no verb\x1b[31m"), 6, WHEN, WHEN)
            records = [
                Record(TopicPartition(ARTICLES, 0), n, f"article-{n}", b"{}", {"ce_id": b"x"}, WHEN)
                for n in range(count)
            ]
            await application.bus.publish([to_dead_letter(record, failure) for record in records])

    asyncio.run(run())


def articles() -> list[tuple[str, dict[str, bytes]]]:
    async def run() -> list[tuple[str, dict[str, bytes]]]:
        async with open_application(CommonSettings()) as application:
            return [(record.key, dict(record.headers)) async for record in application.bus.browse(ARTICLES)]

    return asyncio.run(run())


def vedette(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["dead-letters", *arguments])
    assert result.exit_code == status, result.output
    return result


def test_letters_are_listed_with_their_reasons_until_they_are_redriven() -> None:
    assert "No dead letters." in vedette("list").output
    bury(3)
    items = json.loads(vedette("list", "--json").output)["items"]
    assert [item["letter"] for item in items] == [f"{DEAD}/0/{n}" for n in range(3)]
    assert {(item["error"], item["attempts"], item["group"]) for item in items} == {("ValueError", "6", "extractor")}
    assert "\x1b" not in vedette("list").output, "a foreign text must not steer the terminal"
    vedette("redrive", "--limit", "2")
    assert [item["key"] for item in json.loads(vedette("list", "--json").output)["items"]] == ["article-2"]
    assert len(json.loads(vedette("list", "--all", "--json").output)["items"]) == 3


def test_one_letter_is_shown_whole() -> None:
    bury(1)
    shown = json.loads(vedette("show", f"{DEAD}/0/0", "--json").output)
    assert (shown["value"], shown["headers"]["ce_id"], shown["headers"]["dlq-topic"]) == ("{}", "x", ARTICLES)
    assert "article-0" in vedette("show", f"{DEAD}/0/0").output
    assert "no dead letter" in vedette("show", f"{DEAD}/0/7", status=1).stderr
    assert "no dead letters are kept" in vedette("show", "elsewhere/0/0", status=1).stderr


def test_redriving_publishes_each_letter_once_and_a_dry_run_none() -> None:
    bury(3)
    assert "3 would be redriven" in vedette("redrive", "--dry-run").output
    assert articles() == []
    assert "3 redriven" in vedette("redrive", DEAD).output
    assert "0 redriven" in vedette("redrive").output
    assert articles() == [(f"article-{n}", {"ce_id": b"x"}) for n in range(3)]
    assert DEAD in vedette("redrive", "elsewhere", status=1).stderr


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The application of the data directory on a port, with its key for the commands."""
    monkeypatch.setenv("VEDETTE_ADMIN_KEY", KEY)
    monkeypatch.setenv("VEDETTE_API_KEY", KEY)
    settings, stop = CommonSettings(), asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening, asyncio.Runner() as runner:

        async def run() -> None:
            async with open_application(settings) as application:
                await http_loop(application.app, listening)(stop)

        thread = Thread(target=runner.run, args=(run(),))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            runner.get_loop().call_soon_threadsafe(stop.set)
            thread.join(timeout=20)


def test_all_of_it_goes_through_a_running_instance_too(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bury(REDRIVE_BATCH + 1)
    letter = f"{DEAD}/0/0"
    with served(monkeypatch) as url:
        monkeypatch.setenv("VEDETTE_DATA_DIR", str(data_dir / "of the client"))
        assert len(json.loads(vedette("list", "--server", url, "--json").output)["items"]) == REDRIVE_BATCH + 1
        assert json.loads(vedette("show", letter, "--server", url, "--json").output)["letter"] == letter
        assert "no dead letter" in vedette("show", f"{DEAD}/0/777?", "--server", url, status=1).stderr
        assert f"{REDRIVE_BATCH + 1} would be" in vedette("redrive", "--dry-run", "--server", url).output
        assert f"{REDRIVE_BATCH + 1} redriven" in vedette("redrive", "--server", url).output
        assert "No dead letters." in vedette("list", "--server", url).output
    assert not (data_dir / "of the client").exists()
