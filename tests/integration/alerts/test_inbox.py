"""The inbox remembers as long as the bus could bring a message again, and no longer."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.alerts import tables
from services.alerts.settings import AlertsSettings
from services.alerts.wiring import KEEP_INBOX, build_alerts
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.inbox import receive
from shared.database.unit_of_work import Database
from shared.http.auth import RequireKey
from shared.http.safe_client import SafeClient
from shared.ops.metrics import Metrics
from shared.ops.settings import CommonSettings
from tests.fakes.clock import FakeClock

NOTHING: dict[str, Any] = {"_env_prefix": "VEDETTE_TEST_IGNORES_THE_ENVIRONMENT_"}


async def test_the_service_forgets_messages_that_cannot_come_again(database: Database, clock: FakeClock) -> None:
    ages = {"old": KEEP_INBOX + timedelta(hours=1), "recent": KEEP_INBOX - timedelta(hours=1), "now": timedelta()}
    async with database.unit_of_work() as connection:
        for message_id, age in ages.items():
            assert await receive(connection, tables.inbox, "alerts", message_id, clock() - age)
    client = SafeClient("test")
    service = build_alerts(
        AlertsSettings(**NOTHING),
        CommonSettings(**NOTHING),
        database,
        SqliteLogBus(database, clock),
        client,
        Metrics(),
        clock,
        RequireKey(frozenset()),
    )
    stop = asyncio.Event()
    pruning = asyncio.create_task(service.loops["prune"](stop))
    async with asyncio.timeout(5):
        while len(await remembered(database)) > 2:
            await asyncio.sleep(0.01)
    stop.set()
    await pruning
    assert await remembered(database) == ["now", "recent"]
    async with database.unit_of_work() as connection:
        assert not await receive(connection, tables.inbox, "alerts", "recent", clock())
        assert await receive(connection, tables.inbox, "another group", "recent", clock())
    await service.close()
    await client.aclose()


async def remembered(database: Database) -> list[str]:
    async with database.reading() as connection:
        return sorted(await connection.scalars(select(tables.inbox.c.message_id)))


def test_the_inbox_remembers_longer_than_the_bus_keeps_anything() -> None:
    assert KafkaSettings(servers=("k:1",)).retention < KEEP_INBOX
