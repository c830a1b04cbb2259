"""All queries of the fetcher. Every function works within the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.canonical_url import feed_address
from services.fetcher.opml import FeedOutline
from services.fetcher.recognise_entries import IdentifiedEntry, KnownEntry
from services.fetcher.tables import articles, entries, feeds
from shared.database.dialects import insert
from shared.database.locks import lock

_KEYS_PER_QUERY = 500
"""Stays below SQLite's limit of variables."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One subscribed feed. `state` is new, ok, failing or gone; see tables.feeds for the rest."""

    id: int
    url: str
    fetch_url: str
    outlet: str | None
    homepage: str | None
    language: str | None
    family: str | None
    country: str | None
    title: str | None
    state: str
    error: str | None
    notice: str | None
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    ttl_seconds: int | None
    last_fetched: datetime | None
    next_due: datetime
    failures: int
    moved_to: str | None
    moved_polls: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """The latest revision of an article. `text` is None once it is older than texts are kept."""

    id: str
    revision: int
    sentences_hash: str
    home_feed_id: int | None
    feed_url: str
    url: str | None
    outlet: dict[str, Any]
    agency: str | None
    title: str | None
    text: str | None
    truncated: bool
    text_source: str
    language: str | None
    published: datetime | None
    first_fetched: datetime
    fetched: datetime
    page_due: datetime | None


def _feed(row: Row[Any]) -> Feed:
    return Feed(**row._mapping)


def _article(row: Row[Any]) -> StoredArticle:
    return StoredArticle(**row._mapping)


async def add_feeds(
    connection: AsyncConnection, outlines: Sequence[FeedOutline], now: datetime
) -> list[tuple[Feed, bool]]:
    """The feed of each outline's URL and whether it was added now.

    One that is known keeps its URL as it was given first and takes over family and country, where the outline has
    them; one that is gone is tried anew.
    """
    await lock(connection, "fetcher feeds")  # two spellings of one URL would not stand in each other's way
    known = await _urls_by_address(connection)
    return [await _add_feed(connection, outline, known, now) for outline in outlines]


async def _add_feed(
    connection: AsyncConnection, outline: FeedOutline, known: dict[str, str], now: datetime
) -> tuple[Feed, bool]:
    address = feed_address(outline.url)
    is_new = address not in known
    same = feeds.c.url == known.setdefault(address, outline.url)
    if is_new:
        await connection.execute(insert(connection, feeds).values(_new_feed(outline, now)))
    else:
        told = {"family": outline.family, "country": outline.country}
        if changes := {name: value for name, value in told.items() if value}:
            await connection.execute(update(feeds).where(same).values(changes))
        gone = and_(same, feeds.c.state == "gone")
        await connection.execute(update(feeds).where(gone).values(state="new", error=None, next_due=now))
    return _feed((await connection.execute(select(feeds).where(same))).one()), is_new


def _new_feed(outline: FeedOutline, now: datetime) -> dict[str, Any]:
    return {
        "url": outline.url,
        "fetch_url": outline.url,
        "outlet": outline.outlet,
        "homepage": outline.homepage,
        "language": outline.language,
        "family": outline.family,
        "country": outline.country,
        "state": "new",
        "next_due": now,
        "failures": 0,
        "moved_polls": 0,
        "added_at": now,
    }


async def known_url(connection: AsyncConnection, url: str) -> str | None:
    """The URL under which the feed of this one is kept, None if there is no such feed."""
    return (await _urls_by_address(connection)).get(feed_address(url))


async def _urls_by_address(connection: AsyncConnection) -> dict[str, str]:
    """URLs as given, the older of two feeds that earlier versions took for different ones."""
    newest_first = select(feeds.c.url).order_by(feeds.c.id.desc())
    return {feed_address(url): url for url in await connection.scalars(newest_first)}


async def list_feeds(
    connection: AsyncConnection, after: int = 0, limit: int | None = None, url: str | None = None
) -> list[Feed]:
    """Feeds with an id above `after`, by id; only the one with this URL if it is given."""
    query = select(feeds).where(feeds.c.id > after).order_by(feeds.c.id).limit(limit)
    if url is not None:
        query = query.where(feeds.c.url == url)
    return [_feed(row) for row in await connection.execute(query)]


async def hold_feed(connection: AsyncConnection, feed_id: int) -> bool:
    """True if the feed is there: it is not removed before the transaction ends."""
    query = select(feeds.c.id).where(feeds.c.id == feed_id).with_for_update(read=True, key_share=True)
    return (await connection.execute(query)).first() is not None


async def remove_feed(connection: AsyncConnection, feed_id: int) -> bool:
    """Forget the feed and its entries; its articles stay."""
    result = await connection.execute(delete(feeds).where(feeds.c.id == feed_id))
    return bool(result.rowcount)


async def is_empty(connection: AsyncConnection) -> bool:
    """True if nothing was ever watched here."""
    kept = select(feeds.c.id).limit(1), select(articles.c.id).limit(1)
    return not any([(await connection.execute(query)).first() for query in kept])


async def due_feeds(connection: AsyncConnection, now: datetime) -> list[Feed]:
    """Feeds to be polled now, the most overdue first."""
    due = and_(feeds.c.next_due <= now, feeds.c.state != "gone")
    return [_feed(row) for row in await connection.execute(select(feeds).where(due).order_by(feeds.c.next_due))]


async def update_feed(connection: AsyncConnection, feed_id: int, changes: Mapping[str, Any]) -> None:
    await connection.execute(update(feeds).where(feeds.c.id == feed_id).values(dict(changes)))


async def is_taken(connection: AsyncConnection, url: str, feed_id: int) -> bool:
    """True if a feed other than this one is polled at the URL."""
    taken = and_(or_(feeds.c.url == url, feeds.c.fetch_url == url), feeds.c.id != feed_id)
    return (await connection.execute(select(feeds.c.id).where(taken).limit(1))).first() is not None


async def arrivals(connection: AsyncConnection, feed_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many entries arrived after `since`, and when the newest of all did."""
    own = entries.c.feed_id == feed_id
    newest = select(entries.c.arrived).where(own).order_by(entries.c.arrived.desc()).limit(1)
    count = select(func.count()).select_from(entries).where(own, entries.c.arrived > since)
    return (await connection.execute(count)).scalar_one(), (await connection.execute(newest)).scalar_one_or_none()


async def known_entries(connection: AsyncConnection, feed_id: int, keys: Sequence[str]) -> dict[str, KnownEntry]:
    """What is stored of these entries, by key."""
    known: dict[str, KnownEntry] = {}
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        some = entries.c.key.in_(keys[start : start + _KEYS_PER_QUERY])
        for row in await connection.execute(select(entries).where(entries.c.feed_id == feed_id, some)):
            known[row.key] = KnownEntry(row.article_id, row.content_hash)
    return known


async def record_entry(connection: AsyncConnection, feed_id: int, entry: IdentifiedEntry, now: datetime) -> None:
    """The entry has been dealt with as it stands."""
    statement = insert(connection, entries).values(
        feed_id=feed_id,
        key=entry.key,
        article_id=entry.article_id,
        content_hash=entry.content_hash,
        arrived=min(entry.entry.published or now, now),
    )
    changed = {"article_id": entry.article_id, "content_hash": entry.content_hash}
    await connection.execute(statement.on_conflict_do_update(index_elements=["feed_id", "key"], set_=changed))


async def lock_article(connection: AsyncConnection, article_id: str) -> StoredArticle | None:
    """The article, locked against other writers until the transaction ends."""
    query = select(articles).where(articles.c.id == article_id).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return _article(row) if row else None


async def insert_article(connection: AsyncConnection, article: StoredArticle) -> bool:
    """False if another feed has stored it in the meantime."""
    values = {column.name: getattr(article, column.name) for column in articles.columns}
    added = insert(connection, articles).values(values).on_conflict_do_nothing().returning(articles.c.id)
    return (await connection.execute(added)).first() is not None


async def update_article(connection: AsyncConnection, article_id: str, changes: Mapping[str, Any]) -> None:
    await connection.execute(update(articles).where(articles.c.id == article_id).values(dict(changes)))


async def find_article(connection: AsyncConnection, article_id: str) -> StoredArticle | None:
    row = (await connection.execute(select(articles).where(articles.c.id == article_id))).one_or_none()
    return _article(row) if row else None


async def list_articles(
    connection: AsyncConnection, before: tuple[datetime, str] | None, limit: int
) -> list[StoredArticle]:
    """Articles by time of their last revision, the newest first; `before` is (fetched, id) of the last one seen."""
    query = select(articles).order_by(articles.c.fetched.desc(), articles.c.id.desc()).limit(limit)
    if before is not None:
        fetched, article_id = before
        earlier = and_(articles.c.fetched == fetched, articles.c.id < article_id)
        query = query.where(or_(articles.c.fetched < fetched, earlier))
    return [_article(row) for row in await connection.execute(query)]


async def due_pages(connection: AsyncConnection, now: datetime, limit: int) -> list[StoredArticle]:
    """Articles whose page is to be looked at again."""
    query = select(articles).where(articles.c.page_due <= now).order_by(articles.c.page_due).limit(limit)
    return [_article(row) for row in await connection.execute(query)]


async def prune_texts(connection: AsyncConnection, before: datetime) -> int:
    """Drop texts last fetched before `before`. What recognises an article stays: a feed may show it again."""
    old = and_(articles.c.fetched < before, articles.c.text.is_not(None))
    result = await connection.execute(update(articles).where(old).values(text=None, page_due=None))
    return result.rowcount
