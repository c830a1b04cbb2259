"""Tables of the SQLite log (prefix `bus_`)."""

from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table

from shared.database.migrate import History
from shared.database.types import Json, UtcDateTime

metadata = MetaData()

topics = Table(
    "bus_topics",
    metadata,
    Column("topic", String, primary_key=True),
    # kept apart from the messages, so that offsets go on where they were after pruning
    Column("next_offset", Integer, nullable=False),
)

messages = Table(
    "bus_messages",
    metadata,
    Column("topic", String, primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("headers", Json, nullable=False),
    Column("appended_at", UtcDateTime, nullable=False),
)

committed = Table(
    "bus_committed",
    metadata,
    Column("consumer_group", String, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("next_offset", Integer, nullable=False),
)

HISTORY = History("bus", Path(__file__).parent / "migrations")
