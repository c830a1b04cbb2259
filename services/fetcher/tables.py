"""Tables of the fetcher (prefix `fetcher_`)."""

from pathlib import Path

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from shared.database.lease import lease_table
from shared.database.migrate import History
from shared.database.outbox import outbox_table
from shared.database.types import BigId, Json, UtcDateTime

metadata = MetaData()

feeds = Table(
    "fetcher_feeds",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("url", String, nullable=False, unique=True),  # as given; ids of articles without a link hang on it
    Column("fetch_url", String, nullable=False),  # where permanent redirects have moved it
    Column("outlet", String),
    Column("homepage", String),
    Column("language", String),
    Column("family", String),
    Column("country", String),
    Column("title", String),
    Column("state", String, nullable=False),
    Column("error", Text),  # why the last poll failed
    Column("notice", Text),  # what the last document lacked
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String),
    Column("ttl_seconds", Integer),
    Column("last_fetched", UtcDateTime),
    Column("next_due", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("moved_to", String),
    Column("moved_polls", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_fetcher_feeds_next_due", "next_due"),
)

entries = Table(
    "fetcher_entries",
    metadata,
    Column("feed_id", BigId, ForeignKey("fetcher_feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("article_id", String, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("arrived", UtcDateTime, nullable=False),  # published, else first seen: what the arrival rate counts
)

articles = Table(
    "fetcher_articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("sentences_hash", String, nullable=False),
    # the feed whose edits make revisions; without it (feed removed) the next one that brings the article takes over
    Column("home_feed_id", BigId, ForeignKey("fetcher_feeds.id", ondelete="SET NULL")),
    Column("feed_url", String, nullable=False),
    Column("url", String),
    Column("outlet", Json, nullable=False),
    Column("agency", String),
    Column("title", Text),
    Column("text", Text),  # null once the time to keep texts is over
    Column("truncated", Boolean, nullable=False),
    Column("text_source", String, nullable=False),
    Column("language", String),
    Column("published", UtcDateTime),
    Column("first_fetched", UtcDateTime, nullable=False),
    Column("fetched", UtcDateTime, nullable=False),
    Column("page_due", UtcDateTime),
    Index("ix_fetcher_articles_page_due", "page_due"),
    Index("ix_fetcher_articles_fetched", "fetched"),
    Index("ix_fetcher_articles_home_feed_id", "home_feed_id"),
)

outbox = outbox_table(metadata, "fetcher")

leases = lease_table(metadata, "fetcher")

HISTORY = History("fetcher", Path(__file__).parent / "migrations")
