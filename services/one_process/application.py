"""The services of one process, wired into one application: all three, or one of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any, assert_never

from fastapi import FastAPI

from services.alerts.settings import AlertsSettings
from services.alerts.wiring import build_alerts
from services.extractor.settings import ExtractorSettings
from services.extractor.wiring import build_extractor
from services.fetcher.api import LONG_BODIES
from services.fetcher.settings import FetcherSettings
from services.fetcher.wiring import build_fetcher
from services.one_process.dead_letters_api import dead_letters_router
from services.one_process.migrate_all import DEAD_LETTER_TOPICS, prepare_file
from services.one_process.present_status import present_status
from shared.bus.open_bus import open_bus
from shared.bus.port import Bus
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.unit_of_work import Database, open_database
from shared.events.topics import TOPICS
from shared.http.auth import Authorise, RequireKey, fingerprint, make_key, read_fingerprint
from shared.http.gate import Gate
from shared.http.health import health_router
from shared.http.problems import PROBLEM_RESPONSES, describe_problems
from shared.http.safe_client import SafeClient
from shared.http.service import Service
from shared.http.status_page import render_status
from shared.ops.clock import utc_now
from shared.ops.lifecycle import Loop
from shared.ops.metrics import Metrics
from shared.ops.periodic import every
from shared.ops.settings import CommonSettings
from shared.version import vedette_version

KEY_FILE = "admin_key.sha256"

KEEP_MESSAGES = timedelta(days=30)
KEEP_DEAD_LETTERS = timedelta(days=90)
"""Both as on Kafka (shared.bus.kafka.settings)."""

PRUNE_EVERY_SECONDS = 6 * 3600


class ServiceName(StrEnum):
    FETCHER = "fetcher"
    EXTRACTOR = "extractor"
    ALERTS = "alerts"


EVERY_SERVICE = tuple(ServiceName)


@dataclass(frozen=True)
class ServiceSettings:
    """The settings of the three services; whatever is not given is read from the environment."""

    fetcher: FetcherSettings = field(default_factory=FetcherSettings)
    extractor: ExtractorSettings = field(default_factory=ExtractorSettings)
    alerts: AlertsSettings = field(default_factory=AlertsSettings)


@dataclass(frozen=True)
class Application:
    """The wired application. `inner_key` is known to this process only."""

    app: FastAPI
    services: Sequence[Service]
    database: Database
    bus: Bus
    inner_key: str

    @property
    def loops(self) -> dict[str, Loop]:
        loops = {f"{service.name}.{name}": loop for service in self.services for name, loop in service.loops.items()}
        if isinstance(self.bus, SqliteLogBus):
            loops["bus.prune"] = every(PRUNE_EVERY_SECONDS, "bus.prune", partial(prune, self.bus))
        return loops

    async def verify(self, *checks: str) -> None:
        """Raises what the first failing check raises; all checks unless some are named."""
        for service in self.services:
            for name, check in service.checks.items():
                if not checks or name in checks:
                    await check()


async def prune(log: SqliteLogBus) -> None:
    """What Kafka does by itself: messages expire."""
    for topic in TOPICS:
        await log.prune(topic, utc_now() - KEEP_MESSAGES)
    for topic in DEAD_LETTER_TOPICS:
        await log.expire(topic, utc_now() - KEEP_DEAD_LETTERS)


@asynccontextmanager
async def open_application(
    settings: CommonSettings,
    of_services: ServiceSettings | None = None,
    names: Sequence[ServiceName] = EVERY_SERVICE,
) -> AsyncIterator[Application]:
    """Wire the services, and close everything again at the end. No loop runs yet.

    A new data directory gets its database file; whatever is older is for `serve` and `vedette migrate` to bring up to
    date. Raises BusRefused, and SchemaOutdated for a file of another version.
    """
    if settings.is_embedded:
        await prepare_file(settings)
    async with AsyncExitStack() as stack:
        database = open_database(settings.database)
        stack.push_async_callback(database.close)
        bus = open_bus(settings.bus_url, _beside_bus(settings, names, database), utc_now, settings.instance)
        stack.push_async_callback(bus.close)
        client = SafeClient(f"Vedette/{vedette_version()} (news monitor)", settings.allow_networks)
        stack.push_async_callback(client.aclose)
        inner_key = make_key()
        authorise = RequireKey(frozenset(_fingerprints(settings, inner_key)))
        parts = _Parts(settings, of_services or ServiceSettings(), database, bus, client, Metrics(), authorise)
        wired = []
        for name in names:
            wired.append(parts.build(name))
            stack.push_async_callback(wired[-1].close)
        yield Application(_build_app(wired, bus, parts.metrics, authorise), wired, database, bus, inner_key)


def _beside_bus(settings: CommonSettings, names: Sequence[ServiceName], database: Database) -> Database | None:
    """The database that must go with the bus; none for an extractor on Kafka, which never connects to one."""
    return None if settings.bus_url and tuple(names) == (ServiceName.EXTRACTOR,) else database


@dataclass(frozen=True)
class _Parts:
    """What services are made of."""

    settings: CommonSettings
    of_services: ServiceSettings
    database: Database
    bus: Bus
    client: SafeClient
    metrics: Metrics
    authorise: Authorise

    def build(self, name: ServiceName) -> Service:
        own = self.of_services
        match name:
            case ServiceName.FETCHER:
                return build_fetcher(
                    own.fetcher, self.database, self.bus, self.client, self.metrics, utc_now, self.authorise
                )
            case ServiceName.EXTRACTOR:
                return build_extractor(own.extractor, self.bus, self.metrics, utc_now)
            case ServiceName.ALERTS:
                return build_alerts(
                    own.alerts,
                    self.settings,
                    self.database,
                    self.bus,
                    self.client,
                    self.metrics,
                    utc_now,
                    self.authorise,
                )
        assert_never(name)


def _fingerprints(settings: CommonSettings, inner_key: str) -> list[str]:
    if settings.admin_key is not None:
        given: str | None = fingerprint(settings.admin_key.get_secret_value())
    else:
        given = read_fingerprint(settings.data_dir / KEY_FILE)
    return [fingerprint(inner_key), *([given] if given else [])]


def _build_app(wired: Sequence[Service], bus: Bus, metrics: Metrics, authorise: Authorise) -> FastAPI:
    # no /docs: its page would load scripts from a public host
    app = FastAPI(
        title="Vedette", version=vedette_version(), docs_url=None, redoc_url=None, responses=PROBLEM_RESPONSES
    )
    describe_problems(app)
    app.add_middleware(Gate, authorise=authorise, longer=LONG_BODIES)

    def status_of(some: Sequence[Service]) -> Callable[[], Any]:
        async def status() -> dict[str, Any]:
            return present_status(metrics, [await service.status() for service in some], utc_now)

        return status

    checks = {f"{service.name}.{name}": check for service in wired for name, check in service.checks.items()}
    app.include_router(health_router(checks, status_of(wired), metrics, render_status))
    for service in wired:
        health = health_router(service.checks, status_of([service]), metrics, render_status)
        app.include_router(health, prefix=f"/{service.name}", include_in_schema=False)
        for router in service.routers:
            app.include_router(router)
    if any(service.routers for service in wired):
        app.include_router(dead_letters_router(bus, authorise))
    return app
