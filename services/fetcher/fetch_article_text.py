"""The text of an article: the feed's own where it is complete, else the page's, else the feed's after all."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, Protocol

from services.fetcher.choose_text import ArticleText, feed_text, page_text
from services.fetcher.download_feed import named_status
from services.fetcher.extract_page import extract_page
from services.fetcher.host_gates import HostGates, host_of
from services.fetcher.parse_feed.feed_document import ParsedEntry
from shared.http.safe_client import AddressRefused, DeadlineExceeded, FetchFailed, SafeClient, SafeClientError

MAX_PAGE_BYTES = 4_000_000
DEADLINE_SECONDS = 10.0
"""With three of them a dead host holds a poll up for half a minute at most."""

MAX_REDIRECTS = 5
LOST_AFTER = 3
"""Connection failures after which a host's remaining pages are not tried in the same poll."""

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_READABLE = ("text/html", "application/xhtml+xml", "")


class Run(Protocol):
    """Call a picklable function outside the event loop (shared.ops.process_pool)."""

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...


class PageFailed(Exception):
    """No text from the page; one sentence. `lasting`: asking again soon would not help."""

    def __init__(self, sentence: str, *, lasting: bool, no_connection: bool = False) -> None:
        super().__init__(sentence)
        self.lasting = lasting
        self.no_connection = no_connection


@dataclass(frozen=True, slots=True)
class FetchedText:
    """`page`: read, not_needed (the feed is complete), failed (try again soon), useless (no article there)."""

    text: ArticleText
    page: Literal["read", "not_needed", "failed", "useless"]


class PageReader:
    """Downloads a page politely and extracts its text in the process pool."""

    def __init__(self, client: SafeClient, gates: HostGates, run: Run) -> None:
        self._client = client
        self._gates = gates
        self._run = run

    async def read(self, url: str) -> str | None:
        """The page's main text, None if it has none. Raises PageFailed."""
        body, content_type = await self._download(url)
        try:
            text: str | None = await self._run(extract_page, body, content_type)
        except Exception as error:  # whatever a stranger's page does to the extractor or its process
            raise PageFailed(f"The text of {url} could not be extracted ({error!r}).", lasting=True) from error
        return text

    async def _download(self, url: str) -> tuple[bytes, str | None]:
        try:
            async with self._gates.turn(url):
                answer = await self._client.get(
                    url,
                    {"Accept": _ACCEPT},
                    deadline=DEADLINE_SECONDS,
                    max_bytes=MAX_PAGE_BYTES,
                    follow_redirects=MAX_REDIRECTS,
                )
        except SafeClientError as error:
            no_connection = isinstance(error, FetchFailed | DeadlineExceeded)
            lasting = isinstance(error, AddressRefused) or not no_connection
            raise PageFailed(str(error), lasting=lasting, no_connection=no_connection) from error
        if answer.status != HTTPStatus.OK:
            # 408, 425, 429 and the 5xx are about now, the other 4xx about the page (RFC 9110 section 15)
            passing = answer.status >= 500 or answer.status in (408, 425, 429)
            raise PageFailed(f"{url} answered {named_status(answer.status)}.", lasting=not passing)
        content_type = answer.headers.get("Content-Type")
        if (content_type or "").partition(";")[0].strip().lower() not in _READABLE:
            raise PageFailed(f"{url} is {content_type}, no web page.", lasting=True)
        return answer.body, content_type


class PollPages:
    """The pages of one poll: knows which hosts are lost and when the poll's time for pages is over."""

    def __init__(self, reader: PageReader, time_is_up: Callable[[], bool]) -> None:
        self._reader = reader
        self._time_is_up = time_is_up
        self._failures: Counter[str] = Counter()

    async def fetch_article_text(self, entry: ParsedEntry) -> FetchedText:
        """Never raises for what the page's host does: then the feed's text stands."""
        own = feed_text(entry)
        if own.complete or entry.link is None:
            return FetchedText(own, "not_needed")
        host = host_of(entry.link)
        if self._failures[host] >= LOST_AFTER or self._time_is_up():
            return FetchedText(own, "failed")
        try:
            page = page_text(await self._reader.read(entry.link), entry.title, own)
        except PageFailed as failure:
            self._failures[host] += failure.no_connection
            return FetchedText(own, "useless" if failure.lasting else "failed")
        return FetchedText(page, "read") if page else FetchedText(own, "useless")
