"""Inbox: which messages a consumer group has already worked off, kept in the transaction of their effects."""

from datetime import datetime

from sqlalchemy import Column, Index, MetaData, String, Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.dialects import insert
from shared.database.types import UtcDateTime


def inbox_table(metadata: MetaData, prefix: str) -> Table:
    """The table `<prefix>_inbox`."""
    return Table(
        f"{prefix}_inbox",
        metadata,
        Column("consumer_group", String, primary_key=True),
        Column("message_id", String, primary_key=True),
        Column("received_at", UtcDateTime, nullable=False),
        Index(f"ix_{prefix}_inbox_received_at", "received_at"),
    )


async def receive(connection: AsyncConnection, table: Table, group: str, message_id: str, now: datetime) -> bool:
    """Note the message in the caller's transaction. False if it was noted before: its effects are there already."""
    statement = insert(connection, table).values(consumer_group=group, message_id=message_id, received_at=now)
    result = await connection.execute(statement.on_conflict_do_nothing())
    return result.rowcount == 1


async def prune_inbox(connection: AsyncConnection, table: Table, before: datetime) -> int:
    """Forget messages received before `before` (which the bus itself no longer holds). Returns how many."""
    result = await connection.execute(delete(table).where(table.c.received_at < before))
    return result.rowcount
