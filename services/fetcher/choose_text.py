"""Which text stands for an article: the feed's own or the page's. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from services.fetcher.parse_feed.feed_document import ParsedEntry
from shared.events.article import MAX_TEXT_BYTES

COMPLETE_CHARACTERS = 600
SHORTEST_PAGE = 200
"""Characters; less is a consent note or an error page, not an article."""

SHRUNK_TO = 0.5
"""A page that lost more than half its text between two looks shows a paywall or a consent page, not an edit."""

_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[\s*(?:…|\.{3}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\))[\s\"'”’»\])]*$")
_READ_MORE = re.compile(
    r"\b(?:read|continue|keep reading|more|full (?:story|article|text)|weiter|mehr|lesen|zum artikel|ganzen artikel|"
    r"lire|suite|leer|seguir|czytaj|więcej|далее|читать|читати|далі)\b|[…»→>]\s*$|\.\.\.\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """A text for the bus; `complete` is False for a teaser that the page should replace."""

    text: str
    source: Literal["feed", "page"]
    complete: bool
    truncated: bool


def feed_text(entry: ParsedEntry) -> ArticleText:
    """The longest text the feed gives. Complete: its content has 600 characters and no sign of being cut."""
    content, summary = entry.content or "", entry.summary or ""
    complete = (
        len(content) >= COMPLETE_CHARACTERS
        and not _ELLIPSIS.search(content[-20:])
        and not (entry.content_ends_in_link and _READ_MORE.search(entry.content_ends_in_link[-80:]))
    )
    text, truncated = cut(content if complete or len(content) >= len(summary) else summary)
    return ArticleText(text, "feed", complete, truncated)


def page_text(extracted: str | None, title: str | None, feed: ArticleText) -> ArticleText | None:
    """The page's text if it is an article and says no less than the feed does, else None.

    A first line that only repeats the title is left out: it stands in the article's title already.
    """
    if extracted is None:
        return None
    first, _, rest = extracted.partition("\n")
    body = rest if _folded(first) == _folded(title or "") else extracted
    if len(body) < max(SHORTEST_PAGE, len(feed.text)):
        return None
    text, truncated = cut(body)
    return ArticleText(text, "page", True, truncated)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def has_shrunk(before: str, after: str) -> bool:
    """True if a later look at a page found so little that it is no edit."""
    return len(after) < SHRUNK_TO * len(before)


def cut(text: str, limit: int = MAX_TEXT_BYTES) -> tuple[str, bool]:
    """At most `limit` bytes of UTF-8, whole code points, and whether anything was cut off."""
    encoded = text.replace("\0", "").encode("utf-8", "replace")  # PostgreSQL takes no NUL
    if len(encoded) <= limit:
        return encoded.decode(), False
    return encoded[:limit].decode("utf-8", "ignore"), True
