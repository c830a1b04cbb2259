"""What has been claimed so far, as far as a decision needs it.

The state may be loaded partially: the article's record and the threads that `threads_needed` names. Models are
immutable and replaced, so that whoever persists them can store exactly what changed. Nothing here grows with repeated
reports: a claim keeps the figures that opened or revised it, and sets of places, sources, outlets and families; origins
are added with new sources only.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.events.statements import ArticleReference, Claim, Model, Stage


class Figure(NamedTuple):
    """People; an open bound is read as its one figure, so low and high are always there."""

    low: int
    high: int


class Place(Model):
    """A place key and the keys of the regions around it."""

    key: str
    within: tuple[str, ...] = ()


class ClaimState(Model):
    """One claim of a thread. `claim` and `article` are those of the report that opened it."""

    claim_id: str
    thread_id: str
    claim: Claim
    article: ArticleReference
    affirmed: bool
    figures: tuple[Figure, ...] = ()
    places: tuple[Place, ...] = ()
    sources: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    opened_at: datetime
    opened_order: int
    heard_at: datetime
    heard_order: int


class WordKey(NamedTuple):
    stage: Stage
    additional: bool
    source: str
    place: str | None


class Word(Model):
    """What a source said last under one key of a thread, and the last figure it gave there."""

    key: WordKey
    denied: bool
    at: datetime
    order: int
    figure: Figure | None = None
    figure_article: str | None = None


@dataclass
class ThreadState:
    """All claims about one actor and destination (or region). `order` counts its reports: the order of arrival."""

    thread_id: str
    actor: str | None
    destination: str | None
    region: str | None
    order: int = 0
    claims: dict[str, ClaimState] = field(default_factory=dict)
    words: dict[WordKey, Word] = field(default_factory=dict)


class RecordedReport(Model):
    """A report as the article's last recorded revision holds it."""

    report_id: str
    claim_id: str
    thread_id: str
    claim: Claim


class ArticleRecord(Model):
    article_id: str
    revision: int
    reports: tuple[RecordedReport, ...] = ()


@dataclass
class LedgerState:
    """Threads by thread id, articles by article id."""

    threads: dict[str, ThreadState] = field(default_factory=dict)
    articles: dict[str, ArticleRecord] = field(default_factory=dict)
