"""Migrated tables are the tables that the code speaks to."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from shared.database.migrate import History, SchemaOutdated, migrate, verify_schema
from shared.database.unit_of_work import open_database

EVERY = [
    (services.fetcher.tables.HISTORY, services.fetcher.tables.metadata),
    (services.alerts.tables.HISTORY, services.alerts.tables.metadata),
    (shared.bus.tables.HISTORY, shared.bus.tables.metadata),
]


@pytest.mark.parametrize(("history", "metadata"), EVERY, ids=lambda value: getattr(value, "prefix", ""))
async def test_migrations_make_exactly_the_tables_of_the_code(
    history: History, metadata: MetaData, tmp_path: Path
) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/t.db")
    await migrate(database, [history])

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": history.version_table})
        return list(compare_metadata(context, metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_migrating_twice_does_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/t.db")
    histories = [history for history, _ in EVERY]
    first = await migrate(database, histories)
    assert all(first.values())
    assert not any((await migrate(database, histories)).values())
    await verify_schema(database, histories)
    await database.close()


async def test_a_service_on_a_bare_database_names_the_command(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/t.db")
    with pytest.raises(SchemaOutdated, match="vedette migrate"):
        await verify_schema(database, [shared.bus.tables.HISTORY])
    await database.close()


async def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/t.db")
    await migrate(database, [shared.bus.tables.HISTORY])
    async with database.unit_of_work() as connection:
        await connection.exec_driver_sql("UPDATE bus_migrations SET version_num = '9999'")
    with pytest.raises(SchemaOutdated, match="newer Vedette"):
        await migrate(database, [shared.bus.tables.HISTORY])
    await database.close()
