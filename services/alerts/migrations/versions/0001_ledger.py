"""The ledger, events, subscriptions and deliveries."""

import sqlalchemy as sa
from alembic import op

from shared.database.types import Json, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _ledger()
    _delivery()


def _ledger() -> None:
    op.create_table(
        "alerts_inbox",
        sa.Column("consumer_group", sa.String, primary_key=True),
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Index("ix_alerts_inbox_received_at", "received_at"),
    )
    op.create_table(
        "alerts_threads",
        sa.Column("thread_id", sa.String, primary_key=True),
        sa.Column("actor", sa.String),
        sa.Column("destination", sa.String),
        sa.Column("region", sa.String),
        sa.Column("report_order", sa.Integer, nullable=False),
        sa.Index("ix_alerts_threads_actor", "actor"),
        sa.Index("ix_alerts_threads_destination", "destination"),
    )
    op.create_table(
        "alerts_claims",
        sa.Column("claim_id", sa.String, primary_key=True),
        sa.Column("thread_id", sa.String, nullable=False),
        sa.Column("actor", sa.String),
        sa.Column("destination", sa.String),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.Column("repeated", sa.Integer, nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Index("ix_alerts_claims_thread", "thread_id"),
        sa.Index("ix_alerts_claims_heard_at", "heard_at"),
    )
    op.create_table(
        "alerts_words",
        sa.Column("thread_id", sa.String, primary_key=True),
        sa.Column("word_key", sa.String, primary_key=True),
        sa.Column("word", Json, nullable=False),
    )
    op.create_table(
        "alerts_articles",
        sa.Column("article_id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("record", Json, nullable=False),
    )
    op.create_table(
        "alerts_reports",
        sa.Column("report_id", sa.String, primary_key=True),
        sa.Column("claim_id", sa.String, nullable=False),
        sa.Column("article_id", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("superseded", sa.Boolean, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Index("ix_alerts_reports_claim", "claim_id"),
        sa.Index("ix_alerts_reports_article", "article_id"),
    )
    counters = op.create_table(
        "alerts_counters",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(counters, [{"name": "position", "value": 0}])
    op.create_table(
        "alerts_events",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("claim_id", sa.String, nullable=False),
        sa.Column("article_id", sa.String, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Index("ix_alerts_events_claim", "claim_id"),
    )


def _delivery() -> None:
    op.create_table(
        "alerts_subscriptions",
        sa.Column("subscription_id", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("mail_language", sa.String, nullable=False),
        sa.Column("secret", sa.String),
        sa.Column("filter", Json, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "alerts_deliveries",
        sa.Column("delivery_id", sa.String, primary_key=True),
        sa.Column("sending_id", sa.String, nullable=False),
        sa.Column("subscription_id", sa.String, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("matched", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("lease_token", sa.String),
        sa.Column("leased_until", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("last_error", sa.String),
        sa.Index("ix_alerts_deliveries_due", "state", "due_at"),
        sa.Index("ix_alerts_deliveries_sending", "sending_id"),
        sa.Index("ix_alerts_deliveries_sequence", "subscription_id", "sequence", unique=True),
    )
    op.create_table(
        "alerts_attempts",
        sa.Column("sending_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("detail", sa.String),
        sa.Column("milliseconds", sa.Integer, nullable=False),
    )
