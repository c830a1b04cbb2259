"""What every feed format is reduced to."""

from dataclasses import dataclass
from datetime import datetime


class FeedError(Exception):
    """The document cannot be used as a feed; the message is one clear sentence saying what the server sent."""


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One item. Texts are plain text with paragraphs on lines of their own; None where the feed says nothing.

    `content` is what the feed offers as the full text (`content:encoded`, Atom content), `summary` its teaser.
    `content_ends_in_link`: the content closes with a link, as read-more links do.
    """

    guid: str | None
    link: str | None
    title: str | None
    content: str | None
    summary: str | None
    published: datetime | None
    content_ends_in_link: str | None = None
    language: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document. `ttl_seconds` is what the publisher asks for; `entries` stand in document order.

    `damage` says in one sentence what is wrong with a document that could be read all the same, `complete` is False
    where its end is missing.
    """

    title: str | None
    homepage: str | None
    language: str | None
    ttl_seconds: int | None
    entries: tuple[ParsedEntry, ...]
    damage: str | None = None
    complete: bool = True
