"""`vedette deliveries` on a data directory with what has been given up."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from typer.testing import CliRunner, Result

from services.cli.main import app
from services.one_process.migrate_all import migrate_all
from shared.database.unit_of_work import open_database
from shared.ops.settings import CommonSettings
from tests.integration.alerts.test_send_due_deliveries import happen, subscribe


@pytest.fixture(autouse=True)
def given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two deliveries of one subscription, one of another, all failed."""
    monkeypatch.setenv("VEDETTE_DATA_DIR", str(tmp_path))

    async def prepare() -> None:
        settings = CommonSettings()
        await migrate_all(settings)
        database = open_database(settings.database)
        await subscribe(database, "one")
        await happen(database, 1, "first")
        await subscribe(database, "other")
        await happen(database, 1, "second")
        async with database.unit_of_work() as connection:
            await connection.execute(text("UPDATE alerts_deliveries SET state = 'failed'"))
        await database.close()

    asyncio.run(prepare())
    yield
    structlog.reset_defaults()


def deliveries(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["deliveries", *arguments])


def states() -> Sequence[str]:
    return sorted(item["state"] for item in json.loads(deliveries("list", "--json").stdout)["items"])


def test_all_that_failed_are_sent_again_at_once():
    assert deliveries("retry", "--state", "failed", "--subscription", "other").stdout == "1 to be sent again now\n"
    assert states() == ["failed", "failed", "pending"]
    assert deliveries("retry", "--state", "failed").stdout == "2 to be sent again now\n"
    assert states() == ["pending"] * 3


@pytest.mark.parametrize("arguments", [[], ["some", "--state", "failed"], ["--subscription", "one"]])
def test_what_is_to_be_sent_again_must_be_named(arguments: list[str]):
    assert deliveries("retry", *arguments).exit_code == 2
    assert states() == ["failed"] * 3


def test_the_newest_can_be_listed_alone():
    newest = json.loads(deliveries("list", "--limit", "2", "--json").stdout)["items"]
    assert newest == json.loads(deliveries("list", "--json").stdout)["items"][:2]
    claims = [
        json.loads(CliRunner().invoke(app, ["claims", "list", *limit, "--json"]).stdout)["items"]
        for limit in ((), ("--limit", "1"))
    ]
    assert len(claims[0]) > 1
    assert claims[1] == claims[0][:1]
