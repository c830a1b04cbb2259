"""Constructs the fetcher."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from services.fetcher import repository, tables
from services.fetcher.api import fetcher_router, public_document
from services.fetcher.credited_agency import load_agencies
from services.fetcher.fetch_article_text import PageReader
from services.fetcher.host_gates import HostGates
from services.fetcher.opml import read_opml
from services.fetcher.poll_due_feeds import FeedPoller
from services.fetcher.poll_feed import Tools
from services.fetcher.refetch_pages import PageRefetcher
from services.fetcher.settings import FetcherSettings
from services.fetcher.store_articles import ArticleStore, PageChecks
from shared.bus.outbox_relay import OutboxRelay, OutboxTables
from shared.bus.port import Bus
from shared.database.migrate import verify_schema
from shared.database.outbox import outbox_backlog
from shared.database.standby import one_at_a_time
from shared.database.unit_of_work import Database
from shared.events.topics import ARTICLES
from shared.http.auth import Authorise
from shared.http.safe_client import SafeClient
from shared.http.service import Service
from shared.ops.clock import Clock
from shared.ops.lifecycle import Loop
from shared.ops.metrics import Metrics
from shared.ops.periodic import every
from shared.ops.process_pool import ProcessPool
from shared.ops.waiting import once_available

log = structlog.get_logger()

NEEDED_TOPICS = (ARTICLES,)
STARTER_FEEDS = Path(__file__).parents[2] / "deploy" / "feeds.opml"
PRUNE_EVERY_SECONDS = 6 * 3600


def build_fetcher(
    settings: FetcherSettings,
    database: Database,
    bus: Bus,
    client: SafeClient,
    metrics: Metrics,
    clock: Clock,
    authorise: Authorise,
) -> Service:
    """The fetcher: loops that poll feeds, look at pages again and relay the outbox; its API."""
    pool = ProcessPool(settings.fetcher_workers, settings.fetcher_deadline_seconds)
    gates = HostGates(settings.host_spacing_seconds)
    reader = PageReader(client, gates, pool.run)
    relay = OutboxRelay(database, OutboxTables(tables.outbox, tables.leases), bus, clock)
    checks = PageChecks(timedelta(seconds=settings.min_poll_seconds))
    store = ArticleStore(database, clock, relay.wake, checks, load_agencies())
    tools = Tools(
        database, client, gates, reader, store, pool.run, settings.bounds, clock, random.random, metrics
    )  # fmt: skip
    poller = FeedPoller(tools, settings.polls_at_once)
    refetcher = PageRefetcher(database, reader, store, clock, metrics)

    async def prune() -> None:
        async with database.unit_of_work() as connection:
            await repository.prune_texts(connection, clock() - settings.keep_texts)

    async def check_bus() -> None:
        await bus.check(NEEDED_TOPICS)

    async def check_migrations() -> None:
        await verify_schema(database, [tables.HISTORY])

    async def close() -> None:
        pool.close()

    def alone(name: str, loop: Loop) -> Loop:
        return one_at_a_time(database, tables.leases, name, clock, loop)

    loops = {
        "poll": alone("polls", _after(lambda: add_starter_feeds(settings, database, clock), poller.run)),
        "pages": alone("pages", refetcher.run),
        "relay": relay.run,
        "prune": every(PRUNE_EVERY_SECONDS, "fetcher.prune", prune),
    }
    return Service(
        "fetcher",
        loops,
        {"database": database.check, "bus": check_bus, "migrations": check_migrations},
        lambda: read_status(database),
        close,
        [fetcher_router(database, clock, poller.wake.set, authorise)],
    )


async def add_starter_feeds(settings: FetcherSettings, database: Database, clock: Clock) -> None:
    """An empty data directory gets the starter feeds, if they are wanted."""
    if not settings.starter_feeds:
        return
    if not STARTER_FEEDS.exists():
        log.warning("no_starter_feeds", missing=str(STARTER_FEEDS))
        return
    async with database.unit_of_work() as connection:
        if await repository.is_empty(connection):
            await repository.add_feeds(connection, read_opml(STARTER_FEEDS.read_bytes()), clock())


async def read_status(database: Database) -> dict[str, Any]:
    """What operators see of the fetcher."""
    async with database.reading() as connection:
        owed, oldest = await outbox_backlog(connection, tables.outbox)
        feeds = await repository.list_feeds(connection)
    return {
        "feeds": [public_document(feed) for feed in feeds],
        "lag": {"relay": owed},
        "oldest": {"relay": oldest},
    }


def _after(first: Callable[[], Awaitable[None]], loop: Loop) -> Loop:
    async def run(stop: asyncio.Event) -> None:
        await once_available(first, stop)
        await loop(stop)

    return run
