"""What one poll after another stores and publishes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.fetcher import repository, tables
from services.fetcher.opml import FeedOutline
from services.fetcher.poll_feed import poll_feed
from services.fetcher.store_articles import FeedRemoved
from shared.database.outbox import read_outbox
from shared.events.article import Article
from shared.events.envelope import read_attributes
from shared.events.identity import message_id
from tests.fakes.raw_http_server import response
from tests.fakes.site import Item, Site
from tests.integration.fetcher.conftest import Fetcher

LONG = "The ferry to the island was late again because of the fog over the sound. " * 10
OTHER = "Nobody on the quay believed the timetable, which had been printed in spring. " * 10


async def test_an_entry_becomes_an_article_with_all_that_is_known(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG, summary="Late."))
    feed = await fetcher.add(
        outlet="Post", language="en", family="quay", country="GBR", homepage="https://www.post.example/"
    )
    assert await fetcher.poll(feed) == "changed"
    (published,) = await fetcher.published()
    article = Article.model_validate(published)
    assert article.outlet.model_dump() == {"name": "Post", "domain": "post.example", "family": "quay", "country": "GBR"}
    assert (article.title, article.text, article.text_source) == ("Fog", LONG.strip(), "feed")
    assert (article.url, article.feed, article.revision) == (site.url("/fog"), feed.url, 1)
    assert article.published == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert (article.language, article.truncated) == ("en", False)
    assert fetcher.committed.is_set()
    assert site.requests("/fog") == []


async def test_a_bare_feed_gets_its_title_as_outlet_and_its_domain_as_family(fetcher: Fetcher, site: Site):
    site.feed(Item(content=LONG, guid="g"))
    await fetcher.poll(await fetcher.add())
    (published,) = await fetcher.published()
    assert published["outlet"] == {
        "name": "Harbour Post",
        "domain": "127.0.0.1",
        "family": "127.0.0.1",
        "country": None,
    }


async def test_the_agency_that_is_credited_goes_with_the_article(fetcher: Fetcher, site: Site):
    site.feed(
        Item("Fog", "/fog", "g1", content=f"QUAY, May 2 (Reuters) - {LONG}"),
        Item("Rain", "/rain", "g2", summary="It rained."),
    )
    site.page("/rain", LONG, OTHER)
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.page("/rain", LONG, OTHER, "Quelle: dpa")
    fetcher.clock.advance(timedelta(hours=2))
    await fetcher.refetcher.refetch_due()
    told = [(item["title"], item["revision"], item["agency"]) for item in await fetcher.published()]
    assert sorted(told) == [("Fog", 1, "REUTERS"), ("Rain", 1, None), ("Rain", 2, "DPA")]


async def test_a_teaser_is_replaced_by_the_page(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="The ferry was late."))
    site.page("/fog", LONG, OTHER)
    await fetcher.poll(await fetcher.add())
    (published,) = await fetcher.published()
    assert published["text_source"] == "page"
    assert published["text"] == f"{LONG.strip()}\n{OTHER.strip()}"


async def test_an_unchanged_feed_publishes_nothing_and_costs_no_page(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    feed = await fetcher.add()
    assert await fetcher.poll(feed) == "changed"
    assert await fetcher.poll(feed) == "unchanged"
    assert len(await fetcher.published()) == 1
    assert len(site.requests("/fog")) == 1


async def test_a_re_dated_and_reordered_feed_publishes_nothing(fetcher: Fetcher, site: Site):
    first, second = Item("Fog", "/fog", "g1", content=LONG), Item("Quay", "/quay", "g2", content=OTHER)
    site.feed(first, second)
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.feed(second, replace(first, date="Sat, 01 Mar 2025 11:59:00 GMT"))
    assert await fetcher.poll(feed) == "changed"
    assert len(await fetcher.published()) == 2


async def test_an_edited_entry_is_revision_two_of_the_same_article(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG))
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.feed(Item("Fog", "/fog", "g1", content=LONG + "Two ferries were cancelled."))
    await fetcher.poll(feed)
    first, second = await fetcher.published()
    assert (second["id"], second["revision"]) == (first["id"], 2)
    assert "Two ferries were cancelled." in second["text"]


async def test_an_entry_edited_in_spacing_and_case_only_is_no_revision(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG))
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.feed(Item("FOG", "/fog", "g1", content=LONG.replace(". ", ".\n\n")))
    assert await fetcher.poll(feed) == "changed"
    assert len(await fetcher.published()) == 1


async def test_a_changed_teaser_has_the_page_fetched_again(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.feed(Item("Fog", "/fog", "g1", summary="Later."))
    site.page("/fog", LONG, OTHER)
    await fetcher.poll(feed)
    assert [item["revision"] for item in await fetcher.published()] == [1, 2]


async def test_a_guid_that_changes_with_each_edit_makes_revisions_not_articles(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "https://x.example/fog#0", content=LONG))
    feed = await fetcher.add()
    await fetcher.poll(feed)
    site.feed(Item("Fog lifts", "/fog", "https://x.example/fog#1", content=LONG))
    await fetcher.poll(feed)
    first, second = await fetcher.published()
    assert (first["id"], second["revision"], second["title"]) == (second["id"], 2, "Fog lifts")


async def test_two_feeds_with_one_article_publish_it_once(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG), path="/a.xml")
    site.feed(Item("Fog over the sound", "/fog?utm_source=rss", "other", summary="A teaser."), path="/b.xml")
    site.page("/fog?utm_source=rss", OTHER)
    first, second = await fetcher.add("/a.xml"), await fetcher.add("/b.xml")
    await fetcher.poll(first)
    await fetcher.poll(second)
    assert [item["revision"] for item in await fetcher.published()] == [1]
    async with fetcher.tools.database.unit_of_work() as connection:
        await repository.remove_feed(connection, first.id)
    site.feed(Item("Fog over the whole sound", "/fog?utm_source=rss", "other", summary="A teaser."), path="/b.xml")
    await fetcher.poll(second)
    assert [item["revision"] for item in await fetcher.published()] == [1, 2]


async def test_a_feed_that_is_added_again_publishes_nothing_again(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG))
    feed = await fetcher.add()
    await fetcher.poll(feed)
    async with fetcher.tools.database.unit_of_work() as connection:
        await repository.remove_feed(connection, feed.id)
    await fetcher.poll(await fetcher.add())
    assert len(await fetcher.published()) == 1


async def test_entries_are_published_oldest_first_and_undated_ones_last(fetcher: Fetcher, site: Site):
    site.feed(
        Item("newest", None, "g1", "Sat, 01 Mar 2025 11:00:00 GMT", summary="n"),
        Item("undated", None, "g2", None, summary="u"),
        Item("oldest", None, "g3", "Mo, 24 Feb 2025 11:00:00 +0100", summary="o"),
        Item("future", None, "g4", "Sun, 02 Mar 2025 11:00:00 GMT", summary="f"),
    )
    await fetcher.poll(await fetcher.add())
    published = await fetcher.published()
    assert [item["title"] for item in published] == ["oldest", "newest", "future", "undated"]
    assert [item["published"] is None for item in published] == [False, False, True, True]


async def test_entries_that_lack_something_are_published_and_named(fetcher: Fetcher, site: Site):
    site.feed(
        Item("no date", "/1", "g1", None, summary="x"),
        Item("no guid", "/2", summary="x"),
        Item(None, "/3", "g3", summary="x"),
        Item("no text", "/4", "g4"),
        Item(None, None, "g5", None),
    )
    feed = await fetcher.add()
    await fetcher.poll(feed)
    published = await fetcher.published()
    assert sorted(str(item["title"]) for item in published) == ["None", "no date", "no guid", "no text"]
    assert {item["text"] for item in published} == {"x", ""}
    after = await fetcher.feed(feed)
    assert (after.state, after.error) == ("ok", None)
    assert after.notice == (
        "Of 5 entries, 2 have no date that could be read, 1 has no guid, 2 have no title, 2 have no text, "
        "1 has nothing at all to publish."
    )
    assert await fetcher.poll(feed) == "unchanged"
    assert (await fetcher.feed(feed)).notice == after.notice


async def test_validators_go_back_byte_for_byte_and_only_after_a_good_parse(fetcher: Fetcher, site: Site):
    feed = await fetcher.add()
    etag = 'W/"a\u00e9b==" '
    site.answers["/feed.xml"] = response(
        b"<rss><broken", f"ETag: {etag}", "Last-Modified: Sat, 01 Mar 2025 09:00:00 GMT"
    )
    assert await fetcher.poll(feed) == "failed"
    site.feed(Item(content=LONG, guid="g"), headers=(f"ETag: {etag}", "Last-Modified: Sat, 01 Mar 2025 09:00:00 GMT"))
    assert await fetcher.poll(feed) == "changed"
    site.status("/feed.xml", "304 Not Modified")
    assert await fetcher.poll(feed) == "unchanged"
    assert await fetcher.poll(feed) == "unchanged"
    broken, good, conditional, again = site.requests("/feed.xml")
    assert b"If-None-Match" not in broken + good
    for request in (conditional, again):
        assert b'If-None-Match: W/"a\xe9b=="\r\n' in request
        assert b"If-Modified-Since: Sat, 01 Mar 2025 09:00:00 GMT\r\n" in request


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (response(b""), "The server sent an empty answer instead of a feed."),
        (
            response(b"<!doctype html><title>Sorry</title>"),
            "The server sent a web page titled 'Sorry' instead of a feed.",
        ),
        (response(b"<rss><channel><item><title>x</title></it"), "stops in the middle"),
        (response(b"", status="503 Service Unavailable"), "/feed.xml answered 503 Service Unavailable."),
        (response(b"", status="404 Not Found"), "answered 404 Not Found."),
        (response(b"x", "Content-Encoding: gzip, gzip"), "packed 2 times over"),
        (b"not http at all\r\n\r\n", "The connection to 127.0.0.1 failed"),
        (response(b"x" * 10_000_001), "127.0.0.1 sent more than 10000000 bytes."),
    ],
)
async def test_a_bad_answer_is_the_feeds_error_and_passes(fetcher: Fetcher, site: Site, answer: bytes, sentence: str):
    feed = await fetcher.add()
    site.answers["/feed.xml"] = answer
    assert await fetcher.poll(feed) == "failed"
    failing = await fetcher.feed(feed)
    assert (failing.state, failing.failures) == ("failing", 1)
    assert sentence in (failing.error or "")
    assert failing.next_due == fetcher.clock() + timedelta(minutes=1)
    await fetcher.poll(feed)
    assert (await fetcher.feed(feed)).next_due == fetcher.clock() + timedelta(minutes=2)
    site.feed(Item(content=LONG, guid="g"))
    assert await fetcher.poll(feed) == "changed"
    healed = await fetcher.feed(feed)
    assert (healed.state, healed.error, healed.failures) == ("ok", None, 0)


async def test_a_private_address_is_refused_naming_the_remedy(fetcher: Fetcher, site: Site):
    async with fetcher.tools.database.unit_of_work() as connection:
        ((feed, _),) = await repository.add_feeds(connection, [FeedOutline("http://10.0.0.1/feed")], fetcher.clock())
    assert await fetcher.poll(feed) == "failed"
    assert "VEDETTE_ALLOW_NETWORKS" in ((await fetcher.feed(feed)).error or "")


async def test_a_truncated_feed_gives_what_is_whole_and_is_read_again(fetcher: Fetcher, site: Site):
    site.feed(Item("one", None, "g1", content=LONG), Item("two", None, "g2", content=OTHER))
    whole = site.answers["/feed.xml"].partition(b"\r\n\r\n")[2]
    feed = await fetcher.add()
    site.answers["/feed.xml"] = response(whole[: whole.index(b"two") + 1], 'ETag: "cut"')
    assert await fetcher.poll(feed) == "failed"
    assert [item["title"] for item in await fetcher.published()] == ["one"]
    assert "1 whole entry could be read" in ((await fetcher.feed(feed)).error or "")
    site.feed(Item("one", None, "g1", content=LONG), Item("two", None, "g2", content=OTHER))
    await fetcher.poll(feed)
    assert [item["title"] for item in await fetcher.published()] == ["one", "two"]
    assert b"If-None-Match" not in site.requests("/feed.xml")[1]


async def test_retry_after_is_obeyed(fetcher: Fetcher, site: Site):
    feed = await fetcher.add()
    site.status("/feed.xml", "429 Too Many Requests", "Retry-After: 7200")
    await fetcher.poll(feed)
    assert (await fetcher.feed(feed)).next_due == fetcher.clock() + timedelta(hours=2)


async def test_cache_control_and_ttl_put_the_next_poll_off(fetcher: Fetcher, site: Site):
    feed = await fetcher.add()
    site.feed(Item(content=LONG, guid="g"), headers=("Cache-Control: max-age=20000",))
    await fetcher.poll(feed)
    assert (await fetcher.feed(feed)).next_due == fetcher.clock() + timedelta(seconds=20_000)


async def test_gone_stops_the_polling_until_the_feed_is_added_again(fetcher: Fetcher, site: Site):
    feed = await fetcher.add()
    site.status("/feed.xml", "410 Gone")
    assert await fetcher.poll(feed) == "gone"
    gone = await fetcher.feed(feed)
    assert gone.state == "gone"
    assert "410 Gone" in (gone.error or "")
    fetcher.clock.advance(timedelta(days=30))
    async with fetcher.tools.database.reading() as connection:
        assert await repository.due_feeds(connection, fetcher.clock()) == []
    assert (await fetcher.add()).state == "new"
    async with fetcher.tools.database.reading() as connection:
        assert len(await repository.due_feeds(connection, fetcher.clock())) == 1


@pytest.mark.parametrize(("status", "moves"), [("301 Moved Permanently", True), ("302 Found", False)])
async def test_only_a_permanent_redirect_that_stands_moves_the_feed(
    fetcher: Fetcher, site: Site, status: str, moves: bool
):
    site.status("/feed.xml", status, "Location: /new.xml")
    site.feed(Item(content=LONG, guid="g"), path="/new.xml")
    feed = await fetcher.add()
    for _ in range(2):
        await fetcher.poll(feed)
        assert (await fetcher.feed(feed)).fetch_url == site.url("/feed.xml")
    await fetcher.poll(feed)
    after = await fetcher.feed(feed)
    assert after.fetch_url == site.url("/new.xml" if moves else "/feed.xml")
    assert after.url == site.url("/feed.xml")
    await fetcher.poll(feed)
    assert len(await fetcher.published()) == 1


async def test_a_redirect_to_another_watched_feed_does_not_move_it(fetcher: Fetcher, site: Site):
    site.status("/feed.xml", "301 Moved Permanently", "Location: /new.xml")
    site.feed(Item(content=LONG, guid="g"), path="/new.xml")
    feed = await fetcher.add()
    await fetcher.add("/new.xml")
    for _ in range(4):
        await fetcher.poll(feed)
    assert (await fetcher.feed(feed)).fetch_url == feed.url


async def test_a_failed_page_lets_the_feeds_text_out_and_becomes_revision_two(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="The ferry was late."))
    site.status("/fog", "502 Bad Gateway")
    await fetcher.poll(await fetcher.add())
    (first,) = await fetcher.published()
    assert (first["text"], first["text_source"]) == ("The ferry was late.", "feed")
    site.page("/fog", LONG)
    assert await fetcher.refetcher.refetch_due() == 0
    fetcher.clock.advance(timedelta(minutes=1))
    assert await fetcher.refetcher.refetch_due() == 1
    second = (await fetcher.published())[1]
    assert (second["id"], second["revision"], second["text_source"]) == (first["id"], 2, "page")


async def test_pages_are_looked_at_again_after_an_hour_and_a_day_and_no_more(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    await fetcher.poll(await fetcher.add())
    looked = []
    for _ in range(30):
        fetcher.clock.advance(timedelta(hours=1))
        looked.append(await fetcher.refetcher.refetch_due())
    assert [hour for hour, count in enumerate(looked, start=1) if count] == [1, 24]
    assert len(await fetcher.published()) == 1


async def test_a_silent_edit_of_the_page_is_a_revision(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG)
    await fetcher.poll(await fetcher.add())
    site.page("/fog", LONG, "Four ferries were cancelled in the end.")
    fetcher.clock.advance(timedelta(hours=1))
    await fetcher.refetcher.refetch_due()
    assert "Four ferries" in (await fetcher.published())[1]["text"]


async def test_a_paywall_that_closes_later_is_no_revision(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    site.page("/fog", LONG, OTHER, LONG.upper(), OTHER.upper())
    await fetcher.poll(await fetcher.add())
    site.page("/fog", LONG)
    fetcher.clock.advance(timedelta(hours=1))
    assert await fetcher.refetcher.refetch_due() == 1
    assert len(await fetcher.published()) == 1


async def test_a_dead_host_is_tried_three_times_a_poll(fetcher: Fetcher, site: Site):
    items = [Item(f"t{number}", f"/{number}", f"g{number}", summary=f"Teaser {number}.") for number in range(6)]
    site.hang_up = {f"/{number}" for number in range(6)}
    site.feed(*items)
    await fetcher.poll(await fetcher.add())
    assert sum(len(site.requests(f"/{number}")) for number in range(6)) == 3
    assert len(await fetcher.published()) == 6
    site.hang_up = set()
    for number in range(6):
        site.page(f"/{number}", f"Story {number}.", LONG)
    fetcher.clock.advance(timedelta(minutes=1))
    await fetcher.refetcher.refetch_due()
    assert [item["revision"] for item in await fetcher.published()] == [1] * 6 + [2] * 6


async def test_a_page_that_is_missing_is_not_asked_for_every_minute(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", summary="Late."))
    await fetcher.poll(await fetcher.add())
    for _ in range(59):
        fetcher.clock.advance(timedelta(minutes=1))
        await fetcher.refetcher.refetch_due()
    assert len(site.requests("/fog")) == 1


async def test_an_entry_that_was_stored_is_not_published_again_when_the_poll_was_cut_off(fetcher: Fetcher, site: Site):
    site.feed(*(Item(f"t{number}", None, f"g{number}", content=f"Story {number}. {LONG}") for number in range(5)))
    feed = await fetcher.add()
    stored = 0
    store_entry = fetcher.tools.store.store_entry

    async def cut_off_after_two(*arguments):
        nonlocal stored
        if stored == 2:
            raise ConnectionAbortedError
        stored += 1
        return await store_entry(*arguments)

    fetcher.tools.store.store_entry = cut_off_after_two
    with pytest.raises(ConnectionAbortedError):
        await fetcher.poll(feed)
    fetcher.tools.store.store_entry = store_entry
    assert len(await fetcher.published()) == 2
    await fetcher.poll(feed)
    published = await fetcher.published()
    assert len({item["id"] for item in published}) == len(published) == 5
    assert {item["revision"] for item in published} == {1}


async def test_a_feed_removed_during_its_poll_stores_nothing_more(fetcher: Fetcher, site: Site):
    site.feed(Item(content=LONG, guid="g"))
    feed = await fetcher.add()
    async with fetcher.tools.database.unit_of_work() as connection:
        await repository.remove_feed(connection, feed.id)
    with pytest.raises(FeedRemoved):
        await poll_feed(fetcher.tools, feed)
    assert await fetcher.published() == []


async def test_messages_carry_the_id_of_their_revision(fetcher: Fetcher, site: Site):
    site.feed(Item(content=LONG, guid="g"))
    await fetcher.poll(await fetcher.add())
    async with fetcher.tools.database.reading() as connection:
        (owed,) = await read_outbox(connection, tables.outbox, 10)
    attributes = read_attributes(dict(owed.message.headers))
    article = Article.model_validate_json(owed.message.value)
    assert attributes.id == message_id(article.id, 1)
    assert (owed.message.key, attributes.subject, attributes.time) == (article.id, article.id, article.fetched)


async def test_old_texts_are_dropped_but_their_articles_stay_known(fetcher: Fetcher, site: Site):
    site.feed(Item("Fog", "/fog", "g1", content=LONG))
    feed = await fetcher.add()
    await fetcher.poll(feed)
    fetcher.clock.advance(timedelta(days=181))
    async with fetcher.tools.database.unit_of_work() as connection:
        assert await repository.prune_texts(connection, fetcher.clock() - timedelta(days=180)) == 1
        assert await repository.prune_texts(connection, fetcher.clock() - timedelta(days=180)) == 0
    site.feed(Item("Fog", "/fog", "another guid", content=LONG))
    await fetcher.poll(feed)
    assert len(await fetcher.published()) == 1
