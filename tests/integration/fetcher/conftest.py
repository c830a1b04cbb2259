"""The fetcher on a real database, against a site on loopback, with a clock that a test moves."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from services.fetcher import repository, tables
from services.fetcher.credited_agency import load_agencies
from services.fetcher.fetch_article_text import PageReader
from services.fetcher.host_gates import HostGates
from services.fetcher.opml import FeedOutline
from services.fetcher.poll_feed import Outcome, Tools, poll_feed
from services.fetcher.refetch_pages import PageRefetcher
from services.fetcher.repository import Feed
from services.fetcher.schedule import Bounds
from services.fetcher.store_articles import ArticleStore, PageChecks
from shared.database.migrate import migrate
from shared.database.outbox import read_outbox
from shared.database.unit_of_work import Database
from shared.http.safe_client import SafeClient
from shared.ops.metrics import Metrics
from tests.fakes.clock import FakeClock
from tests.fakes.site import Site, running_site

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


async def run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Instead of the process pool: same results, no start-up time."""
    return function(*arguments)


@dataclass
class Fetcher:
    tools: Tools
    clock: FakeClock
    site: Site
    committed: asyncio.Event

    async def add(self, path: str = "/feed.xml", **outline: str) -> Feed:
        async with self.tools.database.unit_of_work() as connection:
            ((feed, _),) = await repository.add_feeds(
                connection, [FeedOutline(self.site.url(path), **outline)], self.clock()
            )
        return feed

    async def feed(self, feed: Feed) -> Feed:
        async with self.tools.database.reading() as connection:
            return (await repository.list_feeds(connection, url=feed.url))[0]

    async def poll(self, feed: Feed) -> Outcome:
        """One poll a minute later."""
        self.clock.advance(timedelta(minutes=1))
        return await poll_feed(self.tools, await self.feed(feed))

    async def published(self) -> list[dict[str, Any]]:
        """All messages owed to the bus, in order."""
        async with self.tools.database.reading() as connection:
            owed = await read_outbox(connection, tables.outbox, 10_000)
        return [json.loads(item.message.value) for item in owed]

    @property
    def refetcher(self) -> PageRefetcher:
        tools = self.tools
        return PageRefetcher(tools.database, tools.reader, tools.store, tools.clock, tools.metrics)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running_site() as running:
        yield running


@pytest.fixture
async def fetcher(empty_database: Database, site: Site) -> AsyncIterator[Fetcher]:
    database = empty_database
    await migrate(database, [tables.HISTORY])
    client = SafeClient("Vedette test", (ip_network("127.0.0.0/8"),))
    clock = FakeClock(NOON)
    gates = HostGates(0)
    reader = PageReader(client, gates, run_here)
    committed = asyncio.Event()
    store = ArticleStore(database, clock, committed, PageChecks(timedelta(minutes=1)), load_agencies())
    bounds = Bounds(60, 86_400)
    tools = Tools(database, client, gates, reader, store, run_here, bounds, clock, lambda: 0.0, Metrics())
    yield Fetcher(tools, clock, site, committed)
    await client.aclose()
