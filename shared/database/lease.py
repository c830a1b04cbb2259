"""Leases: of all processes that could do a piece of work, one does, until its lease has run out or is given back."""

from datetime import datetime, timedelta

from sqlalchemy import Column, MetaData, String, Table, delete, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.dialects import insert
from shared.database.types import UtcDateTime

LENGTH = timedelta(seconds=15)
"""The next one takes over so long after the holder was killed. Clocks of holders must not differ by more than that."""


def lease_table(metadata: MetaData, prefix: str) -> Table:
    """The table `<prefix>_leases`."""
    return Table(
        f"{prefix}_leases",
        metadata,
        Column("name", String, primary_key=True),
        Column("holder", String, nullable=False),
        Column("held_until", UtcDateTime, nullable=False),
    )


async def hold_lease(connection: AsyncConnection, table: Table, name: str, holder: str, now: datetime) -> bool:
    """Take the lease, or prolong it. False if somebody else has it.

    True also means that nobody else gets it before the caller's transaction ends: what is written in there is fenced.
    """
    mine = {"holder": holder, "held_until": now + LENGTH}
    free = or_(table.c.holder == holder, table.c.held_until <= now)
    taken = insert(connection, table).values(name=name, **mine)
    result = await connection.execute(taken.on_conflict_do_update(index_elements=["name"], set_=mine, where=free))
    return result.rowcount == 1


async def give_back_lease(connection: AsyncConnection, table: Table, name: str, holder: str) -> None:
    """The next one need not wait for its end. Does nothing if somebody else has it."""
    await connection.execute(delete(table).where(table.c.name == name, table.c.holder == holder))
