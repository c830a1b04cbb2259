"""One poll of one feed: download, parse, recognise, fetch texts, store; validators and the next due time come last."""

import asyncio
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from services.fetcher import repository
from services.fetcher.download_feed import DownloadFailed, FeedDownload, Validators, download_feed
from services.fetcher.fetch_article_text import PageReader, PollPages, Run
from services.fetcher.host_gates import HostGates
from services.fetcher.parse_feed.feed_document import FeedError, ParsedFeed
from services.fetcher.parse_feed.rss_atom import parse_rss_atom
from services.fetcher.recognise_entries import (
    IdentifiedEntry,
    describe_gaps,
    identify_entries,
    new_or_edited,
    nothing_to_publish,
)
from services.fetcher.repository import Feed
from services.fetcher.schedule import (
    WINDOW,
    Bounds,
    arrival_interval,
    asked_interval,
    next_after_failure,
    next_after_success,
)
from services.fetcher.store_articles import ArticleStore, FeedRemoved
from shared.database.unit_of_work import Database
from shared.http.safe_client import SafeClient
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics

log = structlog.get_logger()

SECONDS_FOR_PAGES = 120.0
"""Of one poll; articles that come later go out with the feed's text, their pages follow as revisions."""

MOVES_AFTER = 3
"""Polls that a permanent redirect must have stood before the stored URL follows it."""

Outcome = Literal["changed", "unchanged", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a poll works with. `chance` gives numbers in [0, 1)."""

    database: Database
    client: SafeClient
    gates: HostGates
    reader: PageReader
    store: ArticleStore
    run: Run
    bounds: Bounds
    clock: Clock
    chance: Callable[[], float]
    metrics: Metrics


async def poll_feed(tools: Tools, feed: Feed) -> Outcome:
    """Poll and reschedule. Raises only what the database raises; the feed's faults end in its `error`."""
    outcome: Outcome
    try:
        download = await _download(tools, feed)
        if download.outcome == "gone":
            await _record_gone(tools, feed, download)
            outcome = "gone"
        elif download.outcome == "unchanged" or download.body_hash == feed.body_hash:
            await _record_success(tools, feed, download, {})
            outcome = "unchanged"
        else:
            await _take_in(tools, feed, download)
            outcome = "changed"
    except (DownloadFailed, FeedError) as failure:
        await _record_failure(tools, feed, str(failure), getattr(failure, "retry_after", None))
        outcome = "failed"
    tools.metrics.polls.labels(outcome).inc()
    return outcome


async def _download(tools: Tools, feed: Feed) -> FeedDownload:
    # Validators belong to a document that was read; without its hash there is none.
    known = Validators(feed.etag, feed.last_modified) if feed.body_hash else Validators(None, None)
    async with tools.gates.turn(feed.fetch_url):
        return await download_feed(tools.client, feed.fetch_url, known, tools.clock())


async def _take_in(tools: Tools, feed: Feed, download: FeedDownload) -> None:
    document = await _parse(tools.run, download)
    feed = replace(
        feed, title=document.title or feed.title, homepage=feed.homepage or document.homepage,
        language=feed.language or document.language,
    )  # fmt: skip
    await _store_entries(tools, feed, document)
    if not document.complete:
        raise FeedError(document.damage or "The server sent a feed that stops in the middle.")
    await _record_success(
        tools,
        feed,
        download,
        {
            "title": feed.title,
            "homepage": feed.homepage,
            "language": feed.language,
            "notice": _notice(document),
            "body_hash": download.body_hash,
            "ttl_seconds": document.ttl_seconds,
        },
    )


async def _parse(run: Run, download: FeedDownload) -> ParsedFeed:
    try:
        document: ParsedFeed = await run(parse_rss_atom, download.body, download.url, download.content_type)
    except TimeoutError as error:
        raise FeedError("The server sent a feed that takes too long to read.") from error
    except BrokenProcessPool as error:
        raise FeedError("The server sent a feed that cannot be read: the parser breaks on it.") from error
    except FeedError:
        raise
    except Exception as error:
        log.exception("parser_failed", feed=download.url)
        raise FeedError(f"The server sent a feed that cannot be read ({type(error).__name__}).") from error
    return document


async def _store_entries(tools: Tools, feed: Feed, document: ParsedFeed) -> None:
    identified = identify_entries(feed.url, document.entries, tools.clock())
    async with tools.database.reading() as connection:
        known = await repository.known_entries(connection, feed.id, [entry.key for entry in identified])
    loop = asyncio.get_running_loop()
    pages_until = loop.time() + SECONDS_FOR_PAGES
    pages = PollPages(tools.reader, lambda: loop.time() > pages_until)
    failure: Exception | None = None
    for entry in new_or_edited(identified, known):
        try:
            await _store_entry(tools, feed, pages, entry)
        except FeedRemoved:
            raise
        except Exception as error:  # one poisonous entry must not keep the newer ones back; it is tried again
            log.exception("entry_failed", feed=feed.url, url=entry.entry.link)
            failure = failure or error
    if failure is not None:
        raise failure


async def _store_entry(tools: Tools, feed: Feed, pages: PollPages, entry: IdentifiedEntry) -> None:
    if nothing_to_publish(entry.entry):
        await tools.store.note_entry(feed, entry)
        return
    fetched = await pages.fetch_article_text(entry.entry)
    revision = await tools.store.store_entry(feed, entry, fetched)
    if revision is not None:
        tools.metrics.articles.inc()
        log.info("article_stored", article=entry.article_id, revision=revision, url=entry.entry.link, feed=feed.url)


def _notice(document: ParsedFeed) -> str | None:
    if not document.entries:
        return "The feed has no entries."
    return " ".join(filter(None, (document.damage, describe_gaps(document.entries)))) or None


async def _record_success(tools: Tools, feed: Feed, download: FeedDownload, changes: dict[str, Any]) -> None:
    now = tools.clock()
    validators = download.validators
    async with tools.database.unit_of_work() as connection:
        count, newest = await repository.arrivals(connection, feed.id, now - WINDOW)
        due = next_after_success(
            now,
            tools.bounds,
            arrival_interval(count, newest, now),
            asked_interval(changes.get("ttl_seconds", feed.ttl_seconds), download.cache_control),
            tools.chance(),
        )
        moved_to = download.permanent_url
        taken = moved_to is not None and await repository.is_taken(connection, moved_to, feed.id)
        await repository.update_feed(
            connection,
            feed.id,
            {
                "state": "ok",
                "error": None,
                "failures": 0,
                # a 304 need not repeat a validator that still holds
                "etag": validators.etag or (feed.etag if download.outcome == "unchanged" else None),
                "last_modified": validators.last_modified
                or (feed.last_modified if download.outcome == "unchanged" else None),
                "last_fetched": now,
                "next_due": due,
                **_moves(feed, moved_to, taken),
                **changes,
            },
        )


def _moves(feed: Feed, permanent_url: str | None, taken: bool) -> dict[str, Any]:
    """The stored URL follows a permanent redirect that stood for some polls, unless another feed is there already."""
    if permanent_url is None or permanent_url == feed.fetch_url or taken:
        return {"moved_to": None, "moved_polls": 0}
    polls = feed.moved_polls + 1 if permanent_url == feed.moved_to else 1
    if polls < MOVES_AFTER:
        return {"moved_to": permanent_url, "moved_polls": polls}
    log.info("feed_moved", feed=feed.url, to=permanent_url)
    return {"fetch_url": permanent_url, "moved_to": None, "moved_polls": 0}


async def _record_failure(tools: Tools, feed: Feed, sentence: str, retry_after: timedelta | None) -> None:
    now = tools.clock()
    due = next_after_failure(now, tools.bounds, feed.failures + 1, retry_after, tools.chance())
    log.warning("feed_failed", feed=feed.url, error=sentence, next_due=due.isoformat())
    await _update(
        tools, feed, now, {"state": "failing", "error": sentence, "next_due": due, "failures": feed.failures + 1}
    )


async def _record_gone(tools: Tools, feed: Feed, download: FeedDownload) -> None:
    now = tools.clock()
    sentence = f"{download.url} answered 410 Gone: the publisher has ended this feed; it is not polled any more."
    log.warning("feed_gone", feed=feed.url)
    await _update(tools, feed, now, {"state": "gone", "error": sentence})


async def _update(tools: Tools, feed: Feed, now: datetime, changes: dict[str, Any]) -> None:
    async with tools.database.unit_of_work() as connection:
        await repository.update_feed(connection, feed.id, {"last_fetched": now, **changes})
