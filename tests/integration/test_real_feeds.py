"""Every real feed beside the project is read, stored and published; its pages are out of reach, as without internet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.fetcher.fetch_article_text import PageReader
from services.fetcher.parse_feed.rss_atom import parse_rss_atom
from services.fetcher.poll_feed import poll_feed
from shared.events.article import Article
from shared.http.safe_client import SafeClient
from tests.fakes.raw_http_server import response
from tests.fakes.site import Site
from tests.integration.fetcher.conftest import Fetcher, fetcher, run_here, site

__all__ = ["fetcher", "site"]

REAL = Path(__file__).parents[3] / "shared" / "feeds" / "real"
FILES = sorted(REAL.glob("*.xml"))


async def nobody(host: str, port: int) -> Sequence[str]:
    raise OSError(-2, "no internet in this test")


@pytest.mark.skipif(not FILES, reason="the real feeds (shared/feeds/real beside the project) are not there")
async def test_every_real_feed_is_read_stored_and_published(fetcher: Fetcher, site: Site) -> None:
    fetcher.clock.now = datetime(2026, 3, 1, tzinfo=UTC)  # the feeds are of February 2026
    offline = SafeClient("Vedette test", (), nobody)
    tools = replace(fetcher.tools, reader=PageReader(offline, fetcher.tools.gates, run_here))
    seen: set[str] = set()
    lines = [f"{'feed':28}{'bytes':>8}{'entries':>8}{'articles':>9}{'no title':>9}{'no link':>8}{'no date':>8}  notice"]
    for file in FILES:
        body = file.read_bytes()
        site.answers[f"/{file.name}"] = response(body)
        feed = await fetcher.add(f"/{file.name}")
        assert await poll_feed(tools, feed) == "changed"
        articles = [Article.model_validate(item) for item in (await fetcher.published()) if item["feed"] == feed.url]
        entries = parse_rss_atom(body, feed.url, None).entries
        stored = await fetcher.feed(feed)
        assert stored.state == "ok"
        assert entries
        assert {article.url for article in articles} <= {entry.link for entry in entries}
        for article in articles:
            assert article.title or article.text or article.url
            assert article.published is None or article.published <= fetcher.clock() + timedelta(hours=1)
        links = {entry.link for entry in entries}
        missing = len(links) - len({article.url for article in articles} | (links & seen))
        assert missing == 0, f"{file.name} lost {missing} entries"
        seen |= links
        lines.append(_line(file.name, body, len(entries), articles, stored.notice))
    print("\n" + "\n".join(lines))


def _line(name: str, body: bytes, entries: int, articles: list[Article], notice: str | None) -> str:
    gaps = [sum(getattr(article, slot) is None for article in articles) for slot in ("title", "url", "published")]
    return f"{name:28}{len(body):>8}{entries:>8}{len(articles):>9}{gaps[0]:>9}{gaps[1]:>8}{gaps[2]:>8}  {notice or ''}"
