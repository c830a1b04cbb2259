"""Who of several fetchers polls, looks at pages again and relays the outbox."""

import sqlalchemy as sa
from alembic import op

from shared.database.types import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "fetcher_leases",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("held_until", UtcDateTime, nullable=False),
    )
