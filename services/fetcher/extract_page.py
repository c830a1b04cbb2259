"""The article's text out of its page, by trafilatura. CPU-bound and fed by strangers: runs in the process pool."""

import re

import trafilatura

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEAD_BYTES = 4_000


def extract_page(body: bytes, content_type: str | None) -> str | None:
    """The main text, a paragraph a line, None if there is none. Comments, tables of links and the like are left out."""
    text: str | None = trafilatura.extract(
        decode_page(body, content_type), include_comments=False, include_tables=False, with_metadata=False
    )
    return text or None


def decode_page(body: bytes, content_type: str | None) -> str:
    """By the Content-Type header, else the page's own word, else UTF-8, else Windows-1252 (WHATWG's fallback)."""
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body[:_HEAD_BYTES])
    for charset in (header[1] if header else None, meta[1].decode("ascii") if meta else None, "utf-8"):
        try:
            if charset:
                return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("windows-1252", "replace")
