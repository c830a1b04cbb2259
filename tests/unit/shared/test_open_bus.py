"""The bus goes with the database, or is refused with a sentence that says what to set."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus.kafka.bus import KafkaBus
from shared.bus.open_bus import BusRefused, kafka_servers, open_bus
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.unit_of_work import Database, open_database
from shared.ops.clock import utc_now


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/t.db")
    yield database
    await database.close()


@pytest.fixture
async def postgresql() -> AsyncIterator[Database]:
    database = open_database("postgresql+asyncpg://u:p@127.0.0.1:1/t")  # never connected to
    yield database
    await database.close()


async def test_each_database_has_its_bus(sqlite: Database, postgresql: Database) -> None:
    assert isinstance(open_bus("", sqlite, utc_now), SqliteLogBus)
    assert isinstance(open_bus("kafka://k:9092", postgresql, utc_now), KafkaBus)
    assert isinstance(open_bus("kafka://k:9092", None, utc_now, instance="extractor-1"), KafkaBus)


async def test_mixtures_are_refused(sqlite: Database, postgresql: Database) -> None:
    with pytest.raises(BusRefused, match="VEDETTE_DATABASE_URL"):
        open_bus("kafka://k:9092", sqlite, utc_now)
    for database in (postgresql, None):
        with pytest.raises(BusRefused, match="VEDETTE_BUS_URL"):
            open_bus("", database, utc_now)


def test_several_servers_are_told_apart_by_commas() -> None:
    assert kafka_servers("kafka://a:9092,b.example:19092,[::1]:9/") == ("a:9092", "b.example:19092", "[::1]:9")


@pytest.mark.parametrize(
    "url",
    [
        "amqp://a:1",
        "a:9092",
        "kafka://",
        "kafka://a",
        "kafka://a:0",
        "kafka://a:99999",
        "kafka://u:p@a:1",
        "kafka://a:1,",
    ],
)
def test_a_wrong_url_is_refused(url: str) -> None:
    with pytest.raises(BusRefused, match="HOST:PORT"):
        kafka_servers(url)
