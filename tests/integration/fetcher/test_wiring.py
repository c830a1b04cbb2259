"""What is wired so that two fetchers on one database do the work of one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

from sqlalchemy import select

from services.fetcher import tables
from services.fetcher.opml import FeedOutline
from services.fetcher.repository import add_feeds
from services.fetcher.settings import FetcherSettings
from services.fetcher.wiring import build_fetcher
from shared.bus.port import Bus
from shared.database.unit_of_work import Database
from shared.http.auth import RequireKey
from shared.http.safe_client import SafeClient
from shared.ops.clock import utc_now
from shared.ops.lifecycle import run_loops
from shared.ops.metrics import Metrics
from tests.fakes.buses import sqlite_bus
from tests.fakes.site import Item, Site, running_site

SETTINGS = FetcherSettings(min_poll_seconds=0.2, max_poll_seconds=0.3, host_spacing_seconds=0, starter_feeds=False)


@asynccontextmanager
async def fetcher(name: str, database: Database, bus: Bus) -> AsyncIterator[None]:
    """A fetcher at work that gives this name to the sites it asks."""
    client = SafeClient(name, (ip_network("127.0.0.0/8"),))
    service = build_fetcher(SETTINGS, database, bus, client, Metrics(), utc_now, RequireKey(frozenset()))
    stop = asyncio.Event()
    running = asyncio.create_task(run_loops(service.loops, stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await service.close()
        await client.aclose()


def polls(site: Site, name: str) -> int:
    return sum(f"User-Agent: {name}\r\n".encode() in request for request in site.requests("/feed.xml"))


async def test_of_two_fetchers_one_polls_until_it_ends(standby_database: Database, tmp_path: Path) -> None:
    async with running_site() as site, sqlite_bus(tmp_path) as bus:
        site.feed(Item(guid="g", content="A text."))
        async with standby_database.unit_of_work() as connection:
            await add_feeds(connection, [FeedOutline(site.url("/feed.xml"))], utc_now())

        async def polled(name: str, times: int) -> None:
            async with asyncio.timeout(30):
                while polls(site, name) < times:
                    await asyncio.sleep(0.01)

        async with fetcher("first", standby_database, bus.bus):
            await polled("first", 1)
            async with fetcher("second", standby_database, bus.bus):
                await polled("first", 5)
                assert polls(site, "second") == 0
                async with standby_database.reading() as connection:
                    held = set(await connection.scalars(select(tables.leases.c.name)))
                assert {"polls", "pages"} <= held
        async with fetcher("second", standby_database, bus.bus):
            await polled("second", 1)
