"""The JSON that tells one event: the body of a webhook, and what mails, pages and the event list are made from."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.alerts.decide.decide_article import Decision, Earlier
from services.alerts.decide.decide_report import Kind
from services.alerts.decide.reports import Evidence
from shared.events.statements import ArticleReference, Claim


def event_body(decision: Decision, decided_at: datetime, *, late: bool = False) -> dict[str, Any]:
    """The webhook body without `subscription`.

    Only a denial has `also`, only a late event `late`, only a claim heard again after long `unheard_since`.
    """
    data: dict[str, Any] = {
        "kind": decision.kind.value,
        "claim_id": decision.claim_id,
        "thread_id": decision.thread_id,
        "why": decision.why,
        "because": decision.because,
        "claim": claim_document(decision.report.claim),
        "evidence": evidence_document(decision.report.evidence),
        "article": article_document(decision.report.article),
        "earlier": _earlier_document(decision.earlier) if decision.earlier else None,
    }
    if decision.unheard_since is not None:
        data["unheard_since"] = decision.unheard_since.isoformat()
    if decision.kind is Kind.DENIED:
        data["also"] = [_earlier_document(claim) for claim in decision.also]
    if late:
        data["late"] = True
    return {"type": f"claim.{decision.kind.value}", "timestamp": utc_seconds(decided_at), "data": data}


def webhook_body(event: Mapping[str, Any], subscription_id: str, sequence: int, matched: str) -> dict[str, Any]:
    """The event as one subscription gets it."""
    subscription = {"id": subscription_id, "sequence": sequence, "matched": matched}
    return {**event, "data": {**event["data"], "subscription": subscription}}


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same for the same body."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def claim_document(claim: Claim) -> dict[str, Any]:
    """Every slot, in the order of the model."""
    return claim.model_dump(mode="json", by_alias=True)


def evidence_document(evidence: Evidence) -> dict[str, Any]:
    return {
        "text": evidence.text,
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "language": evidence.language,
    }


def article_document(article: ArticleReference) -> dict[str, Any]:
    """`outlet` is the outlet's name; `published` is null if unknown."""
    return {
        "id": article.id,
        "revision": article.revision,
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet.name,
        "published": utc_seconds(article.published) if article.published else None,
    }


def utc_seconds(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _earlier_document(earlier: Earlier) -> dict[str, Any]:
    return {
        "claim_id": earlier.claim_id,
        "claim": claim_document(earlier.claim),
        "difference": earlier.difference,
        "article": article_document(earlier.article),
    }
