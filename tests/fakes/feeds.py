"""RSS documents of own prose."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True)
class Item:
    """One entry with its full text in `content:encoded`."""

    guid: str
    title: str
    text: str
    link: str
    published: datetime | None = None


def rss(title: str, items: list[Item], language: str = "en") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(title)}</title><link>https://outlet.example/</link><language>{language}</language>"
        + "".join(map(_item, items))
        + "</channel></rss>"
    )


def _item(item: Item) -> str:
    date = f"<pubDate>{format_datetime(item.published.astimezone(UTC))}</pubDate>" if item.published else ""
    body = escape("".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.text.split("\n")))
    return (
        f'<item><guid isPermaLink="false">{escape(item.guid)}</guid><title>{escape(item.title)}</title>'
        f"<link>{escape(item.link)}</link>{date}<content:encoded>{body}</content:encoded></item>"
    )
