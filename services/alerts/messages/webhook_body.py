"""The JSON that tells one event: the body of a webhook, and what mails, pages and the event list are made from."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from services.alerts.decide.decide_article import Decision, Earlier
from services.alerts.decide.explain_decision import Because
from services.alerts.decide.reports import Evidence
from services.alerts.decide.verdict import Kind
from shared.events.statements import ArticleReference, Claim

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339 in UTC, whole seconds."""


def _is_none(value: object) -> bool:
    return value is None


class ArticleDocument(BaseModel):
    """Where it was printed: `outlet` is the outlet's name, `published` is null if unknown."""

    id: str
    revision: int
    url: str | None
    title: str | None
    outlet: str
    published: Moment | None


class EarlierDocument(BaseModel):
    """A claim told before, and the difference in words."""

    claim_id: str
    claim: Claim
    difference: str
    article: ArticleDocument


class Matched(BaseModel):
    """What a subscription makes of an event."""

    id: str
    sequence: int
    matched: str


class EventData(BaseModel):
    """Only a denial has `also`, only a late event `late`, only a claim heard again after long `unheard_since`; only
    what a subscription is told `subscription`."""

    kind: Kind
    claim_id: str
    thread_id: str
    why: str
    because: Because | None = None
    claim: Claim
    evidence: Evidence
    article: ArticleDocument
    earlier: EarlierDocument | None
    unheard_since: date | None = Field(default=None, exclude_if=_is_none)
    also: tuple[EarlierDocument, ...] | None = Field(default=None, exclude_if=_is_none)
    late: bool | None = Field(default=None, exclude_if=_is_none)
    subscription: Matched | None = Field(default=None, exclude_if=_is_none)


class EventBody(BaseModel):
    type: str = Field(description='"claim." and the kind')
    timestamp: Moment
    data: EventData


class ReportBody(BaseModel):
    """What is kept of each report of a claim."""

    claim: Claim
    evidence: Evidence
    article: ArticleDocument
    why: str


def event_body(decision: Decision, decided_at: datetime, *, late: bool = False) -> dict[str, Any]:
    """The webhook body without `subscription`."""
    data = EventData(
        kind=decision.kind,
        claim_id=decision.claim_id,
        thread_id=decision.thread_id,
        why=decision.why,
        because=decision.because,
        claim=decision.report.claim,
        evidence=decision.report.evidence,
        article=_article(decision.report.article),
        earlier=_earlier(decision.earlier) if decision.earlier else None,
        unheard_since=decision.unheard_since,
        also=tuple(map(_earlier, decision.also)) if decision.kind is Kind.DENIED else None,
        late=late or None,
    )
    return _document(EventBody(type=f"claim.{decision.kind.value}", timestamp=utc_seconds(decided_at), data=data))


def report_body(decision: Decision) -> dict[str, Any]:
    report = decision.report
    article = _article(report.article)
    return _document(ReportBody(claim=report.claim, evidence=report.evidence, article=article, why=decision.why))


def webhook_body(event: Mapping[str, Any], subscription_id: str, sequence: int, matched: str) -> dict[str, Any]:
    """The event as one subscription gets it."""
    subscription = {"id": subscription_id, "sequence": sequence, "matched": matched}
    return {**event, "data": {**event["data"], "subscription": subscription}}


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same for the same body."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def utc_seconds(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _article(article: ArticleReference) -> ArticleDocument:
    return ArticleDocument(
        id=article.id,
        revision=article.revision,
        url=article.url,
        title=article.title,
        outlet=article.outlet.name,
        published=utc_seconds(article.published) if article.published else None,
    )


def _earlier(earlier: Earlier) -> EarlierDocument:
    return EarlierDocument(
        claim_id=earlier.claim_id,
        claim=earlier.claim,
        difference=earlier.difference,
        article=_article(earlier.article),
    )


def _document(body: BaseModel) -> dict[str, Any]:
    """Every slot, in the order of the model."""
    return body.model_dump(mode="json", by_alias=True)
