"""Migrated tables are the tables that the code speaks to."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from services.alerts.repository.subscriptions import list_subscriptions
from shared.database.migrate import History, SchemaOutdated, migrate, verify_schema
from shared.database.unit_of_work import Database
from tests.fakes.histories import as_it_was
from tests.fakes.statements import NOON

EVERY = [
    (services.fetcher.tables.HISTORY, services.fetcher.tables.metadata),
    (services.alerts.tables.HISTORY, services.alerts.tables.metadata),
    (shared.bus.tables.HISTORY, shared.bus.tables.metadata),
]


@pytest.mark.parametrize(("history", "metadata"), EVERY, ids=lambda value: getattr(value, "prefix", ""))
async def test_migrations_make_exactly_the_tables_of_the_code(
    history: History, metadata: MetaData, empty_database: Database
) -> None:
    await migrate(empty_database, [history])

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": history.version_table})
        return list(compare_metadata(context, metadata))

    async with empty_database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_does_nothing(empty_database: Database) -> None:
    histories = [history for history, _ in EVERY]
    first = await migrate(empty_database, histories)
    assert all(first.values())
    assert not any((await migrate(empty_database, histories)).values())
    await verify_schema(empty_database, histories)


async def test_a_service_on_a_bare_database_names_the_command(empty_database: Database) -> None:
    with pytest.raises(SchemaOutdated, match="vedette migrate"):
        await verify_schema(empty_database, [shared.bus.tables.HISTORY])


async def test_tables_of_a_newer_version_are_refused(empty_database: Database) -> None:
    await migrate(empty_database, [shared.bus.tables.HISTORY])
    async with empty_database.unit_of_work() as connection:
        await connection.exec_driver_sql("UPDATE bus_migrations SET version_num = '9999'")
    for refuse in (migrate, verify_schema):
        with pytest.raises(SchemaOutdated, match=r"newer version .*: run that version, or restore"):
            await refuse(empty_database, [shared.bus.tables.HISTORY])


async def test_an_upgrade_tells_where_each_subscription_is_served(empty_database: Database, tmp_path: Path) -> None:
    history = services.alerts.tables.HISTORY
    await migrate(empty_database, [as_it_was(history, "0001", tmp_path)])
    row = {"filter": {}, "state": "active", "last_sequence": 0, "mail_language": "en", "created_at": NOON}
    targets = {"webhook": "https://Desk.Example:443/hook?key=x", "email": "desk@paper.example"}
    async with empty_database.unit_of_work() as connection:
        for channel, target in targets.items():
            old = services.alerts.tables.subscriptions.insert().values(
                subscription_id=channel, channel=channel, target=target, **row
            )
            await connection.execute(old)
    await migrate(empty_database, [history])
    async with empty_database.reading() as connection:
        kept = await list_subscriptions(connection)
        stored = await connection.execute(text("SELECT channel, endpoint FROM alerts_subscriptions"))
    endpoints = {"webhook": "desk.example", "email": "mail"}
    assert dict(stored.all()) == {one.channel: one.endpoint for one in kept} == endpoints
