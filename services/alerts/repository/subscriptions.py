"""Subscriptions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables
from services.alerts.match_subscriptions import Filter


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Subscription:
    """A standing interest. `target` is a URL or an address; `secret` signs webhooks; `last_sequence` counts matches."""

    subscription_id: str
    channel: str
    target: str
    mail_language: str
    secret: str | None
    filter: Filter
    state: SubscriptionState
    reason: str | None
    last_sequence: int
    created_at: datetime

    @property
    def endpoint(self) -> str:
        """Who answers for the target: host and port of a webhook's URL; all mail goes through one server."""
        return "mail" if self.channel == "email" else httpx.URL(self.target).netloc.decode("ascii")


def _read(row: Any) -> Subscription:
    columns = dict(row._mapping)
    del columns["endpoint"]
    columns["filter"] = Filter.model_validate(columns["filter"])
    columns["state"] = SubscriptionState(columns["state"])
    return Subscription(**columns)


async def add_subscription(connection: AsyncConnection, subscription: Subscription) -> None:
    columns = asdict(subscription) | {
        "filter": subscription.filter.model_dump(mode="json"),
        "endpoint": subscription.endpoint,
    }
    await connection.execute(tables.subscriptions.insert().values(**columns))


async def list_subscriptions(connection: AsyncConnection, state: SubscriptionState | None = None) -> list[Subscription]:
    """All, or those in one state, oldest first."""
    column = tables.subscriptions.c
    query = select(tables.subscriptions).order_by(column.created_at, column.subscription_id)
    if state is not None:
        query = query.where(column.state == state)
    return [_read(row) for row in await connection.execute(query)]


async def get_subscription(connection: AsyncConnection, subscription_id: str) -> Subscription | None:
    query = select(tables.subscriptions).where(tables.subscriptions.c.subscription_id == subscription_id)
    row = (await connection.execute(query)).one_or_none()
    return _read(row) if row else None


async def lock_subscription(connection: AsyncConnection, subscription_id: str) -> None:
    """Nobody else changes the subscription until the transaction ends. Before its deliveries, never after them."""
    column = tables.subscriptions.c.subscription_id
    await connection.execute(select(column).where(column == subscription_id).with_for_update())


async def set_subscription_state(
    connection: AsyncConnection, subscription_id: str, state: SubscriptionState, reason: str | None = None
) -> bool:
    """False if there is no such subscription."""
    result = await connection.execute(
        update(tables.subscriptions)
        .where(tables.subscriptions.c.subscription_id == subscription_id)
        .values(state=state, reason=reason)
    )
    return result.rowcount == 1


async def remove_subscription(connection: AsyncConnection, subscription_id: str) -> bool:
    """Remove it with its deliveries. False if there is no such subscription."""
    # its row first, then its deliveries: as everybody else does who locks both
    result = await connection.execute(
        delete(tables.subscriptions).where(tables.subscriptions.c.subscription_id == subscription_id)
    )
    await connection.execute(delete(tables.deliveries).where(tables.deliveries.c.subscription_id == subscription_id))
    return result.rowcount == 1


async def draw_sequences(connection: AsyncConnection, counts: Mapping[str, int]) -> dict[str, int]:
    """For each subscription the first of `count` sequence numbers, gapless in commit order.

    None for one that is active no more: somebody has paused or removed it in the meantime.
    """
    column = tables.subscriptions.c
    first = {}
    for subscription_id, count in sorted(counts.items()):
        drawn = await connection.execute(
            update(tables.subscriptions)
            .where(column.subscription_id == subscription_id, column.state == SubscriptionState.ACTIVE)
            .values(last_sequence=column.last_sequence + count)
            .returning(column.last_sequence)
        )
        last = drawn.scalar_one_or_none()
        if last is not None:
            first[subscription_id] = last - count + 1
    return first
