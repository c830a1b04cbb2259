"""Tables of all services and topics of the bus, made or brought up to date."""

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from services.alerts.wiring import NEEDED_TOPICS as ALERTS_TOPICS
from services.extractor.wiring import NEEDED_TOPICS as EXTRACTOR_TOPICS
from services.one_process.private_files import make_data_dir, make_database_file
from shared.bus.open_bus import open_bus
from shared.database.migrate import History, copy_before_upgrade, has_tables, migrate, verify_schema
from shared.database.unit_of_work import open_database
from shared.events.topics import DEAD_LETTER_SUFFIX, TOPICS
from shared.ops.clock import utc_now
from shared.ops.settings import CommonSettings

HISTORIES = (services.fetcher.tables.HISTORY, services.alerts.tables.HISTORY)
EVERY_TOPIC = tuple(dict.fromkeys((*TOPICS, *EXTRACTOR_TOPICS, *ALERTS_TOPICS)))
DEAD_LETTER_TOPICS = tuple(topic for topic in EVERY_TOPIC if topic.endswith(DEAD_LETTER_SUFFIX))


async def migrate_all(settings: CommonSettings) -> list[str]:
    """Create or upgrade tables and topics. Returns what was done, a line each.

    On SQLite only whoever holds the data directory's serving lock may do that: a running service of an older version
    would find tables that it does not know. Raises BusRefused, Unavailable, OSError, and SchemaOutdated for tables of a
    newer version.
    """
    if settings.is_embedded:
        _make_file(settings)
    histories = _histories(settings)
    database = open_database(settings.database, statement_seconds=None)
    try:
        bus = open_bus(settings.bus_url, database, utc_now)
        try:
            copy = await copy_before_upgrade(database, histories)
            applied = await migrate(database, histories)
            created = await bus.create_topics(EVERY_TOPIC)
        finally:
            await bus.close()
    finally:
        await database.close()
    done = [f"{copy}: the data as they were before"] if copy else []
    done += [
        f"tables {prefix}_*: migration {revision}" for prefix, revisions in applied.items() for revision in revisions
    ]
    return done + [f"topic {topic}: created" for topic in created]


async def prepare_file(settings: CommonSettings) -> None:
    """Make the database file of a new data directory. Raises SchemaOutdated where one of another version is there, and
    what `migrate_all` raises."""
    _make_file(settings)
    database = open_database(settings.database)
    try:
        is_new = not await has_tables(database, _histories(settings))
        if not is_new:
            await verify_schema(database, _histories(settings))
    finally:
        await database.close()
    if is_new:
        await migrate_all(settings)


def _make_file(settings: CommonSettings) -> None:
    make_data_dir(settings.data_dir)
    make_database_file(settings.database)


def _histories(settings: CommonSettings) -> tuple[History, ...]:
    return (*HISTORIES, *((shared.bus.tables.HISTORY,) if settings.is_embedded else ()))
