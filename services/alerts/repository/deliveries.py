"""Deliveries: due ones are leased, sent outside any transaction, and settled only by whoever holds the lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Subquery, func, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables
from services.alerts.repository.subscriptions import SubscriptionState
from shared.database.locks import lock

_SUBSCRIPTION = tables.subscriptions.c


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class NewDelivery:
    """One event for one subscription."""

    delivery_id: str
    sending_id: str
    subscription_id: str
    sequence: int
    position: int
    matched: str


@dataclass(frozen=True)
class LeasedDelivery:
    sequence: int
    position: int
    matched: str


@dataclass(frozen=True)
class Sending:
    """What goes out together to one subscription: one event by webhook, all events of an article by mail."""

    sending_id: str
    subscription_id: str
    attempts: int
    created_at: datetime
    deliveries: tuple[LeasedDelivery, ...]


@dataclass(frozen=True)
class Room:
    """How many sendings may be taken on in all; of one subscription and of one endpoint, those under way included."""

    sendings: int
    per_subscription: int
    per_endpoint: int


async def add_deliveries(connection: AsyncConnection, deliveries: Sequence[NewDelivery], now: datetime) -> None:
    """Due at once."""
    fresh = {"state": DeliveryState.PENDING, "attempts": 0, "due_at": now, "created_at": now}
    await connection.execute(tables.deliveries.insert(), [{**vars(delivery), **fresh} for delivery in deliveries])


async def lease_due(
    connection: AsyncConnection, now: datetime, lease: timedelta, token: str, room: Room
) -> list[Sending]:
    """Lease due sendings for as long as there is `room`: a slow receiver holds up nobody else. Paused ones wait.

    One sender at a time chooses, so that all of them together keep to the shares.
    """
    await lock(connection, "alerts deliveries")
    column = tables.deliveries.c
    free = or_(column.leased_until.is_(None), column.leased_until <= now)
    due = (
        select(
            column.sending_id,
            column.subscription_id,
            _SUBSCRIPTION.endpoint,
            func.min(column.due_at).label("due_at"),
            func.min(column.sequence).label("sequence"),
        )
        .join(tables.subscriptions, _SUBSCRIPTION.subscription_id == column.subscription_id)
        .where(column.state == DeliveryState.PENDING, column.due_at <= now, free)
        .where(_SUBSCRIPTION.state != SubscriptionState.PAUSED)
        .group_by(column.sending_id, column.subscription_id, _SUBSCRIPTION.endpoint)
        .subquery()
    )
    oldest_first = ("due_at", "sequence")
    due = _with_room(due, "subscription_id", room.per_subscription, oldest_first, now)
    due = _with_room(due, "endpoint", room.per_endpoint, ("place_of_subscription_id", *oldest_first), now)
    chosen = await connection.scalars(
        select(due.c.sending_id).order_by(due.c.place_of_endpoint, due.c.due_at).limit(room.sendings)
    )
    ids = list(chosen)
    if not ids:
        return []
    await connection.execute(
        update(tables.deliveries)
        .where(column.sending_id.in_(ids), column.state == DeliveryState.PENDING, free)
        .values(lease_token=token, leased_until=now + lease)
    )
    rows = await connection.execute(
        select(tables.deliveries)
        .where(column.lease_token == token, column.sending_id.in_(ids))
        .order_by(column.sequence)
    )
    return _sendings(list(rows))


def _with_room(waiting: Subquery, whose: str, share: int, order: Sequence[str], now: datetime) -> Subquery:
    """Those of `waiting` that find room among their likes, in `order`, with their place as `place_of_<whose>`.

    Likes have the column `whose` in common and may take `share` places, of which each leased sending has one.
    """
    column = tables.deliveries.c
    taken = (
        select(_SUBSCRIPTION[whose], func.count(column.sending_id.distinct()).label("count"))
        .join(tables.deliveries, _SUBSCRIPTION.subscription_id == column.subscription_id)
        .where(column.state == DeliveryState.PENDING, column.leased_until > now)
        .group_by(_SUBSCRIPTION[whose])
        .subquery()
    )
    likes = waiting.c[whose]
    queued = func.row_number().over(partition_by=likes, order_by=[waiting.c[name] for name in order])
    place = (queued + func.coalesce(taken.c.count, 0)).label(f"place_of_{whose}")
    placed = select(waiting, place).outerjoin(taken, taken.c[whose] == likes).subquery()
    return select(placed).where(placed.c[place.name] <= share).subquery()


def _sendings(rows: Sequence[Row[Any]]) -> list[Sending]:
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.sending_id, []).append(row)
    return [
        Sending(
            sending_id,
            group[0].subscription_id,
            group[0].attempts,
            group[0].created_at,
            tuple(LeasedDelivery(row.sequence, row.position, row.matched) for row in group),
        )
        for sending_id, group in grouped.items()
    ]


async def settle(
    connection: AsyncConnection,
    sending: Sending,
    token: str,
    at: datetime,
    state: DeliveryState,
    error: str | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Record a try that ended `at` and its consequence. False, and nothing recorded, if the lease has passed on."""
    column = tables.deliveries.c
    result = await connection.execute(
        update(tables.deliveries)
        .where(column.sending_id == sending.sending_id, column.lease_token == token)
        .values(
            state=state,
            attempts=sending.attempts + 1,
            lease_token=None,
            leased_until=None,
            last_error=error,
            **({"due_at": due_at} if due_at else {"settled_at": at}),
        )
    )
    return bool(result.rowcount)


async def release_leases(connection: AsyncConnection) -> None:
    """For a sender that knows itself to be the only one: leases of a killed predecessor need not run out."""
    await connection.execute(
        update(tables.deliveries)
        .where(tables.deliveries.c.lease_token.is_not(None))
        .values(lease_token=None, leased_until=None)
    )


async def drop_pending(connection: AsyncConnection, subscription_id: str, now: datetime, reason: str) -> None:
    """Nothing more is sent to a subscription that is gone."""
    column = tables.deliveries.c
    await connection.execute(
        update(tables.deliveries)
        .where(column.subscription_id == subscription_id, column.state == DeliveryState.PENDING)
        .values(state=DeliveryState.DROPPED, settled_at=now, last_error=reason, lease_token=None, leased_until=None)
    )


async def retry_now(connection: AsyncConnection, delivery_id: str, now: datetime) -> bool:
    """Make the delivery due for one more try, whatever became of it. False if there is no such delivery."""
    column = tables.deliveries.c
    row = (await connection.execute(select(column.sending_id).where(column.delivery_id == delivery_id))).one_or_none()
    if row is None:
        return False
    await connection.execute(
        update(tables.deliveries)
        .where(column.sending_id == row.sending_id)
        .values(state=DeliveryState.PENDING, due_at=now, settled_at=None)
    )
    return True


async def retry_all(
    connection: AsyncConnection, state: DeliveryState, subscription_id: str | None, now: datetime
) -> int:
    """Make every delivery in `state` due for one more try, of one subscription or of all. Returns how many."""
    await lock(connection, "alerts deliveries")  # nobody leases any of them meanwhile; those under way are left alone
    column = tables.deliveries.c
    chosen = update(tables.deliveries).where(column.state == state, column.lease_token.is_(None))
    if subscription_id is not None:
        chosen = chosen.where(column.subscription_id == subscription_id)
    result = await connection.execute(chosen.values(state=DeliveryState.PENDING, due_at=now, settled_at=None))
    return result.rowcount


async def list_deliveries(
    connection: AsyncConnection,
    *,
    state: str | None,
    subscription_id: str | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Row[Any]]:
    """Rows with the event's kind, newest first, below the cursor (created_at, delivery_id)."""
    column = tables.deliveries.c
    query = (
        select(tables.deliveries, tables.events.c.kind, tables.events.c.event_id)
        .join(tables.events, tables.events.c.position == column.position)
        .order_by(column.created_at.desc(), column.delivery_id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(column.state == state)
    if subscription_id is not None:
        query = query.where(column.subscription_id == subscription_id)
    if before is not None:
        created_at, delivery_id = before
        # the first condition is implied by the second, but only it lets the index begin there
        further = or_(column.created_at < created_at, column.delivery_id < delivery_id)
        query = query.where(column.created_at <= created_at, further)
    return list(await connection.execute(query))


async def deliveries_after(
    connection: AsyncConnection, subscription_id: str, sequence: int, limit: int
) -> list[Row[Any]]:
    """What one subscription matched above `sequence`, in order."""
    column = tables.deliveries.c
    rows = await connection.execute(
        select(tables.deliveries)
        .where(column.subscription_id == subscription_id, column.sequence > sequence)
        .order_by(column.sequence)
        .limit(limit)
    )
    return list(rows)


async def count_deliveries(connection: AsyncConnection) -> dict[str, int]:
    """Number of deliveries by state; every state is there."""
    column = tables.deliveries.c
    rows = await connection.execute(select(column.state, func.count()).group_by(column.state))
    return {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}


async def overdue(connection: AsyncConnection, now: datetime) -> tuple[int, datetime | None]:
    """How many deliveries should have been sent by now, and since when the oldest. Those of paused ones should not."""
    column = tables.deliveries.c
    query = (
        select(func.count(), func.min(column.due_at, type_=column.due_at.type))
        .join(tables.subscriptions, _SUBSCRIPTION.subscription_id == column.subscription_id)
        .where(column.state == DeliveryState.PENDING, column.due_at <= now)
        .where(_SUBSCRIPTION.state != SubscriptionState.PAUSED)
    )
    count, oldest = (await connection.execute(query)).one()
    return count, oldest
