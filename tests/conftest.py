"""Real neighbours that tests share. They are started when the first test asks for them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from services.fetcher import tables
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from tests.fakes.kafka_broker import KafkaBroker, why_no_broker
from tests.fakes.postgres_server import QUICK, PostgresMissing, PostgresServer, postgres_server

# Examples are not timed: a busy machine is no finding.
settings.register_profile("vedette", deadline=None)
settings.load_profile("vedette")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """An Apache Kafka broker, started but perhaps not ready yet: `kafka_bus` waits for that.

    Tests that ask for it belong to the xdist group `kafka`, so that one broker serves all.
    """
    if reason := why_no_broker():
        pytest.skip(reason)
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; it notes when each transaction committed, for tests that ask who came first."""
    try:
        with postgres_server(*QUICK, "track_commit_timestamp=on") as server:
            yield server
    except PostgresMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database of its own for one test."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/test.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def empty_database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def standby_database(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A fetcher's database for several processes of which one works; the others look often whether it still does."""
    monkeypatch.setattr("shared.database.standby.LOOK_EVERY_SECONDS", 0.02)
    opened = open_database(postgres_url)
    await migrate(opened, [tables.HISTORY])
    yield opened
    await opened.close()
