"""Events in commit order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables


@dataclass(frozen=True)
class Event:
    """One decision worth keeping; `body` is the webhook body without `subscription`."""

    position: int
    event_id: str
    kind: str
    claim_id: str
    article_id: str
    late: bool
    decided_at: datetime
    body: dict[str, Any]


async def draw_positions(connection: AsyncConnection, count: int) -> int:
    """The first of `count` positions. Its row lock is held until commit, so that positions follow commit order."""
    counter = tables.counters.c
    drawn = await connection.execute(
        update(tables.counters)
        .where(counter.name == "position")
        .values(value=counter.value + count)
        .returning(counter.value)
    )
    return int(drawn.scalar_one()) - count + 1


async def add_events(connection: AsyncConnection, events: Sequence[Event]) -> None:
    await connection.execute(tables.events.insert(), [vars(event) for event in events])


async def events_after(connection: AsyncConnection, position: int, limit: int) -> list[Event]:
    """Events above `position`, in order."""
    rows = await connection.execute(
        select(tables.events).where(tables.events.c.position > position).order_by(tables.events.c.position).limit(limit)
    )
    return [Event(**row._mapping) for row in rows]


async def latest_events(connection: AsyncConnection, limit: int) -> list[Event]:
    """The newest events first."""
    rows = await connection.execute(select(tables.events).order_by(tables.events.c.position.desc()).limit(limit))
    return [Event(**row._mapping) for row in rows]


async def events_at(connection: AsyncConnection, positions: Sequence[int]) -> dict[int, Event]:
    rows = await connection.execute(select(tables.events).where(tables.events.c.position.in_(positions)))
    return {row.position: Event(**row._mapping) for row in rows}


async def count_events(connection: AsyncConnection) -> dict[str, int]:
    """Number of events by kind."""
    rows = await connection.execute(select(tables.events.c.kind, func.count()).group_by(tables.events.c.kind))
    return {row[0]: row[1] for row in rows}
