"""Feeds and pages of the demo's outlets as an outlet's server would send them. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from services.cli.demo_story.story import Article, Entry, Outlet

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"


def feed_document(outlet: Outlet, entries: Sequence[Entry], home: str, started: datetime) -> bytes:
    """The outlet's feed, newest entry first. `home` is the outlet's front page, without a slash at its end."""
    newest_first = sorted(entries, key=lambda entry: entry.hours_ago)
    write = {"rss": _rss, "atom": _atom}[outlet.syndication]
    document: bytes = tostring(write(outlet, newest_first, home, started), encoding="utf-8", xml_declaration=True)
    return document


def article_page(entry: Entry) -> str:
    """The article's web page, with what surrounds articles on the web."""
    article = entry.article
    return (
        f'<!doctype html><html lang="{article.language}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)} | {escape(entry.outlet.name)}</title></head><body>"
        f"<header><nav><a href='/'>{escape(entry.outlet.name)}</a></nav></header>"
        f"<main><article><h1>{escape(article.title)}</h1>{_html(article)}</article></main>"
        f"<footer><p>© {escape(entry.outlet.name)}</p></footer></body></html>"
    )


def _rss(outlet: Outlet, entries: Sequence[Entry], home: str, started: datetime) -> Element:
    register_namespace("content", CONTENT)
    rss = Element("rss", {"version": "2.0"})
    channel = SubElement(rss, "channel")
    for tag, text in (("title", outlet.name), ("link", f"{home}/"), ("language", outlet.language)):
        SubElement(channel, tag).text = text
    SubElement(channel, "description").text = f"News from {outlet.name}"
    for entry in entries:
        item = SubElement(channel, "item")
        link = f"{home}/{entry.slug}"
        SubElement(item, "title").text = entry.article.title
        SubElement(item, "link").text = link
        SubElement(item, "guid", {"isPermaLink": "true"}).text = link
        SubElement(item, "pubDate").text = format_datetime(_published(entry, started), usegmt=True)
        SubElement(item, "description").text = teaser(entry.article)
        if entry.whole_text:
            SubElement(item, f"{{{CONTENT}}}encoded").text = _html(entry.article)
    return rss


def _atom(outlet: Outlet, entries: Sequence[Entry], home: str, started: datetime) -> Element:
    register_namespace("", ATOM)
    feed = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": outlet.language})
    SubElement(feed, f"{{{ATOM}}}title").text = outlet.name
    SubElement(feed, f"{{{ATOM}}}id").text = f"{home}/"
    SubElement(feed, f"{{{ATOM}}}link", {"href": f"{home}/"})
    SubElement(feed, f"{{{ATOM}}}updated").text = started.isoformat(timespec="seconds")
    for entry in entries:
        item = SubElement(feed, f"{{{ATOM}}}entry")
        link = f"{home}/{entry.slug}"
        SubElement(item, f"{{{ATOM}}}title").text = entry.article.title
        SubElement(item, f"{{{ATOM}}}id").text = link
        SubElement(item, f"{{{ATOM}}}link", {"href": link})
        for moment in ("published", "updated"):
            SubElement(item, f"{{{ATOM}}}{moment}").text = _published(entry, started).isoformat(timespec="seconds")
        SubElement(item, f"{{{ATOM}}}summary").text = teaser(entry.article)
        if entry.whole_text:
            SubElement(item, f"{{{ATOM}}}content", {"type": "html"}).text = _html(entry.article)
    return feed


def teaser(article: Article) -> str:
    """The first sentence; the texts have no abbreviation before its end."""
    return article.paragraphs[0].partition(". ")[0] + "."


def _published(entry: Entry, started: datetime) -> datetime:
    return (started - timedelta(hours=entry.hours_ago)).replace(microsecond=0)


def _html(article: Article) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
