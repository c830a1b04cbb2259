"""Whom each subscription's deliveries share a place with; deliveries by age; a table that nobody read."""

import httpx
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

subscriptions = sa.table(
    "alerts_subscriptions",
    sa.column("subscription_id", sa.String),
    sa.column("channel", sa.String),
    sa.column("target", sa.String),
    sa.column("endpoint", sa.String),
)


def upgrade() -> None:
    op.add_column("alerts_subscriptions", sa.Column("endpoint", sa.String, nullable=False, server_default="mail"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(subscriptions).where(subscriptions.c.channel == "webhook")).all():
        connection.execute(
            sa.update(subscriptions)
            .where(subscriptions.c.subscription_id == row.subscription_id)
            .values(endpoint=httpx.URL(row.target).netloc.decode("ascii"))
        )
    op.create_index("ix_alerts_deliveries_created_at", "alerts_deliveries", ["created_at", "delivery_id"])
    op.drop_table("alerts_attempts")
