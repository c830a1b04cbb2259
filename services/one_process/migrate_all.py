"""Tables of all services and topics of the bus, made or brought up to date."""

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from services.alerts.wiring import NEEDED_TOPICS as ALERTS_TOPICS
from services.extractor.wiring import NEEDED_TOPICS as EXTRACTOR_TOPICS
from services.one_process.private_files import make_data_dir, make_database_file
from shared.bus.open_bus import open_bus
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from shared.events.topics import DEAD_LETTER_SUFFIX, TOPICS
from shared.ops.clock import utc_now
from shared.ops.settings import CommonSettings

HISTORIES = (services.fetcher.tables.HISTORY, services.alerts.tables.HISTORY)
EVERY_TOPIC = tuple(dict.fromkeys((*TOPICS, *EXTRACTOR_TOPICS, *ALERTS_TOPICS)))
DEAD_LETTER_TOPICS = tuple(topic for topic in EVERY_TOPIC if topic.endswith(DEAD_LETTER_SUFFIX))


async def migrate_all(settings: CommonSettings) -> list[str]:
    """Create or upgrade tables and topics. Returns what was done, a line each.

    Raises BusRefused, Unavailable, OSError, and SchemaOutdated for tables of a newer version.
    """
    if settings.is_embedded:
        make_data_dir(settings.data_dir)
        make_database_file(settings.database)
    histories = (*HISTORIES, *((shared.bus.tables.HISTORY,) if settings.is_embedded else ()))
    database = open_database(settings.database, statement_seconds=None)
    try:
        bus = open_bus(settings.bus_url, database, utc_now)
        try:
            applied = await migrate(database, histories)
            created = await bus.create_topics(EVERY_TOPIC)
        finally:
            await bus.close()
    finally:
        await database.close()
    tables = [
        f"tables {prefix}_*: migration {revision}" for prefix, revisions in applied.items() for revision in revisions
    ]
    return tables + [f"topic {topic}: created" for topic in created]
