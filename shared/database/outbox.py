"""Outbox: messages that a service owes the bus, written in the transaction of the state they tell about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.types import BigId, Json, UtcDateTime
from shared.events.envelope import Message


@dataclass(frozen=True)
class Owed:
    """A message not yet known to be on the bus; `id` counts up in the order of commits of one key."""

    id: int
    message: Message


def outbox_table(metadata: MetaData, prefix: str) -> Table:
    """The table `<prefix>_outbox`. A row is there exactly as long as its message is owed."""
    return Table(
        f"{prefix}_outbox",
        metadata,
        Column("id", BigId, primary_key=True, autoincrement=True),
        Column("topic", String, nullable=False),
        Column("key", String, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("headers", Json, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )


async def add_to_outbox(connection: AsyncConnection, table: Table, message: Message, now: datetime) -> None:
    """Owe `message` to the bus, within the caller's transaction."""
    await connection.execute(
        table.insert().values(
            topic=message.topic,
            key=message.key,
            value=message.value,
            headers=[[name, value.decode()] for name, value in message.headers],
            created_at=now,
        )
    )


async def read_outbox(connection: AsyncConnection, table: Table, limit: int) -> list[Owed]:
    """The oldest owed messages, in order."""
    rows = await connection.execute(select(table).order_by(table.c.id).limit(limit))
    return [
        Owed(
            row.id,
            Message(row.topic, row.key, row.value, tuple((name, value.encode()) for name, value in row.headers)),
        )
        for row in rows
    ]


async def settle_outbox(connection: AsyncConnection, table: Table, ids: Sequence[int]) -> None:
    """The bus has acknowledged these messages."""
    await connection.execute(delete(table).where(table.c.id.in_(ids)))


async def outbox_backlog(connection: AsyncConnection, table: Table) -> tuple[int, datetime | None]:
    """How many messages are owed, and since when the oldest."""
    row = (await connection.execute(select(func.count(), func.min(table.c.created_at, type_=UtcDateTime)))).one()
    return row[0], row[1]
