"""How SQLite is opened: a commit is there after a power cut, and readers pass the writer."""

from pathlib import Path

import pytest

from shared.database.unit_of_work import open_database

FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous


@pytest.mark.parametrize(("pragma", "value"), [("synchronous", FULL), ("journal_mode", "wal"), ("foreign_keys", 1)])
async def test_every_connection_is_opened_so(tmp_path: Path, pragma: str, value: int | str) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/vedette.db")
    async with database.unit_of_work() as writing, database.reading() as reading:
        for connection in (writing, reading):
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value
    await database.close()
