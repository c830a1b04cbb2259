"""One async engine for SQLite (embedded default) and PostgreSQL."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another process (the command line beside a running service)."""

READ_ONLY = "vedette_read_only"
"""Execution option: this SQLite transaction only reads and need not take the write lock at its start."""


def create_engine(url: str) -> AsyncEngine:
    """Engine for `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`."""
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True)
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite_connection)
    event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
    return engine


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions on its own
    cursor = connection.cursor()
    # WAL lets readers pass the one writer; FULL makes a commit survive power loss, not only a killed process.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A transaction that reads before it writes would fail with "database is locked" if it took the lock only then.
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
