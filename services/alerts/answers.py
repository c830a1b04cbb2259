"""What `/api/v1` answers about claims, events, subscriptions and deliveries; described so in `/openapi.json`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.alerts.decide.verdict import Kind
from services.alerts.match_subscriptions import Filter
from services.alerts.messages.webhook_body import EventBody, ReportBody
from services.alerts.repository.claims import standing_report
from services.alerts.repository.deliveries import DeliveryState
from services.alerts.repository.events import Event
from services.alerts.repository.subscriptions import Subscription, SubscriptionState
from shared.events.statements import Claim


class ClaimItem(BaseModel):
    """One claim. `claim` is what stands of it now; where all its reports were taken back, what it was opened with."""

    claim_id: str
    thread_id: str
    claim: Claim
    stands: bool
    first_heard: datetime
    last_heard: datetime
    repeated: int
    sources: tuple[str, ...]
    denied_by: tuple[str, ...]
    outlets: tuple[str, ...]
    families: tuple[str, ...]
    origins: int


class ReportItem(ReportBody):
    """A report of a claim; `superseded` if an edit took it back."""

    report_id: str
    at: datetime
    kind: Kind
    revision: int
    superseded: bool


class ClaimHistory(ClaimItem):
    reports: tuple[ReportItem, ...]


class EventItem(EventBody):
    """A webhook's body, plus the event's id and its place in commit order."""

    id: str
    position: int


class SubscriptionItem(BaseModel):
    id: str
    channel: str
    target: str
    mail_language: str
    filter: Filter
    state: SubscriptionState
    reason: str | None = Field(description="why it is disabled")
    last_sequence: int
    created: datetime


class NewSubscriptionItem(SubscriptionItem):
    secret: str | None = Field(description="signs webhooks; shown here only")


class DeliveryItem(BaseModel):
    """One event for one subscription, and what became of it."""

    id: str
    subscription: str
    sequence: int
    event: str
    kind: Kind
    matched: str
    state: DeliveryState
    attempts: int
    due: datetime | None
    settled: datetime | None
    error: str | None


def claim_item(row: Any, reports: Iterable[Any]) -> ClaimItem:
    """`reports` are its latest ones, or all."""
    return ClaimItem.model_validate(_claim(row, reports))


def claim_history(row: Any, reports: Sequence[Any]) -> ClaimHistory:
    listed = [
        {
            "report_id": report.report_id,
            "at": report.at,
            "kind": report.kind,
            "revision": report.revision,
            "superseded": report.superseded,
            **report.body,
        }
        for report in reports
    ]
    return ClaimHistory.model_validate(_claim(row, reports) | {"reports": listed})


def _claim(row: Any, reports: Iterable[Any]) -> dict[str, Any]:
    state = row.state
    now = standing_report(reports, state["affirmed"])
    sides = {slot: state["claim"][slot] for slot in ("actor", "destination")}  # a report may leave one to be guessed
    return {
        "claim_id": row.claim_id,
        "thread_id": row.thread_id,
        "claim": now.body["claim"] | sides if now else state["claim"],
        "stands": now is not None,
        "first_heard": state["opened_at"],
        "last_heard": row.heard_at,
        "repeated": row.repeated,
        "sources": state["sources"],
        "denied_by": state["denied_by"],
        "outlets": state["outlets"],
        "families": state["families"],
        "origins": len(state["origins"]),
    }


def event_item(event: Event, body: Mapping[str, Any]) -> EventItem:
    return EventItem.model_validate({"id": event.event_id, "position": event.position, **body})


def subscription_item(subscription: Subscription) -> SubscriptionItem:
    return SubscriptionItem.model_validate(_subscription(subscription))


def new_subscription_item(subscription: Subscription) -> NewSubscriptionItem:
    return NewSubscriptionItem.model_validate(_subscription(subscription) | {"secret": subscription.secret})


def _subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": subscription.subscription_id,
        "channel": subscription.channel,
        "target": subscription.target,
        "mail_language": subscription.mail_language,
        "filter": subscription.filter,
        "state": subscription.state,
        "reason": subscription.reason,
        "last_sequence": subscription.last_sequence,
        "created": subscription.created_at,
    }


def delivery_item(row: Any) -> DeliveryItem:
    return DeliveryItem(
        id=row.delivery_id,
        subscription=row.subscription_id,
        sequence=row.sequence,
        event=row.event_id,
        kind=row.kind,
        matched=row.matched,
        state=row.state,
        attempts=row.attempts,
        due=row.due_at if row.state == DeliveryState.PENDING else None,
        settled=row.settled_at,
        error=row.last_error,
    )
