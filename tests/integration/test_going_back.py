"""The way back of docs/operations.md on PostgreSQL: a dump before the upgrade, restored, and upgraded again."""

import subprocess
from pathlib import Path

import pytest

import services.alerts.tables
import services.fetcher.tables
from shared.database.migrate import SchemaOutdated, migrate, verify_schema
from shared.database.unit_of_work import open_database
from tests.fakes.histories import as_it_was
from tests.fakes.postgres_server import EMPTY_SCHEMA, PostgresServer, find_binaries

NEW = [services.fetcher.tables.HISTORY, services.alerts.tables.HISTORY]


async def test_an_upgrade_can_be_taken_back_and_made_again(
    postgres: PostgresServer, postgres_url: str, tmp_path: Path
) -> None:
    def pg(program: str, *arguments: str, given: bytes | None = None) -> bytes:
        address = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", "postgres", "-d", postgres_url.rpartition("/")[2]]
        ran = subprocess.run(
            [find_binaries() / program, *address, *arguments], input=given, check=True, capture_output=True, timeout=60
        )
        return ran.stdout

    database = open_database(postgres_url, statement_seconds=None)
    old = [as_it_was(history, "0001", tmp_path / history.prefix) for history in NEW]
    await migrate(database, old)
    for _round in range(2):  # what was restored can be dumped and restored in its turn
        dump = pg("pg_dump", "-Fc")
        assert all((await migrate(database, NEW)).values())
        with pytest.raises(SchemaOutdated, match="newer version"):
            await verify_schema(database, old)
        pg("psql", "-c", EMPTY_SCHEMA)
        pg("pg_restore", "--single-transaction", given=dump)
        await verify_schema(database, old)
    await database.close()
