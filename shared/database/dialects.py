"""The one statement that SQLite and PostgreSQL share but SQLAlchemy keeps apart: insert with conflict handling."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` (same meaning on both)."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
