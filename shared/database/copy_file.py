"""A copy of a SQLite database as it is at one moment, made beside those who use it."""

import asyncio
import os
from pathlib import Path

from shared.database.unit_of_work import Database


async def copy_file(database: Database, name: str) -> Path:
    """Copy the database to `<its name>-<name>.db` in its own folder, readable by its owner only; replaces an older one.

    Raises Unavailable, as everything that reads the file does, and OSError.
    """
    file = Path(database.engine.url.database or "")
    copy, draft = (file.with_name(f"{file.stem}-{name}.db{ending}") for ending in ("", ".new"))
    await asyncio.to_thread(_make_private, draft)  # VACUUM takes an empty file for none, and keeps its mode
    try:
        async with database.reading() as connection:
            await connection.exec_driver_sql("COMMIT")  # every transaction of ours is begun, and VACUUM wants none
            await connection.exec_driver_sql("VACUUM INTO ?", (str(draft),))
        await asyncio.to_thread(_put_into_place, draft, copy)
    finally:
        draft.unlink(missing_ok=True)  # half a copy, where the disk is full
    return copy


def _make_private(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _put_into_place(draft: Path, copy: Path) -> None:
    with draft.open("rb+") as written:
        os.fsync(written.fileno())  # VACUUM INTO leaves that to its caller
    draft.replace(copy)
