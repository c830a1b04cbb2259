"""One conditional GET of a feed: what the server answered, or a sentence on why it did not."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

from services.fetcher.schedule import LONGEST_RETRY_AFTER
from shared.http.retry_after import parse_retry_after
from shared.http.safe_client import SafeClient, SafeClientError, SafeResponse

MAX_FEED_BYTES = 10_000_000
DEADLINE_SECONDS = 30.0
MAX_REDIRECTS = 5
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


class DownloadFailed(Exception):
    """No feed this time; one clear sentence, and how long the server asks to be left alone."""

    def __init__(self, sentence: str, retry_after: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Validators:
    """As the server sent them, byte for byte (latin-1 keeps bytes)."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class FeedDownload:
    """`outcome`: changed (the body is a document), unchanged (304: the body is empty), gone (410)."""

    outcome: Literal["changed", "unchanged", "gone"]
    url: str
    permanent_url: str | None
    validators: Validators
    cache_control: str | None
    content_type: str | None
    body: bytes

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


async def download_feed(client: SafeClient, url: str, known: Validators, now: datetime) -> FeedDownload:
    """GET with both validators. Raises DownloadFailed for everything that is neither a document, 304 nor 410."""
    headers = {"Accept": _ACCEPT}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    try:
        answer = await client.get(
            url, headers, deadline=DEADLINE_SECONDS, max_bytes=MAX_FEED_BYTES, follow_redirects=MAX_REDIRECTS
        )
    except SafeClientError as error:
        raise DownloadFailed(str(error)) from error
    match answer.status:
        case HTTPStatus.OK | HTTPStatus.NON_AUTHORITATIVE_INFORMATION:
            return _download("changed", answer, answer.body)
        case HTTPStatus.NOT_MODIFIED:
            return _download("unchanged", answer, b"")
        case HTTPStatus.GONE:
            return _download("gone", answer, b"")
        case status:
            retry_after = parse_retry_after(answer.headers.get("Retry-After"), now, LONGEST_RETRY_AFTER)
            raise DownloadFailed(f"{answer.url} answered {named_status(status)}.", retry_after)


def named_status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _download(outcome: Literal["changed", "unchanged", "gone"], answer: SafeResponse, body: bytes) -> FeedDownload:
    raw = {name.lower(): value for name, value in reversed(answer.headers.raw)}

    def header(name: bytes) -> str | None:
        return raw[name].decode("latin-1") if name in raw else None

    return FeedDownload(
        outcome=outcome,
        url=answer.url,
        permanent_url=answer.permanent_url,
        validators=Validators(header(b"etag"), header(b"last-modified")),
        cache_control=answer.headers.get("Cache-Control"),
        content_type=header(b"content-type"),
        body=body,
    )
