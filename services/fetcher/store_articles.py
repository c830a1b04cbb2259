"""Transaction T1: entry, article and the message about it are committed together, one entry at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher import repository
from services.fetcher.canonical_url import registrable_domain
from services.fetcher.choose_text import ArticleText, has_shrunk
from services.fetcher.credited_agency import Agencies
from services.fetcher.fetch_article_text import FetchedText
from services.fetcher.recognise_entries import IdentifiedEntry
from services.fetcher.repository import Feed, StoredArticle
from services.fetcher.revisions import sentence_set_hash
from services.fetcher.tables import outbox
from shared.database.outbox import add_to_outbox
from shared.database.unit_of_work import Database
from shared.events.article import Article, Outlet
from shared.events.envelope import Attributes, to_message
from shared.events.identity import message_id
from shared.events.topics import ARTICLES
from shared.ops.clock import Clock

SOURCE = "/vedette/fetcher"
SECOND_LOOKS = (timedelta(hours=1), timedelta(hours=24))
"""After the article was first fetched, its page is looked at again."""


@dataclass(frozen=True, slots=True)
class PageChecks:
    """`retry`: the first pause before a page that could not be had is tried again."""

    retry: timedelta

    def next_due(self, first_fetched: datetime, now: datetime, page: str) -> datetime | None:
        """When to look at the page (again), None for never. A failed one is retried at doubling age for a day."""
        age = now - first_fetched
        looks = [look for look in SECOND_LOOKS if look > age]
        if page == "not_needed" or not looks:
            return None
        if page == "failed":
            looks.append(max(self.retry, 2 * age))
        return first_fetched + min(looks)


class FeedRemoved(Exception):
    """The feed was removed while it was polled: nothing more of it is stored."""


class ArticleStore:
    """Decides what is a revision, within the transaction that stores it. `committed` is set after each message owed."""

    def __init__(
        self, database: Database, clock: Clock, committed: asyncio.Event, checks: PageChecks, agencies: Agencies
    ) -> None:
        self._database = database
        self._clock = clock
        self._committed = committed
        self._checks = checks
        self._agencies = agencies

    async def store_entry(self, feed: Feed, entry: IdentifiedEntry, fetched: FetchedText) -> int | None:
        """The revision that was published, None if the entry says nothing new. Raises FeedRemoved."""
        now = self._clock()
        candidate = self._candidate(feed, entry, fetched, now)
        async with self._database.unit_of_work() as connection:
            if not await repository.hold_feed(connection, feed.id):
                raise FeedRemoved
            published = await self._store(connection, candidate)
            await repository.record_entry(connection, feed.id, entry, now)
        return self._announce(published)

    async def note_entry(self, feed: Feed, entry: IdentifiedEntry) -> None:
        """An entry that has nothing to publish is known from now on. Raises FeedRemoved."""
        async with self._database.unit_of_work() as connection:
            if not await repository.hold_feed(connection, feed.id):
                raise FeedRemoved
            await repository.record_entry(connection, feed.id, entry, self._clock())

    async def store_page(self, article: StoredArticle, text: ArticleText | None, page: str) -> int | None:
        """A later look at an article's page, `text` None if it gave none; the revision published, or None."""
        now = self._clock()
        due = self._checks.next_due(article.first_fetched, now, page)
        async with self._database.unit_of_work() as connection:
            stored = await repository.lock_article(connection, article.id)
            if stored is None or stored.revision != article.revision or text is None:
                await repository.update_article(connection, article.id, {"page_due": due})
                return None
            published = None
            if not has_shrunk(stored.text or "", text.text):
                published = await self._revise(connection, stored, self._with_text(stored, text, now))
            await repository.update_article(connection, article.id, {"page_due": due})
        return self._announce(published)

    async def _store(self, connection: AsyncConnection, candidate: StoredArticle) -> int | None:
        stored = await repository.lock_article(connection, candidate.id)
        if stored is None:
            if await repository.insert_article(connection, candidate):
                await _publish(connection, candidate)
                return candidate.revision
            stored = await repository.lock_article(connection, candidate.id)
            assert stored is not None
        if stored.home_feed_id not in (None, candidate.home_feed_id):
            return None  # two feeds with one article: the first decides, else their versions would alternate
        return await self._revise(connection, stored, candidate)

    async def _revise(self, connection: AsyncConnection, stored: StoredArticle, candidate: StoredArticle) -> int | None:
        if candidate.sentences_hash == stored.sentences_hash:
            kept = {"home_feed_id": candidate.home_feed_id, "page_due": candidate.page_due}
            await repository.update_article(connection, stored.id, kept)
            return None
        revised = replace(
            candidate,
            revision=stored.revision + 1,
            published=candidate.published or stored.published,
            first_fetched=stored.first_fetched,
        )
        await repository.update_article(connection, stored.id, _changes(revised))
        await _publish(connection, revised)
        return revised.revision

    def _candidate(self, feed: Feed, entry: IdentifiedEntry, fetched: FetchedText, now: datetime) -> StoredArticle:
        title, outlet = entry.entry.title, outlet_of(feed)
        return StoredArticle(
            id=entry.article_id,
            revision=1,
            sentences_hash=sentence_set_hash(title, fetched.text.text),
            home_feed_id=feed.id,
            feed_url=feed.url,
            url=entry.entry.link,
            outlet=outlet.model_dump(),
            agency=self._agencies.credited(outlet.name, entry.entry.author, fetched.text.text),
            title=title,
            text=fetched.text.text,
            truncated=fetched.text.truncated,
            text_source=fetched.text.source,
            language=feed.language or entry.entry.language,
            published=entry.entry.published,
            first_fetched=now,
            fetched=now,
            page_due=self._checks.next_due(now, now, fetched.page),
        )

    def _with_text(self, stored: StoredArticle, text: ArticleText, now: datetime) -> StoredArticle:
        return replace(
            stored,
            sentences_hash=sentence_set_hash(stored.title, text.text),
            agency=stored.agency or self._agencies.credited_in(text.text),
            text=text.text,
            truncated=text.truncated,
            text_source=text.source,
            fetched=now,
        )

    def _announce(self, published: int | None) -> int | None:
        if published is not None:
            self._committed.set()
        return published


def outlet_of(feed: Feed) -> Outlet:
    """Who prints what the feed carries: as given, else by the feed's own title and the domain of its homepage."""
    domain = registrable_domain(feed.homepage) or registrable_domain(feed.fetch_url)
    return Outlet(
        name=feed.outlet or feed.title or domain or feed.url,
        domain=domain,
        family=feed.family or domain,
        country=feed.country,
    )


def to_article(stored: StoredArticle) -> Article:
    """The message about the stored revision."""
    return Article(
        id=stored.id,
        revision=stored.revision,
        url=stored.url,
        outlet=Outlet.model_validate(stored.outlet),
        agency=stored.agency,
        feed=stored.feed_url,
        title=stored.title,
        text=stored.text or "",
        truncated=stored.truncated,
        text_source="page" if stored.text_source == "page" else "feed",
        language=stored.language,
        published=stored.published,
        fetched=stored.fetched,
    )


def _changes(article: StoredArticle) -> Mapping[str, Any]:
    names = set(StoredArticle.__slots__) - {"id", "first_fetched"}
    return {name: getattr(article, name) for name in names}


async def _publish(connection: AsyncConnection, article: StoredArticle) -> None:
    attributes = Attributes(
        id=message_id(article.id, article.revision),
        source=SOURCE,
        type=ARTICLES,
        subject=article.id,
        time=article.fetched,
    )
    message = to_message(ARTICLES, article.id, attributes, to_article(article))
    await add_to_outbox(connection, outbox, message, article.fetched)
