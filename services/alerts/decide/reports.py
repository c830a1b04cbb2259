"""The reports of one article revision: its claims with evidence, identity and time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from services.alerts.decide.compare_slots import figure_of, folded, source_key
from services.alerts.decide.state import Figure
from shared.events.identity import identity
from shared.events.statements import ArticleReference, ArticleStatements, Certainty, Claim


@dataclass(frozen=True)
class Evidence:
    """The verbatim sentence; `start` and `end` are code points into the article's title or text."""

    text: str
    field: Literal["title", "text"]
    start: int
    end: int
    language: str | None


@dataclass(frozen=True)
class Report:
    """One troop-deployment assertion of one article revision."""

    report_id: str
    thread_id: str
    article: ArticleReference
    claim: Claim
    evidence: Evidence
    at: datetime
    background: bool

    @cached_property
    def source_key(self) -> str | None:
        return source_key(self.claim.source)

    @cached_property
    def figure(self) -> Figure | None:
        return figure_of(self.claim)

    @property
    def denied(self) -> bool:
        return self.claim.certainty is Certainty.DENIED

    @property
    def event_id(self) -> str:
        return identity("event", self.report_id, self.article.revision)

    @property
    def origin(self) -> str:
        """Where the text comes from: an agency's text, or the same sentence, in forty outlets is one origin."""
        if self.article.agency is not None:
            return identity("origin", "agency", self.article.agency)
        return identity("origin", folded(self.evidence.text))


def reports_of(article: ArticleStatements, renew_after: timedelta | None) -> list[Report]:
    """Every claim of the article as a report, in the order of its statements, which is text order."""
    at = time_of(article.article)
    return [
        Report(
            report_id=report_id(article.article.id, claim),
            thread_id=thread_id(claim),
            article=article.article,
            claim=claim,
            evidence=Evidence(statement.text, statement.field, statement.start, statement.end, article.language),
            at=at,
            background=_is_background(claim, at, renew_after),
        )
        for statement in article.statements
        for claim in statement.claims
    ]


def time_of(article: ArticleReference) -> datetime:
    """When the article spoke. A date in the future is a feed's mistake and must not outlive every later word."""
    fetched = _utc(article.fetched)
    return min(_utc(article.published), fetched) if article.published else fetched


def report_id(article_id: str, claim: Claim) -> str:
    """UUIDv5 of the article and the slots in the order in which the glossary names them."""
    source, when = claim.source, claim.when
    return identity(
        "report",
        article_id,
        claim.actor,
        claim.destination,
        claim.place,
        claim.count_min,
        claim.count_max,
        claim.additional,
        claim.stage.value,
        claim.certainty.value,
        source.name if source else None,
        source.code if source else None,
        when.from_.isoformat() if when and when.from_ else None,
        when.to.isoformat() if when and when.to else None,
    )


def thread_id(claim: Claim) -> str:
    """UUIDv5 of the actor and the destination, or the region where no single country is meant."""
    return identity("thread", claim.actor, claim.destination or claim.place_key)


def _is_background(claim: Claim, at: datetime, renew_after: timedelta | None) -> bool:
    """Dated, and over before the renewal time: history told beside the news."""
    if renew_after is None or claim.when is None or claim.when.to is None:
        return False
    return claim.when.to < moment_before(at, renew_after).date()


def moment_before(at: datetime, span: timedelta) -> datetime:
    """`span` earlier, or the beginning of time, where `replay` puts articles without a date."""
    try:
        return at - span
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
