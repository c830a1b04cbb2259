"""All three services wired into one application on one SQLite file."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI

import services.alerts.tables
import services.fetcher.tables
import shared.bus.tables
from services.alerts.settings import AlertsSettings
from services.alerts.wiring import NEEDED_TOPICS as ALERTS_TOPICS
from services.alerts.wiring import build_alerts
from services.extractor.settings import ExtractorSettings
from services.extractor.wiring import NEEDED_TOPICS as EXTRACTOR_TOPICS
from services.extractor.wiring import build_extractor
from services.fetcher.settings import FetcherSettings
from services.fetcher.wiring import build_fetcher
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from shared.events.topics import TOPICS
from shared.http.auth import fingerprint, make_key, read_fingerprint, require_key
from shared.http.health import health_router
from shared.http.problems import describe_problems
from shared.http.safe_client import SafeClient
from shared.http.service import Service
from shared.http.status_page import render_status
from shared.ops.clock import utc_now
from shared.ops.lifecycle import Loop
from shared.ops.metrics import Metrics
from shared.ops.periodic import every
from shared.ops.settings import CommonSettings
from shared.version import vedette_version

HISTORIES = (services.fetcher.tables.HISTORY, services.alerts.tables.HISTORY, shared.bus.tables.HISTORY)
EVERY_TOPIC = tuple(dict.fromkeys((*TOPICS, *EXTRACTOR_TOPICS, *ALERTS_TOPICS)))

KEY_FILE = "admin_key.sha256"

KEEP_MESSAGES = timedelta(days=30)
PRUNE_EVERY_SECONDS = 6 * 3600


@dataclass(frozen=True)
class ServiceSettings:
    """The settings of the three services; whatever is not given is read from the environment."""

    fetcher: FetcherSettings = field(default_factory=FetcherSettings)
    extractor: ExtractorSettings = field(default_factory=ExtractorSettings)
    alerts: AlertsSettings = field(default_factory=AlertsSettings)


@dataclass(frozen=True)
class Application:
    """The wired application. `inner_key` is known to this process only; `database` and `bus` are for its own loops."""

    app: FastAPI
    services: Sequence[Service]
    bus: SqliteLogBus
    inner_key: str

    @property
    def loops(self) -> dict[str, Loop]:
        loops = {f"{service.name}.{name}": loop for service in self.services for name, loop in service.loops.items()}
        return loops | {"bus.prune": every(PRUNE_EVERY_SECONDS, "bus.prune", self._prune)}

    async def _prune(self) -> None:
        for topic in TOPICS:
            await self.bus.prune(topic, utc_now() - KEEP_MESSAGES)


async def migrate_all(settings: CommonSettings) -> list[str]:
    """Create or upgrade tables and topics. Returns what was done, a line each."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    try:
        return await _migrate(database)
    finally:
        await database.close()


async def _migrate(database: Database) -> list[str]:
    applied = await migrate(database, HISTORIES)
    created = await SqliteLogBus(database, utc_now).create_topics(EVERY_TOPIC)
    tables = [
        f"tables {prefix}_*: migration {revision}" for prefix, revisions in applied.items() for revision in revisions
    ]
    return tables + [f"topic {topic}: created" for topic in created]


@asynccontextmanager
async def open_application(
    settings: CommonSettings, of_services: ServiceSettings | None = None
) -> AsyncIterator[Application]:
    """Migrate, wire everything, and close it again at the end. No loop runs yet."""
    of_services = of_services or ServiceSettings()
    await migrate_all(settings)
    async with AsyncExitStack() as stack:
        database = open_database(settings.database)
        stack.push_async_callback(database.close)
        client = SafeClient(f"Vedette/{vedette_version()} (news monitor)", settings.allow_networks)
        stack.push_async_callback(client.aclose)
        bus = SqliteLogBus(database, utc_now)
        metrics = Metrics()
        inner_key = make_key()
        authorise = require_key(frozenset(_fingerprints(settings, inner_key)))
        wired = [
            build_fetcher(of_services.fetcher, database, bus, client, metrics, utc_now, authorise),
            build_extractor(of_services.extractor, bus, metrics, utc_now),
            build_alerts(of_services.alerts, settings, database, bus, client, metrics, utc_now, authorise),
        ]
        for service in wired:
            stack.push_async_callback(service.close)
        yield Application(_build_app(wired, metrics), wired, bus, inner_key)


def _fingerprints(settings: CommonSettings, inner_key: str) -> list[str]:
    if settings.admin_key is not None:
        given: str | None = fingerprint(settings.admin_key.get_secret_value())
    else:
        given = read_fingerprint(settings.data_dir / KEY_FILE)
    return [fingerprint(inner_key), *([given] if given else [])]


def _build_app(wired: Sequence[Service], metrics: Metrics) -> FastAPI:
    # no /docs: its page would load scripts from a public host
    app = FastAPI(title="Vedette", version=vedette_version(), docs_url=None, redoc_url=None)
    describe_problems(app)

    async def status() -> dict[str, Any]:
        return _present(metrics, [await service.status() for service in wired])

    def status_of(service: Service) -> Callable[[], Any]:
        async def one() -> dict[str, Any]:
            return _present(metrics, [await service.status()])

        return one

    checks = {f"{service.name}.{name}": check for service in wired for name, check in service.checks.items()}
    app.include_router(health_router(checks, status, metrics.registry, render_status))
    for service in wired:
        health = health_router(service.checks, status_of(service), metrics.registry, render_status)
        app.include_router(health, prefix=f"/{service.name}", include_in_schema=False)
        for router in service.routers:
            app.include_router(router)
    return app


def _present(metrics: Metrics, documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One status document of several, with ages instead of moments; brings the gauges up to date."""
    merged: dict[str, Any] = {}
    for document in documents:
        for name, value in document.items():
            merged[name] = merged.get(name, {}) | value if isinstance(value, dict) else value
    now = utc_now()
    oldest: dict[str, datetime | None] = merged.pop("oldest", {})
    ages = {step: max((now - since).total_seconds(), 0.0) for step, since in oldest.items() if since is not None}
    for step, count in merged.get("lag", {}).items():
        metrics.lag.labels(step).set(count)
        metrics.oldest.labels(step).set(ages.get(step, 0.0))
    for group, count in merged.get("dead_letters", {}).items():
        metrics.dead_letters.labels(group).set(count)
    for state, count in merged.get("deliveries", {}).items():
        metrics.deliveries.labels(state).set(count)
    return merged | {"oldest_unprocessed_seconds": round(max(ages.values()), 1) if ages else None}
