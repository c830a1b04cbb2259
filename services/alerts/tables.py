"""Tables of the alert service (prefix `alerts_`): the ledger, its events, subscriptions and deliveries."""

from pathlib import Path

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

from shared.database.inbox import inbox_table
from shared.database.migrate import History
from shared.database.types import Json, UtcDateTime

metadata = MetaData()

HISTORY = History("alerts", Path(__file__).parent / "migrations")

inbox = inbox_table(metadata, "alerts")

threads = Table(
    "alerts_threads",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("actor", String),
    Column("destination", String),
    Column("region", String),
    Column("report_order", Integer, nullable=False),
    Index("ix_alerts_threads_actor", "actor"),
    Index("ix_alerts_threads_destination", "destination"),
)

claims = Table(
    "alerts_claims",
    metadata,
    Column("claim_id", String, primary_key=True),
    Column("thread_id", String, nullable=False),
    Column("actor", String),
    Column("destination", String),
    Column("stage", String, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("state", Json, nullable=False),  # services.alerts.decide.state.ClaimState
    Index("ix_alerts_claims_thread", "thread_id"),
    Index("ix_alerts_claims_heard_at", "heard_at"),
)

words = Table(
    "alerts_words",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("word_key", String, primary_key=True),
    Column("word", Json, nullable=False),  # services.alerts.decide.state.Word
)

articles = Table(
    "alerts_articles",
    metadata,
    Column("article_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("record", Json, nullable=False),  # services.alerts.decide.state.ArticleRecord
)

reports = Table(
    "alerts_reports",
    metadata,
    Column("report_id", String, primary_key=True),
    Column("claim_id", String, nullable=False),
    Column("article_id", String, nullable=False),
    Column("revision", Integer, nullable=False),  # the last one that has it
    Column("kind", String, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Json, nullable=False),  # claim, evidence, article as in the webhook
    Index("ix_alerts_reports_claim", "claim_id"),
    Index("ix_alerts_reports_article", "article_id"),
)

counters = Table(
    "alerts_counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

events = Table(
    "alerts_events",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("claim_id", String, nullable=False),
    Column("article_id", String, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("body", Json, nullable=False),  # the webhook body without `subscription`
    Index("ix_alerts_events_claim", "claim_id"),
)

subscriptions = Table(
    "alerts_subscriptions",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("target", String, nullable=False),
    Column("endpoint", String, nullable=False, server_default="mail"),  # Subscription.endpoint
    Column("mail_language", String, nullable=False),
    Column("secret", String),
    Column("filter", Json, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),  # why it is disabled
    Column("last_sequence", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

deliveries = Table(
    "alerts_deliveries",
    metadata,
    Column("delivery_id", String, primary_key=True),
    # deliveries of one sending go out together: one webhook each, one mail for all events of an article
    Column("sending_id", String, nullable=False),
    Column("subscription_id", String, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("matched", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("lease_token", String),
    Column("leased_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("last_error", String),
    Index("ix_alerts_deliveries_created_at", "created_at", "delivery_id"),
    Index("ix_alerts_deliveries_due", "state", "due_at"),
    Index("ix_alerts_deliveries_sending", "sending_id"),
    Index("ix_alerts_deliveries_sequence", "subscription_id", "sequence", unique=True),
)
