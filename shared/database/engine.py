"""One async engine for SQLite (embedded default) and PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another process (the command line beside a running service)."""

WAL_TRIES = 500
WAL_PAUSE_SECONDS = 0.01
"""Of several that open a new file SQLite refuses all but one at once, whatever the busy timeout: so we wait here."""

CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 20.0
"""Longest wait for one statement of a service, locks included: a database that hangs must not hang its clients."""

IDLE_IN_TRANSACTION_MS = 60_000
"""PostgreSQL ends the transaction of a client that fell silent within it: a frozen process holds no lock for ever."""

READ_ONLY = "vedette_read_only"
"""Execution option: this SQLite transaction only reads and need not take the write lock at its start."""

REPLACEMENT = "\ufffd"


def create_engine(url: str, statement_seconds: float | None = STATEMENT_SECONDS) -> AsyncEngine:
    """Engine for `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`; statements of the latter have a deadline."""
    if url.startswith("sqlite"):
        engine = create_async_engine(url)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite_connection)
        event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
    else:
        silence = {"idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS)}
        deadlines = {"timeout": CONNECT_SECONDS, "command_timeout": statement_seconds, "server_settings": silence}
        engine = create_async_engine(url, pool_pre_ping=True, connect_args=deadlines)
    event.listen(engine.sync_engine, "before_cursor_execute", _replace_nul, retval=True)
    return engine


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    try:
        connection.isolation_level = None  # the driver must not open transactions on its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        # WAL lets readers pass the one writer; FULL makes a commit survive power loss, not only a killed process.
        _write_ahead(connection, cursor)
        for pragma in ("synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool does not, and its thread would outlive the event loop
        raise


def _write_ahead(connection: Any, cursor: Any) -> None:
    for left in reversed(range(WAL_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        connection.run_async(lambda _: asyncio.sleep(WAL_PAUSE_SECONDS))


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A transaction that reads before it writes would fail with "database is locked" if it took the lock only then.
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _replace_nul(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool
) -> tuple[str, Any]:
    """PostgreSQL has no text with U+0000, so a parameter never has one, on SQLite neither: both find the same rows.

    One character takes the place of one, so that offsets stay true. JSON documents hold it escaped and keep it.
    """
    if executemany:
        return statement, [_without_nul(row) for row in parameters]
    return statement, _without_nul(parameters)


def _without_nul(row: Any) -> Any:
    if isinstance(row, Mapping):
        return {name: _clean(value) for name, value in row.items()}
    return tuple(_clean(value) for value in row) if isinstance(row, Sequence) else row


def _clean(value: Any) -> Any:
    return value.replace("\0", REPLACEMENT) if isinstance(value, str) and "\0" in value else value
