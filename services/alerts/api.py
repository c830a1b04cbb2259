"""`/api/v1`: claims, events, subscriptions, deliveries."""

import base64
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.alerts.answers import (
    ClaimHistory,
    ClaimItem,
    DeliveryItem,
    EventItem,
    NewSubscriptionItem,
    SubscriptionItem,
    claim_history,
    claim_item,
    delivery_item,
    event_item,
    new_subscription_item,
    subscription_item,
)
from services.alerts.channels.outcome import InvalidTarget
from services.alerts.match_subscriptions import Filter, side_code
from services.alerts.messages.webhook_body import webhook_body
from services.alerts.repository import claims as claim_queries
from services.alerts.repository import deliveries as delivery_queries
from services.alerts.repository import events as event_queries
from services.alerts.repository import subscriptions as subscription_queries
from services.alerts.repository.subscriptions import Subscription, SubscriptionState
from shared.database.unit_of_work import Database
from shared.events.statements import Stage
from shared.http.auth import Authorise
from shared.http.cursors import PAGE_SIZE, Page, read_cursor, write_cursor
from shared.http.problems import Problem
from shared.http.query import refuse_unknown_parameters
from shared.ops.clock import Clock

CheckTarget = Callable[[str], None]
"""Raises InvalidTarget with a sentence that says what is wrong."""

SECRET_BYTES = 32

Limit = Annotated[int, Query(ge=1, le=1000)]
Position = Annotated[int, Query(ge=0, le=2**63 - 1)]


class NewSubscription(BaseModel):
    """A standing interest and where to tell it."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["webhook", "email"]
    target: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        description="URL of the webhook, or e-mail address"
    )
    mail_language: Literal["en", "de"] = "en"
    filter: Filter = Field(default_factory=Filter)


class SubscriptionChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: Literal["active", "paused"]


def alerts_router(
    database: Database, channels: Mapping[str, CheckTarget], clock: Clock, authorise: Authorise
) -> APIRouter:
    """All endpoints of the alert service. `channels` checks the target of each channel that is set up."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(authorise), Depends(refuse_unknown_parameters)])
    _add_claims(router, database)
    _add_events(router, database)
    _add_subscriptions(router, database, channels, clock)
    _add_deliveries(router, database, clock)
    return router


def _add_claims(router: APIRouter, database: Database) -> None:
    @router.get("/claims")
    async def list_claims(
        actor: Annotated[str, AfterValidator(side_code)] | None = None,
        destination: Annotated[str, AfterValidator(side_code)] | None = None,
        stage: Stage | None = None,
        after: str | None = None,
        limit: Limit = PAGE_SIZE,
    ) -> Page[ClaimItem, str | None]:
        """Claims, last heard first."""
        async with database.reading() as connection:
            rows = await claim_queries.list_claims(
                connection, actor=actor, destination=destination, stage=stage, after=read_cursor(after), limit=limit
            )
            latest = await claim_queries.latest_reports(connection, [row.claim_id for row in rows])
        more = write_cursor(rows[-1].heard_at, rows[-1].claim_id) if len(rows) == limit else None
        return Page(items=[claim_item(row, latest[row.claim_id]) for row in rows], next=more)

    @router.get("/claims/{claim_id}")
    async def get_claim(claim_id: str) -> ClaimHistory:
        """One claim with every report of it, oldest first; superseded ones are marked."""
        async with database.reading() as connection:
            row = await claim_queries.get_claim(connection, claim_id)
            if row is None:
                raise Problem(404, "No such claim", f"There is no claim {claim_id}.")
            reports = await claim_queries.reports_of_claim(connection, claim_id)
        return claim_history(row, reports)


def _add_events(router: APIRouter, database: Database) -> None:
    @router.get("/events")
    async def events_after(after: Position = 0, limit: Limit = PAGE_SIZE) -> Page[EventItem, int]:
        """Events in commit order above the position `after` (0 = all); `next` is the last one given, else `after`."""
        async with database.reading() as connection:
            events = await event_queries.events_after(connection, after, limit)
        items = [event_item(event, event.body) for event in events]
        return Page(items=items, next=events[-1].position if events else after)

    @router.get("/subscriptions/{subscription_id}/events")
    async def subscription_events(
        subscription_id: str, after: Position = 0, limit: Limit = PAGE_SIZE
    ) -> Page[EventItem, int]:
        """What a subscription matched above the sequence `after`, in order and without gaps; `next` as in `events`."""
        async with database.reading() as connection:
            await _existing(connection, subscription_id)
            rows = await delivery_queries.deliveries_after(connection, subscription_id, after, limit)
            events = await event_queries.events_at(connection, [row.position for row in rows])
        items = [
            event_item(
                events[row.position],
                webhook_body(events[row.position].body, subscription_id, row.sequence, row.matched),
            )
            for row in rows
        ]
        return Page(items=items, next=rows[-1].sequence if rows else after)


async def _existing(connection: Any, subscription_id: str) -> Subscription:
    subscription = await subscription_queries.get_subscription(connection, subscription_id)
    if subscription is None:
        raise Problem(404, "No such subscription", f"There is no subscription {subscription_id}.")
    return subscription


def _add_subscriptions(
    router: APIRouter, database: Database, channels: Mapping[str, CheckTarget], clock: Clock
) -> None:
    @router.get("/subscriptions")
    async def list_subscriptions() -> Page[SubscriptionItem, None]:
        async with database.reading() as connection:
            found = await subscription_queries.list_subscriptions(connection)
        return Page(items=[subscription_item(subscription) for subscription in found], next=None)

    @router.post("/subscriptions", status_code=201)
    async def subscribe(wanted: NewSubscription) -> NewSubscriptionItem:
        """Active at once: the operator vouches for it. The secret is shown only here."""
        _check_target(channels, wanted.channel, wanted.target)
        subscription = Subscription(
            subscription_id=str(uuid4()),
            channel=wanted.channel,
            target=wanted.target,
            mail_language=wanted.mail_language,
            secret=make_secret() if wanted.channel == "webhook" else None,
            filter=wanted.filter,
            state=SubscriptionState.ACTIVE,
            reason=None,
            last_sequence=0,
            created_at=clock(),
        )
        async with database.unit_of_work() as connection:
            await subscription_queries.add_subscription(connection, subscription)
        return new_subscription_item(subscription)

    @router.get("/subscriptions/{subscription_id}")
    async def get_subscription(subscription_id: str) -> SubscriptionItem:
        async with database.reading() as connection:
            return subscription_item(await _existing(connection, subscription_id))

    @router.patch("/subscriptions/{subscription_id}")
    async def change_subscription(subscription_id: str, change: SubscriptionChange) -> SubscriptionItem:
        """Pause or resume. A paused subscription matches nothing; what it had matched is sent when it is resumed."""
        async with database.unit_of_work() as connection:
            await _existing(connection, subscription_id)
            await subscription_queries.set_subscription_state(
                connection, subscription_id, SubscriptionState(change.state)
            )
            return subscription_item(await _existing(connection, subscription_id))

    @router.delete("/subscriptions/{subscription_id}", status_code=204)
    async def remove_subscription(subscription_id: str) -> None:
        async with database.unit_of_work() as connection:
            await _existing(connection, subscription_id)
            await subscription_queries.remove_subscription(connection, subscription_id)


def make_secret() -> str:
    """A signing secret in the notation of Standard Webhooks 1.0."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _check_target(channels: Mapping[str, CheckTarget], channel: str, target: str) -> None:
    if channel not in channels:
        detail = "E-mail is not set up: set VEDETTE_SMTP_URL and VEDETTE_MAIL_FROM, then start again."
        raise Problem(422, "Channel not set up", detail)
    try:
        channels[channel](target)
    except InvalidTarget as refusal:
        raise Problem(422, "Invalid target", str(refusal)) from refusal


def _add_deliveries(router: APIRouter, database: Database, clock: Clock) -> None:
    @router.get("/deliveries")
    async def list_deliveries(
        state: delivery_queries.DeliveryState | None = None,
        subscription: str | None = None,
        after: str | None = None,
        limit: Limit = PAGE_SIZE,
    ) -> Page[DeliveryItem, str | None]:
        """Deliveries, newest first."""
        async with database.reading() as connection:
            rows = await delivery_queries.list_deliveries(
                connection, state=state, subscription_id=subscription, before=read_cursor(after), limit=limit
            )
        more = write_cursor(rows[-1].created_at, rows[-1].delivery_id) if len(rows) == limit else None
        return Page(items=[delivery_item(row) for row in rows], next=more)

    @router.get("/subscriptions/{subscription_id}/deliveries")
    async def subscription_deliveries(
        subscription_id: str, after: str | None = None, limit: Limit = PAGE_SIZE
    ) -> Page[DeliveryItem, str | None]:
        """Deliveries of one subscription, newest first."""
        async with database.reading() as connection:
            await _existing(connection, subscription_id)
        return await list_deliveries(None, subscription_id, after, limit)

    @router.post("/deliveries/retry", status_code=202)
    async def retry_all(
        state: Literal["pending", "failed", "dropped"], subscription: str | None = None
    ) -> dict[str, int]:
        """Send all deliveries in this state again now, each under the same id. A paused subscription's wait."""
        async with database.unit_of_work() as connection:
            if subscription is not None:
                await _existing(connection, subscription)
            count = await delivery_queries.retry_all(
                connection, delivery_queries.DeliveryState(state), subscription, clock()
            )
        return {"count": count}

    @router.post("/deliveries/{delivery_id}/retry", status_code=202)
    async def retry(delivery_id: str) -> dict[str, str]:
        """Send again now, under the same id, whatever became of it."""
        async with database.unit_of_work() as connection:
            if not await delivery_queries.retry_now(connection, delivery_id, clock()):
                raise Problem(404, "No such delivery", f"There is no delivery {delivery_id}.")
        return {"id": delivery_id, "state": "pending"}
