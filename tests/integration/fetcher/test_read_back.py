"""A fetcher's database that is older than what is on the bus."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from services.fetcher import repository, tables
from services.fetcher.choose_text import feed_text
from services.fetcher.credited_agency import load_agencies
from services.fetcher.fetch_article_text import FetchedText
from services.fetcher.opml import FeedOutline
from services.fetcher.parse_feed.feed_document import ParsedEntry
from services.fetcher.read_back import read_back
from services.fetcher.recognise_entries import identify_entries
from services.fetcher.store_articles import ArticleStore, PageChecks
from shared.bus.outbox_relay import OutboxRelay, OutboxTables
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database
from tests.fakes.buses import START, sqlite_bus
from tests.fakes.clock import FakeClock


@dataclass
class Desk:
    """A feed whose entries are stored and relayed to a bus that has a database of its own."""

    database: Database
    relay: OutboxRelay
    clock: FakeClock

    async def tell(self, link: str, words: str) -> int | None:
        """The revision that this text became."""
        async with self.database.unit_of_work() as connection:
            ((feed, _),) = await repository.add_feeds(
                connection, [FeedOutline("https://desk.example/rss")], self.clock()
            )
        parsed = ParsedEntry(link, f"https://desk.example/{link}", "Title", None, words, START)
        (entry,) = identify_entries(feed.url, [parsed], self.clock())
        store = ArticleStore(
            self.database, self.clock, asyncio.Event(), PageChecks(timedelta(seconds=60)), load_agencies()
        )
        revision = await store.store_entry(feed, entry, FetchedText(feed_text(parsed), "useless"))
        await self.relay.relay_batch()
        return revision


async def test_edits_after_a_restore_go_on_from_the_revisions_that_were_published(
    empty_database: Database, tmp_path: Path
) -> None:
    await migrate(empty_database, [tables.HISTORY])
    (tmp_path / "bus").mkdir()
    async with sqlite_bus(tmp_path / "bus") as outlives:
        clock = FakeClock(START)
        relay = OutboxRelay(empty_database, OutboxTables(tables.outbox, tables.leases), outlives.bus, clock)
        desk = Desk(empty_database, relay, clock)
        assert await desk.tell("edited", "Three hundred soldiers.") == 1
        async with empty_database.reading() as connection:
            (backup,) = (await connection.execute(tables.articles.select())).mappings()
        assert await desk.tell("edited", "Two thousand soldiers.") == 2
        assert await desk.tell("later", "One ship.") == 1

        async with empty_database.unit_of_work() as connection:
            await connection.execute(text("DELETE FROM fetcher_entries"))
            await connection.execute(tables.articles.delete())
            await connection.execute(tables.articles.insert().values(**backup))
        assert await read_back(empty_database, outlives.bus) == 2
        assert await read_back(empty_database, outlives.bus) == 0

        published = await outlives.bus.size(outlives.topic)
        assert await desk.tell("edited", "Two thousand soldiers.") is None
        assert await desk.tell("later", "One ship.") is None
        assert await outlives.bus.size(outlives.topic) == published
        assert await desk.tell("edited", "Nine thousand soldiers.") == 3
        assert await desk.tell("later", "Two ships.") == 2
