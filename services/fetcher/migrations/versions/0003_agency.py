"""The news agency that an article credits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("fetcher_articles", sa.Column("agency", sa.String))
