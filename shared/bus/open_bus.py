"""The bus that the settings name."""

import re

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import Bus
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock

SCHEME = "kafka://"
SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@?#\[\]]+):(\d{1,5})")


class BusRefused(ValueError):
    """The bus URL is wrong, or does not go with the database; the message says what to set instead."""


def open_bus(url: str, database: Database | None, clock: Clock, instance: str | None = None) -> Bus:
    """Kafka where `url` is `kafka://HOST:PORT,…`; the log in the SQLite file of `database` where it is empty.

    `instance` is this process's own name among its likes, if the operator has given one. A service without a database
    passes None. Connects when first used. Raises BusRefused: state and bus grow together, since a file can be shared
    by no two machines and a table in PostgreSQL is no log.
    """
    if url:
        if database is not None and database.is_sqlite:
            raise BusRefused("Kafka needs PostgreSQL: set VEDETTE_DATABASE_URL=postgresql+asyncpg://…, or no bus")
        return KafkaBus(KafkaSettings(servers=kafka_servers(url), instance=instance or None))
    if database is None or not database.is_sqlite:
        raise BusRefused("PostgreSQL needs Kafka: set VEDETTE_BUS_URL=kafka://HOST:PORT,…, or no database URL")
    return SqliteLogBus(database, clock)


def kafka_servers(url: str) -> tuple[str, ...]:
    """The `HOST:PORT` of a Kafka URL. Raises BusRefused."""
    servers = tuple(url.removeprefix(SCHEME).rstrip("/").split(","))
    for server in servers:
        found = SERVER.fullmatch(server)
        if not url.startswith(SCHEME) or found is None or not 0 < int(found[2]) < 65536:
            raise BusRefused(f"{url!r} is no bus URL: write kafka://HOST:PORT, several servers with commas between")
    return servers
