"""The loops and the API of the wired fetcher."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fastapi import FastAPI, Request

from services.fetcher import repository, tables
from services.fetcher.host_gates import HostGates
from services.fetcher.opml import FeedOutline, read_opml, write_opml
from services.fetcher.poll_due_feeds import FeedPoller
from services.fetcher.settings import FetcherSettings
from services.fetcher.wiring import NEEDED_TOPICS, build_fetcher
from shared.bus import tables as bus_tables
from shared.bus.sqlite_log import SqliteLogBus
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from shared.events.topics import ARTICLES
from shared.http.problems import describe_problems
from shared.http.safe_client import SafeClient
from shared.http.service import Service
from shared.ops.clock import utc_now
from shared.ops.lifecycle import run_loops
from shared.ops.metrics import Metrics
from tests.fakes.raw_http_server import raw_server
from tests.fakes.site import Item, Site, running_site
from tests.integration.fetcher.conftest import Fetcher

LONG = "The ferry to the island was late again because of the fog over the sound. " * 10


async def until(condition, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


async def test_a_slow_host_and_a_broken_feed_delay_no_other(fetcher: Fetcher, site: Site):
    async def never(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    site.feed(Item(content=LONG, guid="g"))
    poller = FeedPoller(fetcher.tools, at_once=2)
    async with raw_server(never) as slow, fetcher.tools.database.unit_of_work() as connection:
        await repository.add_feeds(connection, [FeedOutline(slow.url("/feed"))], fetcher.clock() - timedelta(hours=1))
    await fetcher.add()
    stop = asyncio.Event()
    running = asyncio.create_task(poller.run(stop))

    async def published() -> bool:
        return len(await fetcher.published()) == 1

    await until(published, 5)
    stop.set()
    await asyncio.wait_for(running, 2)


async def test_two_feeds_of_one_host_are_never_polled_together(fetcher: Fetcher, site: Site):
    together = most = 0

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.05)
        together -= 1
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    poller = FeedPoller(fetcher.tools, at_once=10)
    async with raw_server(answer) as server:
        async with fetcher.tools.database.unit_of_work() as connection:
            for number in range(4):
                await repository.add_feeds(connection, [FeedOutline(server.url(f"/{number}"))], fetcher.clock())
        stop = asyncio.Event()
        running = asyncio.create_task(poller.run(stop))

        async def all_asked() -> bool:
            return len(server.requests) == 4

        await until(all_asked)
        stop.set()
        await running
    assert most == 1


async def test_a_fault_of_our_own_stops_no_other_feed(fetcher: Fetcher, site: Site):
    site.feed(Item("breaks", None, "g1", content=LONG), path="/a.xml")
    site.feed(Item("works", None, "g2", content=LONG), path="/b.xml")
    store_entry = fetcher.tools.store.store_entry

    async def break_on_one(feed, entry, fetched):
        if entry.entry.title == "breaks":
            raise ZeroDivisionError
        return await store_entry(feed, entry, fetched)

    fetcher.tools.store.store_entry = break_on_one
    broken = await fetcher.add("/a.xml")
    await fetcher.add("/b.xml")
    stop = asyncio.Event()
    running = asyncio.create_task(FeedPoller(fetcher.tools, at_once=4).run(stop))

    async def published() -> bool:
        return len(await fetcher.published()) == 1

    await until(published)
    stop.set()
    await running
    after = await fetcher.feed(broken)
    assert (after.state, "ZeroDivisionError" in (after.error or "")) == ("failing", True)


async def test_a_host_is_left_alone_between_two_requests():
    gates = HostGates(0.1)
    begun = asyncio.get_running_loop().time()
    for _ in range(3):
        async with gates.turn("https://a.example/x"):
            pass
    async with gates.turn("https://b.example/x"):
        pass
    assert 0.2 <= asyncio.get_running_loop().time() - begun < 0.29


@asynccontextmanager
async def wired(tmp_path: Path, **settings) -> AsyncIterator[tuple[Service, httpx.AsyncClient, Database]]:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/vedette.db")
    await migrate(database, [tables.HISTORY, bus_tables.HISTORY])
    bus = SqliteLogBus(database, utc_now)
    await bus.create_topics(NEEDED_TOPICS)
    client = SafeClient("Vedette test", (ip_network("127.0.0.0/8"),))

    async def everybody(_request: Request) -> None:
        return None

    configured = FetcherSettings(min_poll_seconds=1, max_poll_seconds=2, starter_feeds=False).model_copy(
        update=settings
    )
    service = build_fetcher(configured, database, bus, client, Metrics(), utc_now, everybody)
    app = FastAPI()
    describe_problems(app)
    for router in service.routers:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vedette") as api:
        yield service, api, database
    await service.close()
    await client.aclose()
    await database.close()


async def test_from_the_api_to_the_bus_and_back(tmp_path: Path):
    async with running_site() as site, wired(tmp_path) as (service, api, database):
        site.feed(Item("Fog", "/fog", "g1", content=LONG), Item("Rain", "/rain", "g2", summary="It rains."))
        site.page("/rain", LONG, title="Rain")
        stop = asyncio.Event()
        running = asyncio.create_task(run_loops(service.loops, stop))
        outcome = (await api.post("/api/v1/feeds", json={"urls": [site.url("/feed.xml"), "gopher://x"]})).json()
        assert [feed["state"] for feed in outcome["added"]] == ["new"]
        assert outcome["refused"] == [
            {"url": "gopher://x", "error": "a feed's URL begins with http:// or https:// and names a host"}
        ]
        bus = SqliteLogBus(database, utc_now)

        async def on_the_bus() -> bool:
            return await bus.size(ARTICLES) == 2

        await until(on_the_bus)

        async def polled() -> bool:
            return (await service.status())["feeds"][0]["state"] == "ok"

        await until(polled)
        site.feed(Item("Fog", "/fog", "g1", content=LONG + "It lifted at noon."))

        async def revised() -> bool:
            return await bus.size(ARTICLES) == 3

        await until(revised, 10)
        stop.set()
        await asyncio.wait_for(running, 5)
        status = await service.status()
        assert status["lag"] == {"relay": 0}
        assert status["feeds"][0]["error"] is None
        for check in service.checks.values():
            await check()
        articles = (await api.get("/api/v1/articles")).json()["items"]
        assert {(article["title"], article["revision"], article["text_source"]) for article in articles} == {
            ("Fog", 2, "feed"),
            ("Rain", 1, "page"),
        }
        fog = next(article for article in articles if article["title"] == "Fog")
        assert (await api.get(f"/api/v1/articles/{fog['id']}")).json()["text"].endswith("It lifted at noon.")


async def test_spellings_of_one_url_are_one_feed_shown_as_given_first(tmp_path: Path):
    first, *others = ("HTTP://EXAMPLE.com/x", "http://example.com/x", "http://example.com:80/x")
    async with wired(tmp_path) as (_, api, _database):
        assert len((await api.post("/api/v1/feeds", json={"urls": [first, *others]})).json()["added"]) == 1
        for url in others:
            (known,) = (await api.post("/api/v1/feeds", json={"urls": [url]})).json()["known"]
            assert known["url"] == first
            (listed,) = (await api.get("/api/v1/feeds", params={"url": url})).json()["items"]
            assert listed["url"] == first
        assert (await api.delete("/api/v1/feeds", params={"url": others[1]})).status_code == 204
        assert (await api.get("/api/v1/feeds")).json()["items"] == []


async def test_importing_a_list_again_updates_family_and_country(tmp_path: Path):
    url = "https://feed.example/rss"

    async def imported(api: httpx.AsyncClient, **outline: str) -> dict[str, Any]:
        document = write_opml([FeedOutline(url, **outline)], "Feeds")
        outcome = (await api.post("/api/v1/feeds/import", content=document)).json()
        (feed,) = outcome["added"] + outcome["known"]
        return feed

    async with wired(tmp_path) as (_, api, _database):
        feed = await imported(api, outlet="The Desk", family="House", country="KEN")
        assert (feed["outlet"], feed["family"], feed["country"]) == ("The Desk", "House", "KEN")
        feed = await imported(api, outlet="Another", country="UGA")
        assert (feed["outlet"], feed["family"], feed["country"]) == ("The Desk", "House", "UGA")
        await api.post("/api/v1/feeds", json={"urls": [url]})
        (feed,) = (await api.get("/api/v1/feeds")).json()["items"]
        assert (feed["family"], feed["country"]) == ("House", "UGA")


async def test_feeds_are_listed_in_pages_exported_and_removed(tmp_path: Path):
    async with wired(tmp_path) as (_, api, _database):
        urls = [f"https://feed.example/{number}" for number in range(5)]
        assert len((await api.post("/api/v1/feeds", json={"urls": urls})).json()["added"]) == 5
        again = (await api.post("/api/v1/feeds", json={"urls": urls[:1]})).json()
        assert (again["added"], len(again["known"]), again["refused"]) == ([], 1, [])
        first = (await api.get("/api/v1/feeds", params={"limit": 3})).json()
        second = (await api.get("/api/v1/feeds", params={"limit": 3, "after": first["next"]})).json()
        assert [feed["url"] for feed in first["items"] + second["items"]] == urls
        assert second["next"] is None
        exported = await api.get("/api/v1/feeds/export")
        assert [outline.url for outline in read_opml(exported.content)] == urls
        assert (await api.delete("/api/v1/feeds", params={"url": urls[0]})).status_code == 204
        missing = await api.delete("/api/v1/feeds", params={"url": urls[0]})
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
        imported = (await api.post("/api/v1/feeds/import", content=exported.content)).json()
        assert ([feed["url"] for feed in imported["added"]], len(imported["known"])) == (urls[:1], 4)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", "begins with http"),
        ("feed.example/rss", "begins with http"),
        ("https://a:b@feed.example/", "user name or password"),
        ("https://feed.example:70000/", "70000 is no port"),
        ("https://feed.example/" + "x" * 2000, "longer than"),
        ("http://[::1/", "no valid URL"),
        ("https://feed example.org/", "cannot be the name of a host"),
        ("https://feed.example/\ufffe", "characters in this that no URL has"),
    ],
)
async def test_urls_that_can_never_be_feeds_are_refused(tmp_path: Path, url: str, error: str):
    async with wired(tmp_path) as (_, api, _database):
        outcome = (await api.post("/api/v1/feeds", json={"urls": [url]})).json()
        assert error in outcome["refused"][0]["error"]


async def test_bad_requests_get_problem_documents(tmp_path: Path):
    async with wired(tmp_path) as (_, api, _database):
        for answer, status, words in (
            (await api.post("/api/v1/feeds", json={"urls": []}), 422, "urls"),
            (await api.post("/api/v1/feeds/import", content=b"<rss/>"), 422, "not OPML"),
            (await api.get("/api/v1/articles/none"), 404, "none"),
            (await api.get("/api/v1/articles", params={"after": "!"}), 400, "after"),
        ):
            assert answer.status_code == status
            assert words in answer.json()["detail"]


async def test_articles_are_listed_in_pages(fetcher: Fetcher, site: Site):
    site.feed(*(Item(f"t{number}", None, f"g{number}", content=f"Story {number}. {LONG}") for number in range(5)))
    await fetcher.poll(await fetcher.add())
    seen: list[str] = []
    before = None
    async with fetcher.tools.database.reading() as connection:
        while page := await repository.list_articles(connection, before, 2):
            seen += [article.id for article in page]
            before = page[-1].fetched, page[-1].id
    assert len(set(seen)) == len(seen) == 5


async def test_an_empty_data_directory_starts_with_the_starter_feeds_once(tmp_path: Path):
    async with wired(tmp_path, starter_feeds=True) as (service, api, _database):
        stop = asyncio.Event()
        stop.set()
        await service.loops["poll"](stop)
        listed = (await api.get("/api/v1/feeds", params={"limit": 1000})).json()["items"]
        assert len(listed) >= 40
        assert json.dumps(listed[0]).count("null") <= 3
        for feed in listed[1:]:
            await api.delete("/api/v1/feeds", params={"url": feed["url"]})
        await service.loops["poll"](stop)
        assert len((await api.get("/api/v1/feeds")).json()["items"]) == 1


async def test_the_migration_makes_the_tables_that_the_code_describes(tmp_path: Path):
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/vedette.db")
    await migrate(database, [tables.HISTORY])

    def differences(connection):
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: name is None or name != "fetcher_migrations"}
        )
        return compare_metadata(context, tables.metadata)

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()
