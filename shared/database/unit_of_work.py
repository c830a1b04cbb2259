"""Transactions: everything in one unit of work is committed at its end, or nothing is."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.database.engine import READ_ONLY, STATEMENT_SECONDS, create_engine
from shared.ops.unavailable import Unavailable

CLOSE_SECONDS = 1.0

FILE_FAULTS = ("NOTADB", "CORRUPT", "CANTOPEN", "READONLY", "FULL", "IOERR", "BUSY", "PERM")
"""What is wrong with SQLite's file, its disk or whoever else holds it (https://www.sqlite.org/rescode.html). A full
disk and another program's lock pass, and the rest is no message's fault either: all are waited for."""

HOW_TO_MEND_A_FILE = "mend its file or disk, end what else holds it, or use another data directory"

SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """The one way to the database. Never await anything on a network inside `unit_of_work`.

    Every method raises Unavailable if the database does not answer, or stops to answer on the way.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # SQLite has one writer; queueing here is fair, its own busy handler is not.
        self._one_writer = asyncio.Lock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed at the end of the block, rolled back if it raises.

        Each statement sees what was committed before it: whoever decides by what it reads takes its locks first.
        """
        with _away_is_unavailable():
            async with AsyncExitStack() as stack:
                if self._one_writer:
                    await stack.enter_async_context(self._one_writer)
                yield await stack.enter_async_context(self.engine.begin())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A read-only snapshot."""
        with _away_is_unavailable():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(**({READ_ONLY: True} if self.is_sqlite else SNAPSHOT))

    async def check(self) -> None:
        """Raises if the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Parts from a database that does not answer without a word."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.engine.dispose()


def open_database(url: str, statement_seconds: float | None = STATEMENT_SECONDS) -> Database:
    """Connects when first used. `statement_seconds` None: a statement may take its time (migrations do)."""
    return Database(create_engine(url, statement_seconds))


@contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except (OSError, NoFreeConnection) as error:
        raise Unavailable(f"the database does not answer: {_reason(error)}") from error
    except DBAPIError as error:
        if error.connection_invalidated or _refuses_connections(error):
            raise Unavailable(f"the database does not answer: {_reason(error)}") from error
        if _file_is_at_fault(error):
            raise Unavailable(f"the database cannot be used: {_reason(error)}; {HOW_TO_MEND_A_FILE}") from error
        raise


def _refuses_connections(error: DBAPIError) -> bool:
    """By SQLSTATE: connection, credentials, no such database, out of resources, shutting down or starting up."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return state[:2] in ("08", "28", "3D", "53") or state[:4] == "57P0"


def _file_is_at_fault(error: DBAPIError) -> bool:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return name.removeprefix("SQLITE_").startswith(FILE_FAULTS)


def _reason(error: BaseException) -> str:
    """The driver's own words, without the statement and its parameters."""
    if isinstance(error, TimeoutError):
        return "it takes too long"
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error)[:200] or type(error).__name__
