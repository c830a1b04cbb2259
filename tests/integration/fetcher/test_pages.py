"""Pages that give no text, each in its own way: the feed's text goes out, and the page is asked for again or not."""

import asyncio
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import timedelta

import pytest

from services.fetcher.fetch_article_text import PageFailed, PageReader
from tests.fakes.raw_http_server import response
from tests.fakes.site import Item, Site
from tests.integration.fetcher.conftest import Fetcher, run_here

LONG = "The ferry to the island was late again because of the fog over the sound. " * 10
HTML = "Content-Type: text/html"


@pytest.mark.parametrize(
    ("answer", "sentence", "lasting"),
    [
        (response(b"%PDF-1.7", "Content-Type: application/pdf"), "is application/pdf, no web page", True),
        (response(b"", status="403 Forbidden"), "answered 403 Forbidden", True),
        (response(b"", status="429 Too Many Requests"), "answered 429", False),
        (response(b"", status="500 Internal Server Error"), "answered 500", False),
        (response(b"plain text", HTML, "Content-Encoding: gzip"), "not valid gzip", False),
        (response(b"x" * 4_000_001, HTML), "more than 4000000 bytes", True),
        (response(b"", "Location: http://10.0.0.1/", status="302 Found"), "private or special", True),
    ],
)
async def test_a_page_fails_with_a_sentence(fetcher: Fetcher, site: Site, answer: bytes, sentence: str, lasting: bool):
    site.answers["/page"] = answer
    with pytest.raises(PageFailed, match=sentence) as failure:
        await fetcher.tools.reader.read(site.url("/page"))
    assert failure.value.lasting is lasting


@pytest.mark.parametrize("error", [TimeoutError("too long"), BrokenProcessPool("gone"), RecursionError()])
async def test_a_page_that_breaks_the_extractor_lets_the_feeds_text_out(fetcher: Fetcher, site: Site, error: Exception):
    async def break_on_pages(function, *arguments):
        if function.__name__ == "extract_page":
            raise error
        return await run_here(function, *arguments)

    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    fetcher.tools = replace(fetcher.tools, reader=PageReader(fetcher.tools.client, fetcher.tools.gates, break_on_pages))
    await fetcher.poll(await fetcher.add())
    assert [item["text"] for item in await fetcher.published()] == ["Late."]


async def test_a_parser_that_breaks_is_the_feeds_error(fetcher: Fetcher, site: Site):
    async def break_always(function, *arguments):
        raise BrokenProcessPool

    site.feed(Item(content=LONG, guid="g"))
    fetcher.tools = replace(fetcher.tools, run=break_always)
    feed = await fetcher.add()
    assert await fetcher.poll(feed) == "failed"
    assert "the parser breaks on it" in ((await fetcher.feed(feed)).error or "")


async def test_a_parser_that_fails_is_the_feeds_error(fetcher: Fetcher, site: Site):
    async def fail(function, *arguments):
        raise RecursionError

    site.feed(Item(content=LONG, guid="g"))
    fetcher.tools = replace(fetcher.tools, run=fail)
    feed = await fetcher.add()
    assert await fetcher.poll(feed) == "failed"
    assert (await fetcher.feed(feed)).error == "The server sent a feed that cannot be read (RecursionError)."


async def test_a_poisonous_entry_keeps_no_newer_one_back_and_is_tried_again(fetcher: Fetcher, site: Site):
    store_entry = fetcher.tools.store.store_entry
    poisonous = True

    async def break_on_one(feed, entry, fetched):
        if poisonous and entry.entry.title == "poison":
            raise ZeroDivisionError
        return await store_entry(feed, entry, fetched)

    fetcher.tools.store.store_entry = break_on_one
    site.feed(
        Item("newer", None, "g1", content=LONG),
        Item("poison", None, "g2", "Sat, 01 Mar 2025 08:00:00 GMT", content=LONG),
    )
    feed = await fetcher.add()
    with pytest.raises(ZeroDivisionError):
        await fetcher.poll(feed)
    assert [item["title"] for item in await fetcher.published()] == ["newer"]
    poisonous = False
    await fetcher.poll(feed)
    assert [item["title"] for item in await fetcher.published()] == ["newer", "poison"]


async def test_pages_after_the_time_for_pages_go_out_with_the_feeds_text_first(
    fetcher: Fetcher, site: Site, monkeypatch
):
    monkeypatch.setattr("services.fetcher.poll_feed.SECONDS_FOR_PAGES", -1.0)
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    await fetcher.poll(await fetcher.add())
    assert site.requests("/fog") == []
    fetcher.clock.advance(timedelta(minutes=1))
    await fetcher.refetcher.refetch_due()
    assert [item["text_source"] for item in await fetcher.published()] == ["feed", "page"]


async def test_one_article_that_breaks_stops_no_other_second_look(fetcher: Fetcher, site: Site):
    site.feed(Item("a", "/a", "g1", summary="Late."), Item("b", "/b", "g2", summary="Later."))
    site.status("/a", "503 Service Unavailable")
    site.status("/b", "503 Service Unavailable")
    await fetcher.poll(await fetcher.add())
    site.page("/a", "A.", LONG)
    site.page("/b", "B.", LONG)
    fetcher.clock.advance(timedelta(minutes=1))

    async def break_on_one(function, *arguments):
        if b"<p>A.</p>" in arguments[0]:
            raise ZeroDivisionError
        return await run_here(function, *arguments)

    reader = PageReader(fetcher.tools.client, fetcher.tools.gates, break_on_one)
    fetcher.tools = replace(fetcher.tools, reader=reader)
    assert await fetcher.refetcher.refetch_due() == 2
    assert [item["title"] for item in await fetcher.published()][2:] == ["b"]
    assert await fetcher.refetcher.refetch_due() == 0


async def test_a_dead_host_is_tried_three_times_a_round_of_second_looks(fetcher: Fetcher, site: Site):
    paths = [f"/{number}" for number in range(6)]
    site.feed(*(Item(f"t{path}", path, f"g{path}", summary="Late.") for path in paths))
    for path in paths:
        site.status(path, "503 Service Unavailable")
    await fetcher.poll(await fetcher.add())
    site.server.requests.clear()
    site.hang_up = set(paths)
    fetcher.clock.advance(timedelta(minutes=1))
    assert await fetcher.refetcher.refetch_due() == 6
    assert len(site.server.requests) == 3
    assert await fetcher.refetcher.refetch_due() == 0


async def test_the_refetch_loop_ends_when_told(fetcher: Fetcher):
    stop = asyncio.Event()
    running = asyncio.create_task(fetcher.refetcher.run(stop))
    await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(running, 2)
