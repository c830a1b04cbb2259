"""`/api/v1/feeds` and `/api/v1/articles`."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.fetcher import repository
from services.fetcher.characters import unfit_for_url
from services.fetcher.opml import FeedOutline, OpmlError, read_opml, write_opml
from services.fetcher.repository import Feed
from services.fetcher.store_articles import outlet_of, to_article
from shared.database.unit_of_work import Database
from shared.http.addresses import can_be_host, can_be_port
from shared.http.auth import Authorise
from shared.http.cursors import PAGE_SIZE, Page, read_cursor, write_cursor
from shared.http.problems import Problem
from shared.http.query import refuse_unknown_parameters
from shared.ops.clock import Clock

LONG_BODIES = {"/api/v1/feeds/import": 5_000_000}
"""Bytes that a request may have where the usual cap is too small (shared.http.gate)."""

LONGEST_URL = 2_000

Limit = Annotated[int, Query(ge=1, le=1000)]
FeedId = Annotated[int, Query(ge=0, le=2**63 - 1)]


OPML = "text/x-opml"


class _Opml(Response):
    media_type = OPML


class FeedItem(BaseModel):
    """A feed as the API and the command line show it; `url` as it was given."""

    id: int
    url: str
    outlet: str
    domain: str | None
    family: str | None
    country: str | None
    language: str | None
    state: str
    last_fetched: datetime | None
    next_due: datetime | None
    error: str | None = Field(description="one sentence, also on what an ok feed's entries lack")


class RefusedFeed(BaseModel):
    url: str
    error: str


class AddedFeeds(BaseModel):
    """What became of each: added, watched already, or refused with what is wrong."""

    added: list[FeedItem]
    known: list[FeedItem]
    refused: list[RefusedFeed]


class NewFeeds(BaseModel):
    """Feeds to watch."""

    model_config = ConfigDict(extra="forbid")

    urls: list[str] = Field(min_length=1, max_length=1000)


def fetcher_router(
    database: Database, clock: Clock, feeds_changed: Callable[[], None], authorise: Authorise
) -> APIRouter:
    """All endpoints of the fetcher. `feeds_changed` is called after feeds were added."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(authorise), Depends(refuse_unknown_parameters)])
    _add_feeds(router, database, clock, feeds_changed)
    _add_opml(router, database, clock, feeds_changed)
    _add_articles(router, database)
    return router


def _add_feeds(router: APIRouter, database: Database, clock: Clock, feeds_changed: Callable[[], None]) -> None:
    @router.get("/feeds")
    async def list_feeds(
        url: str | None = None, after: FeedId = 0, limit: Limit = PAGE_SIZE
    ) -> Page[FeedItem, int | None]:
        """Feeds in the order they were added."""
        async with database.reading() as connection:
            same = url and await repository.known_url(connection, url)
            feeds = await repository.list_feeds(connection, after, limit, same or url)
        more = feeds[-1].id if len(feeds) == limit else None
        return Page(items=[feed_item(feed) for feed in feeds], next=more)

    @router.post("/feeds")
    async def add_feeds(new: NewFeeds) -> AddedFeeds:
        """Add the good ones, name the bad ones with what is wrong."""
        outcome = await _add_outlines(database, clock, [FeedOutline(url.strip()) for url in new.urls])
        feeds_changed()
        return outcome

    @router.delete("/feeds", status_code=204)
    async def remove_feed(url: str) -> None:
        """Watch it no longer; its articles stay."""
        async with database.unit_of_work() as connection:
            known = await repository.known_url(connection, url)
            if known is None:
                raise Problem(404, "No such feed", f"{url} is not watched; `vedette feeds list` shows what is.")
            (feed,) = await repository.list_feeds(connection, url=known)
            await repository.remove_feed(connection, feed.id)


def _add_opml(router: APIRouter, database: Database, clock: Clock, feeds_changed: Callable[[], None]) -> None:
    @router.post("/feeds/import", openapi_extra={"requestBody": {"content": {OPML: {}}, "required": True}})
    async def import_feeds(request: Request) -> AddedFeeds:
        """Add the feeds of an OPML document (the request's body)."""
        try:
            outlines = read_opml(await request.body())
        except OpmlError as error:
            raise Problem(422, "No OPML list", str(error)) from error
        outcome = await _add_outlines(database, clock, outlines)
        feeds_changed()
        return outcome

    @router.get("/feeds/export", response_class=_Opml)
    async def export_feeds() -> Response:
        """All feeds as OPML."""
        async with database.reading() as connection:
            feeds = await repository.list_feeds(connection)
        return _Opml(write_opml(map(_outline, feeds), "Feeds of Vedette"))


def _add_articles(router: APIRouter, database: Database) -> None:
    @router.get("/articles")
    async def list_articles(after: str | None = None, limit: Limit = PAGE_SIZE) -> dict[str, Any]:
        """Articles without their texts, the last revised first."""
        async with database.reading() as connection:
            found = await repository.list_articles(connection, read_cursor(after), limit)
        more = write_cursor(found[-1].fetched, found[-1].id) if len(found) == limit else None
        items = [to_article(article).model_dump(mode="json", exclude={"text"}) for article in found]
        return {"items": items, "next": more}

    @router.get("/articles/{article_id}")
    async def show_article(article_id: str) -> dict[str, Any]:
        """The latest revision, its text included (null once it is older than texts are kept)."""
        async with database.reading() as connection:
            article = await repository.find_article(connection, article_id)
        if article is None:
            raise Problem(404, "No such article", f"There is no article with the id {article_id}.")
        return to_article(article).model_dump(mode="json") | {"text": article.text}


def feed_item(feed: Feed) -> FeedItem:
    outlet = outlet_of(feed)
    return FeedItem(
        id=feed.id,
        url=feed.url,
        outlet=outlet.name,
        domain=outlet.domain,
        family=outlet.family,
        country=feed.country,
        language=feed.language,
        state=feed.state,
        last_fetched=feed.last_fetched,
        next_due=feed.next_due if feed.state != "gone" else None,
        error=feed.error or feed.notice,
    )


def public_document(feed: Feed) -> dict[str, Any]:
    """A feed as `/status` shows it to everybody: queries are left out, since the keys of paid feeds are in them."""
    item = feed_item(feed)
    error = _without_queries(item.error) if item.error else None
    return item.model_copy(update={"url": _without_query(feed.url), "error": error}).model_dump(mode="json")


def _without_query(url: str) -> str:
    before, mark, _ = url.partition("?")
    return f"{before}?…" if mark else url


def _without_queries(sentence: str) -> str:
    """The same for URLs within a sentence, which may be others than the feed's own, with user and password."""
    return re.sub(r"(?<=//)[^\s/@]+@", "", re.sub(r"(?<=\?)[^\s'\"]+", "…", sentence))


async def _add_outlines(database: Database, clock: Clock, outlines: list[FeedOutline]) -> AddedFeeds:
    wrong = {outline.url: sentence for outline in outlines if (sentence := _what_is_wrong(outline.url))}
    good = [outline for outline in outlines if outline.url not in wrong]
    async with database.unit_of_work() as connection:
        kept = await repository.add_feeds(connection, good, clock())
    return AddedFeeds(
        added=[feed_item(feed) for feed, is_new in kept if is_new],
        known=[feed_item(feed) for feed, is_new in kept if not is_new],
        refused=[RefusedFeed(url=url, error=sentence) for url, sentence in wrong.items()],
    )


def _what_is_wrong(url: str) -> str | None:
    """A sentence on a URL that can never be a feed's, None for a good one."""
    if len(url) > LONGEST_URL:
        return f"this is longer than the {LONGEST_URL} characters a feed's URL may have"
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        return f"this is no valid URL ({error})"
    if unfit_for_url(url):
        return "there are characters in this that no URL has"
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return "a feed's URL begins with http:// or https:// and names a host"
    if parsed.userinfo:
        return "a feed's URL must not carry a user name or password"
    if not can_be_host(parsed.raw_host.decode("ascii")):
        return f"{parsed.host} cannot be the name of a host"
    if not can_be_port(parsed.port):
        return f"{parsed.port} is no port a server can have"
    return None


def _outline(feed: Feed) -> FeedOutline:
    return FeedOutline(feed.url, feed.outlet or feed.title, feed.homepage, feed.language, feed.family, feed.country)
