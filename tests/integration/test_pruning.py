"""What the embedded application forgets by itself, and when: an operator need not clear up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.extractor.consume_articles import GROUP
from services.fetcher.settings import FetcherSettings
from services.fetcher.tables import articles
from services.one_process.application import KEEP_MESSAGES, Application, ServiceSettings, open_application
from shared.bus import tables as bus_tables
from shared.bus.port import TopicPartition
from shared.database.unit_of_work import Database, open_database
from shared.events.envelope import Message
from shared.events.topics import ARTICLES
from shared.ops.clock import utc_now
from shared.ops.settings import CommonSettings

HOUR = timedelta(hours=1)
FETCHER = FetcherSettings(starter_feeds=False)


@pytest.fixture
def settings(tmp_path: Path) -> CommonSettings:
    return CommonSettings(data_dir=tmp_path / "data")


@pytest.fixture
async def application(settings: CommonSettings) -> AsyncIterator[Application]:
    async with open_application(settings, ServiceSettings(fetcher=FETCHER)) as opened:
        yield opened


@pytest.fixture
async def database(settings: CommonSettings, application: Application) -> AsyncIterator[Database]:
    opened = open_database(settings.database)
    yield opened
    await opened.close()


async def run_until(application: Application, loop: str, holds: Callable[[], Awaitable[bool]]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(application.loops[loop](stop))
    async with asyncio.timeout(10):
        while not await holds():
            await asyncio.sleep(0.01)
    stop.set()
    await running


async def test_texts_are_dropped_after_their_time(application: Application, database: Database) -> None:
    now = utc_now()
    async with database.unit_of_work() as connection:
        for name, age in (("old", FETCHER.keep_texts + HOUR), ("recent", FETCHER.keep_texts - HOUR)):
            await connection.execute(articles.insert().values(_article(name, now - age)))

    async def texts() -> dict[str, str | None]:
        async with database.reading() as connection:
            rows = await connection.execute(select(articles.c.id, articles.c.text))
            return {row.id: row.text for row in rows}

    async def dropped() -> bool:
        return (await texts())["old"] is None

    await run_until(application, "fetcher.prune", dropped)
    assert await texts() == {"old": None, "recent": "A text."}


def _article(name: str, fetched: datetime) -> dict[str, Any]:
    return {
        "id": name,
        "revision": 1,
        "sentences_hash": name,
        "feed_url": "https://feed.example/rss",
        "outlet": {},
        "text": "A text.",
        "truncated": False,
        "text_source": "feed",
        "first_fetched": fetched,
        "fetched": fetched,
    }


async def test_messages_that_were_worked_off_are_dropped_after_their_time(
    application: Application, database: Database
) -> None:
    now = utc_now()
    ages = [KEEP_MESSAGES + HOUR, KEEP_MESSAGES - HOUR]
    await application.bus.publish([Message(ARTICLES, "k", b"{}", ()) for _ in ages])
    await application.bus.commit(GROUP, {TopicPartition(ARTICLES, 0): len(ages)})
    messages = bus_tables.messages
    async with database.unit_of_work() as connection:
        for offset, age in enumerate(ages):
            here = messages.c.topic == ARTICLES, messages.c.offset == offset
            await connection.execute(messages.update().where(*here).values(appended_at=now - age))

    async def offsets() -> list[int]:
        async with database.reading() as connection:
            return list(await connection.scalars(select(messages.c.offset).where(messages.c.topic == ARTICLES)))

    async def dropped() -> bool:
        return 0 not in await offsets()

    await run_until(application, "bus.prune", dropped)
    assert await offsets() == [1]
