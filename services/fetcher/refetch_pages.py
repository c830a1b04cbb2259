"""Looks at pages again: after an hour and a day for silent edits, sooner where the page could not be had."""

import asyncio
from collections import defaultdict

import structlog

from services.fetcher import repository
from services.fetcher.choose_text import ArticleText, page_text
from services.fetcher.fetch_article_text import LOST_AFTER, PageFailed, PageReader
from services.fetcher.host_gates import host_of
from services.fetcher.repository import StoredArticle
from services.fetcher.store_articles import ArticleStore
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics

log = structlog.get_logger()

HOSTS_AT_ONCE = 8
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
        """Look at the pages that are due now, several hosts at a time. Returns how many articles that were."""
        async with self._database.reading() as connection:
            due = await repository.due_pages(connection, self._clock(), BATCH)
        by_host: dict[str, list[StoredArticle]] = defaultdict(list)
        for article in due:
            by_host[host_of(article.url or "")].append(article)
        free = asyncio.Semaphore(HOSTS_AT_ONCE)

        async def one_host(articles: list[StoredArticle]) -> None:
            async with free:
                await self._refetch_host(articles)

        async with asyncio.TaskGroup() as tasks:
            for articles in by_host.values():
                tasks.create_task(one_host(articles))
        return len(due)

    async def _refetch_host(self, articles: list[StoredArticle]) -> None:
        failures = 0
        for article in articles:
            try:
                if failures >= LOST_AFTER:
                    await self._store.store_page(article, None, "failed")
                else:
                    failures += await self._refetch(article)
            except Exception:  # one article's fault must not stop the others
                log.exception("page_refetch_broke", article=article.id, url=article.url)
                await self._store.store_page(article, None, "useless")

    async def _refetch(self, article: StoredArticle) -> bool:
        """One more look, and what it found as a revision. True if there was no connection."""
        text: ArticleText | None = None
        page, no_connection = "useless", False
        try:
            found = await self._reader.read(article.url) if article.url else None
            text, page = page_text(found, article.title, _shown(article)), "read"
        except PageFailed as failure:
            page, no_connection = "useless" if failure.lasting else "failed", failure.no_connection
        revision = await self._store.store_page(article, text, page)
        if revision is not None:
            self._metrics.articles.inc()
            log.info("article_revised", article=article.id, revision=revision, url=article.url)
        return no_connection


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
