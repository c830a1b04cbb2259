"""Looks at pages again: after an hour and a day for silent edits, sooner where the page could not be had."""

import asyncio

import structlog

from services.fetcher import repository
from services.fetcher.choose_text import ArticleText, page_text
from services.fetcher.fetch_article_text import PageFailed, PageReader
from services.fetcher.repository import StoredArticle
from services.fetcher.store_articles import ArticleStore
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics

log = structlog.get_logger()

AT_ONCE = 8
BATCH = 64
PAUSE_SECONDS = 1.0


class PageRefetcher:
    """Works off `articles.page_due`."""

    def __init__(
        self, database: Database, reader: PageReader, store: ArticleStore, clock: Clock, metrics: Metrics
    ) -> None:
        self._database = database
        self._reader = reader
        self._store = store
        self._clock = clock
        self._metrics = metrics

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                looked_at = await self.refetch_due()
            except Exception as error:  # a database that does not answer is tried again
                log.warning("page_refetch_failed", error=repr(error)[:500])
                looked_at = 0
            if not looked_at:
                await _rest(stop)

    async def refetch_due(self) -> int:
        """Look at the pages that are due now, several hosts at a time. Returns how many."""
        async with self._database.reading() as connection:
            due = await repository.due_pages(connection, self._clock(), BATCH)
        free = asyncio.Semaphore(AT_ONCE)

        async def one(article: StoredArticle) -> None:
            async with free:
                try:
                    await self.refetch(article)
                except Exception:  # one article's fault must not stop the others
                    log.exception("page_refetch_broke", article=article.id, url=article.url)
                    await self._store.store_page(article, None, "useless")

        async with asyncio.TaskGroup() as tasks:
            for article in due:
                tasks.create_task(one(article))
        return len(due)

    async def refetch(self, article: StoredArticle) -> int | None:
        """One more look; the revision published, None if the page says nothing new or cannot be had."""
        text: ArticleText | None = None
        page = "useless"
        try:
            found = await self._reader.read(article.url) if article.url else None
            text, page = page_text(found, article.title, _shown(article)), "read"
        except PageFailed as failure:
            page = "useless" if failure.lasting else "failed"
        revision = await self._store.store_page(article, text, page)
        if revision is not None:
            self._metrics.articles.inc()
            log.info("article_revised", article=article.id, revision=revision, url=article.url)
        return revision


def _shown(article: StoredArticle) -> ArticleText:
    """What the page must not say less than: the feed's text. A page may well lose some of its own."""
    own = article.text if article.text_source == "feed" else None
    return ArticleText(own or "", "feed", complete=False, truncated=article.truncated)


async def _rest(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(PAUSE_SECONDS):
            await stop.wait()
    except TimeoutError:
        return
