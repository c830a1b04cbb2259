"""Feeds, their entries, the articles, the outbox."""

import sqlalchemy as sa
from alembic import op

from shared.database.types import BigId, Json, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_feeds()
    op.create_table(
        "fetcher_entries",
        sa.Column("feed_id", BigId, sa.ForeignKey("fetcher_feeds.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("article_id", sa.String, nullable=False),
        sa.Column("content_hash", sa.String, nullable=False),
        sa.Column("arrived", UtcDateTime, nullable=False),
    )
    _create_articles()
    op.create_table(
        "fetcher_outbox",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )


def _create_feeds() -> None:
    op.create_table(
        "fetcher_feeds",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("url", sa.String, nullable=False, unique=True),
        sa.Column("fetch_url", sa.String, nullable=False),
        sa.Column("outlet", sa.String),
        sa.Column("homepage", sa.String),
        sa.Column("language", sa.String),
        sa.Column("family", sa.String),
        sa.Column("country", sa.String),
        sa.Column("title", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("notice", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.String),
        sa.Column("ttl_seconds", sa.Integer),
        sa.Column("last_fetched", UtcDateTime),
        sa.Column("next_due", UtcDateTime, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("moved_to", sa.String),
        sa.Column("moved_polls", sa.Integer, nullable=False),
        sa.Column("added_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_fetcher_feeds_next_due", "fetcher_feeds", ["next_due"])


def _create_articles() -> None:
    op.create_table(
        "fetcher_articles",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sentences_hash", sa.String, nullable=False),
        sa.Column("home_feed_id", BigId, sa.ForeignKey("fetcher_feeds.id", ondelete="SET NULL")),
        sa.Column("feed_url", sa.String, nullable=False),
        sa.Column("url", sa.String),
        sa.Column("outlet", Json, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("truncated", sa.Boolean, nullable=False),
        sa.Column("text_source", sa.String, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("published", UtcDateTime),
        sa.Column("first_fetched", UtcDateTime, nullable=False),
        sa.Column("fetched", UtcDateTime, nullable=False),
        sa.Column("page_due", UtcDateTime),
    )
    op.create_index("ix_fetcher_articles_page_due", "fetcher_articles", ["page_due"])
    op.create_index("ix_fetcher_articles_fetched", "fetcher_articles", ["fetched"])
    op.create_index("ix_fetcher_articles_home_feed_id", "fetcher_articles", ["home_feed_id"])
