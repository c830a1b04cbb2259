"""The log: topics, messages, committed offsets."""

import sqlalchemy as sa
from alembic import op

from shared.database.types import Json, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "bus_topics",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("next_offset", sa.Integer, nullable=False),
    )
    op.create_table(
        "bus_messages",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("offset", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("appended_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "bus_committed",
        sa.Column("consumer_group", sa.String, primary_key=True),
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("next_offset", sa.Integer, nullable=False),
    )
