"""Starts a poll for every feed that is due: many hosts at once, never two feeds of one host."""

import asyncio

import structlog

from services.fetcher import repository
from services.fetcher.host_gates import host_of
from services.fetcher.poll_feed import Tools, poll_feed
from services.fetcher.repository import Feed
from services.fetcher.schedule import next_after_failure
from services.fetcher.store_articles import FeedRemoved

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 0.5


class FeedPoller:
    """`wake` is set by whoever adds a feed."""

    def __init__(self, tools: Tools, at_once: int) -> None:
        self._tools = tools
        self._at_once = at_once
        self._running: dict[str, asyncio.Task[None]] = {}
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`. A poll that is cut off goes on at the next start: each entry was committed by itself."""
        try:
            while not stop.is_set():
                self.wake.clear()
                try:
                    await self._start_due()
                except Exception as error:  # a database that does not answer is tried again
                    log.warning("polling_failed", error=repr(error)[:500])
                await self._rest(stop)
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _start_due(self) -> None:
        async with self._tools.database.reading() as connection:
            due = await repository.due_feeds(connection, self._tools.clock())
        for feed in due:
            host = host_of(feed.fetch_url)
            if len(self._running) >= self._at_once:
                return
            if host not in self._running:
                self._running[host] = asyncio.create_task(self._poll(feed, host), name=f"poll {feed.url}")

    async def _poll(self, feed: Feed, host: str) -> None:
        try:
            await poll_feed(self._tools, feed)
        except FeedRemoved:
            log.info("feed_removed_during_poll", feed=feed.url)
        except Exception as error:
            log.exception("poll_broke", feed=feed.url)
            await self._postpone(feed, error)
        finally:
            del self._running[host]
            self.wake.set()

    async def _postpone(self, feed: Feed, error: Exception) -> None:
        """A fault of ours must neither stop the other feeds nor be repeated at once."""
        tools, failures = self._tools, feed.failures + 1
        changes = {
            "state": "failing",
            "error": f"Vedette failed on this feed ({type(error).__name__}); its log says why.",
            "failures": failures,
            "next_due": next_after_failure(tools.clock(), tools.bounds, failures, None, tools.chance()),
        }
        try:
            async with tools.database.unit_of_work() as connection:
                await repository.update_feed(connection, feed.id, changes)
        except Exception as second:
            log.warning("postpone_failed", feed=feed.url, error=repr(second)[:500])

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(self.wake.wait()), asyncio.ensure_future(stop.wait())]
        await asyncio.wait(waits, timeout=LOOK_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
