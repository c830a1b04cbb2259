"""A small news site over loopback: feeds and pages that a test can edit while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape

from tests.fakes.raw_http_server import RawServer, raw_server, response


@dataclass
class Item:
    """An RSS item; None leaves the tag out. `path` is its page on the site."""

    title: str | None = "A title"
    path: str | None = None
    guid: str | None = None
    date: str | None = "Sat, 01 Mar 2025 10:00:00 GMT"
    summary: str | None = None
    content: str | None = None


@dataclass
class Site:
    """`answers` maps a path to the bytes that are sent; any other path is 404. `hang_up` paths break the connection."""

    server: RawServer
    answers: dict[str, bytes] = field(default_factory=dict)
    hang_up: set[str] = field(default_factory=set)

    def url(self, path: str) -> str:
        return self.server.url(path)

    def requests(self, path: str) -> list[bytes]:
        return [request for request in self.server.requests if request.split(b" ")[1] == path.encode()]

    def feed(
        self, *items: Item, path: str = "/feed.xml", headers: tuple[str, ...] = (), title: str = "Harbour Post"
    ) -> None:
        """Serve the items as RSS."""
        tags = "".join(self._item(item) for item in items)
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>{title}</title>{tags}</channel></rss>"
        )
        self.answers[path] = response(body.encode(), "Content-Type: application/rss+xml", *headers)

    def page(self, path: str, *paragraphs: str, title: str = "Fog") -> None:
        """Serve an article page."""
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        body = f"<html><body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{text}</article></body></html>"
        self.answers[path] = response(body.encode(), "Content-Type: text/html; charset=utf-8")

    def status(self, path: str, status: str, *headers: str) -> None:
        self.answers[path] = response(b"", *headers, status=status)

    def _item(self, item: Item) -> str:
        tags = {
            "title": item.title,
            "link": self.url(item.path) if item.path else None,
            "guid": item.guid,
            "pubDate": item.date,
            "description": item.summary,
            "content:encoded": item.content,
        }
        inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in tags.items() if text is not None)
        return f"<item>{inner}</item>"


@asynccontextmanager
async def running_site() -> AsyncIterator[Site]:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ")[1].decode()
        if path in site.hang_up:
            writer.close()
            return
        writer.write(site.answers.get(path, response(b"", status="404 Not Found")))

    async with raw_server(answer) as server:
        site = Site(server)
        yield site
