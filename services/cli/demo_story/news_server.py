"""The demo's outlets on one HTTP server: feeds with validators for conditional requests, and article pages."""

import asyncio
import hashlib
from datetime import datetime

from fastapi import FastAPI, Request, Response

from services.cli.demo_story.render_feed import article_page, feed_document
from services.cli.demo_story.story import Entry, Outlet


class Newsroom:
    """What has been published so far. `url` is the server's address, `started` the moment that dates count from.

    `fetched`: slugs of the outlets whose feed was downloaded since they last published; `downloaded` is set at each.
    """

    def __init__(self, url: str, started: datetime) -> None:
        self._url = url
        self._started = started
        self._entries: dict[tuple[str, str], Entry] = {}
        self._outlets: dict[str, Outlet] = {}
        self.fetched: set[str] = set()
        self.downloaded = asyncio.Event()

    def publish(self, entry: Entry) -> None:
        """Add the entry to its outlet's feed, in the place of an earlier version of it."""
        self._outlets[entry.outlet.slug] = entry.outlet
        self._entries[entry.outlet.slug, entry.slug] = entry
        self.fetched.discard(entry.outlet.slug)

    def home(self, outlet: Outlet) -> str:
        return f"{self._url}/{outlet.slug}"

    def feed_url(self, outlet: Outlet) -> str:
        return f"{self.home(outlet)}/feed.xml"

    def feed(self, slug: str) -> bytes | None:
        """None for an outlet that has published nothing."""
        outlet = self._outlets.get(slug)
        if outlet is None:
            return None
        self.fetched.add(slug)
        self.downloaded.set()
        entries = [entry for (of, _), entry in self._entries.items() if of == slug]
        return feed_document(outlet, entries, self.home(outlet), self._started)

    def page(self, outlet: str, slug: str) -> str | None:
        entry = self._entries.get((outlet, slug))
        return article_page(entry) if entry else None


def news_app(newsroom: Newsroom) -> FastAPI:
    """`/OUTLET/feed.xml` and `/OUTLET/ARTICLE`."""
    app = FastAPI(openapi_url=None)

    @app.get("/{outlet}/feed.xml")
    async def feed(outlet: str, request: Request) -> Response:
        body = newsroom.feed(outlet)
        if body is None:
            return Response(status_code=404)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(body, media_type="application/xml", headers={"etag": etag})

    @app.get("/{outlet}/{slug}")
    async def article(outlet: str, slug: str) -> Response:
        page = newsroom.page(outlet, slug)
        return Response(page, media_type="text/html") if page else Response(status_code=404)

    return app
