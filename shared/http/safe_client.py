"""HTTP for talking to strangers: vetted addresses, one deadline for everything, capped bodies and headers.

httpx gives URLs and headers, httpcore the connections. httpx's own client is left out on purpose: it unpacks bodies
without a bound (826 bytes can become 419 MB), keeps cookies, and its timeouts never fire on a drip.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpcore
import httpx

from shared.http import vetted_network
from shared.http.addresses import IPNetwork, can_be_port
from shared.http.bounded_decoding import ACCEPT_ENCODING, BodyTooLong, UndecodableBody, decoder_for
from shared.http.vetted_network import Resolver, VettedNetwork, resolve_host

MAX_HEADER_BYTES = 64_000
MAX_HEADERS = 500  # real servers send more than 100
MAX_CONNECTIONS = 200
MAX_IDLE_CONNECTIONS = 20
IDLE_SECONDS = 5.0
HEAR_OUT_SECONDS = 1.0
HEAR_OUT_BYTES = 64_000
_WIRE_ALLOWANCE = 64_000
"""Raw bytes above the cap that a body may have and still unpack to no more than it: gzip of noise grows a little."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS = frozenset({301, 308})
_CREDENTIALS = frozenset({"authorization", "cookie"})


class SafeClientError(Exception):
    """A request that got no usable answer. The message is one clear sentence for a person."""


class AddressRefused(SafeClientError):
    """The URL leads to a private or special address, or is no URL a stranger may make us open."""


class DeadlineExceeded(SafeClientError):
    """The whole exchange took longer than its deadline."""


class ResponseTooLarge(SafeClientError):
    """Body or headers are longer than the cap."""


class FetchFailed(SafeClientError):
    """No connection, no TLS, no valid HTTP, or a body that cannot be read."""


@dataclass(frozen=True, slots=True)
class SafeResponse:
    """An answer of `url`; `permanent_url` is where the leading 301/308 answers moved the request to."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    permanent_url: str | None = None


class SafeClient:
    """Keep one per process and use it for everything outside.

    `allow_networks`: private networks that may be reached all the same. `resolver`: see vetted_network.Resolver.
    Proxies, certificates and credentials of the environment are not read; there are no cookies.
    """

    def __init__(
        self, user_agent: str, allow_networks: Sequence[IPNetwork] = (), resolver: Resolver = resolve_host
    ) -> None:
        self._user_agent = user_agent
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls_settings(),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=VettedNetwork(allow_networks, resolver),
        )

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        deadline: float,
        max_bytes: int,
        follow_redirects: int = 0,
    ) -> SafeResponse:
        """GET within `deadline` seconds; the unpacked body has at most `max_bytes`.

        Follows up to `follow_redirects` redirects, each vetted anew; with 0 a redirect is an answer like any other.
        Raises AddressRefused, DeadlineExceeded, ResponseTooLarge, FetchFailed.
        """
        async with _translated(url, deadline):
            return await self._get_following(_checked_url(url), dict(headers or {}), max_bytes, follow_redirects)

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str] | None = None, *, deadline: float
    ) -> SafeResponse:
        """POST without redirects; status and headers of the answer within `deadline` seconds, its body left empty.

        Who has answered with a status has decided: what becomes of the body, and when, changes nothing.
        Raises AddressRefused, DeadlineExceeded, ResponseTooLarge (headers), FetchFailed.
        """
        async with _translated(url, deadline) as timer:
            target = _checked_url(url)
            sent = self._headers(target, {**(headers or {})}, accept_encoding="identity")
            sent["Content-Length"] = str(len(content))
            async with self._pool.stream("POST", _core_url(target), headers=sent.raw, content=content) as answer:
                timer.reschedule(None)
                await _hear_out(answer)
                return SafeResponse(answer.status, _checked_headers(target, answer.headers), b"", str(target))

    async def _get_following(
        self, url: httpx.URL, headers: dict[str, str], max_bytes: int, redirects_left: int
    ) -> SafeResponse:
        moved_to: httpx.URL | None = None
        only_permanent = True
        limit = redirects_left
        while True:
            sent = self._headers(url, headers, ACCEPT_ENCODING)
            async with self._pool.stream("GET", _core_url(url), headers=sent.raw) as answer:
                received = _checked_headers(url, answer.headers)
                location = received.get("Location") if answer.status in _REDIRECTS else None
                if location is None or limit == 0:
                    body = await _read_capped(url, answer, received, max_bytes)
                    permanent = str(moved_to) if moved_to is not None else None
                    return SafeResponse(answer.status, received, body, str(url), permanent)
            if redirects_left == 0:
                raise FetchFailed(f"{url.host} redirected more than {limit} times.")
            redirects_left -= 1
            target = _checked_url(_joined(url, location))
            only_permanent = only_permanent and answer.status in _PERMANENT_REDIRECTS
            moved_to = target if only_permanent else moved_to
            if (target.scheme, target.netloc) != (url.scheme, url.netloc):
                headers = {name: value for name, value in headers.items() if name.lower() not in _CREDENTIALS}
            url = target

    def _headers(self, url: httpx.URL, headers: Mapping[str, str], accept_encoding: str) -> httpx.Headers:
        return httpx.Headers(
            {
                "Host": url.netloc.decode("ascii"),
                "User-Agent": self._user_agent,
                "Accept": "*/*",
                **headers,
                "Accept-Encoding": accept_encoding,
            },
            encoding="latin-1",  # a validator that is not ASCII goes back byte for byte as it came
        )


def _tls_settings() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def _translated(url: str, deadline: float) -> AsyncIterator[asyncio.Timeout]:
    """The deadline around everything, which is given, and every failure below as one of this module's errors."""
    host = _shown_host(url)
    try:
        async with asyncio.timeout(deadline) as timer:
            yield timer
    except TimeoutError as error:
        if not timer.expired():
            raise FetchFailed(f"The connection to {host} failed: {_reason(error)}.") from error
        raise DeadlineExceeded(f"{host} did not answer completely within {deadline:g} s.") from error
    except vetted_network.AddressRefused as error:
        raise AddressRefused(str(error)) from error
    except vetted_network.NameNotFound as error:
        raise FetchFailed(str(error)) from error
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise FetchFailed(f"No connection to {host}: {_reason(error)}.") from error
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException, OSError) as error:
        raise FetchFailed(f"The connection to {host} failed: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """The innermost cause in words, since httpcore's own errors often carry none."""
    text = ""
    seen: BaseException | None = error
    while seen is not None:
        text = getattr(seen, "strerror", None) or str(seen) or text
        seen = seen.__cause__ or seen.__context__
    return " ".join(text.split()).rstrip(".")[:200] or "it took too long"


def _shown_host(url: str) -> str:
    try:
        return httpx.URL(url).host or url[:100]
    except (httpx.InvalidURL, TypeError, ValueError):
        return url[:100]


def _checked_url(url: str) -> httpx.URL:
    """Raises AddressRefused if it is no complete http(s) URL without credentials."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{url[:200]!r} is no valid URL.") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressRefused(f"{url[:200]!r} is no complete URL that begins with http:// or https://.")
    if parsed.userinfo:
        raise AddressRefused(f"The URL of {parsed.host} must not carry a user name or password.")
    if not can_be_port(parsed.port):
        raise AddressRefused(f"{parsed.port} is no port a server can have ({parsed.host}).")
    return parsed


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(f"{url.host} redirected to {location[:100]!r}, which is no valid URL.") from error


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _checked_headers(url: httpx.URL, raw: Sequence[tuple[bytes, bytes]]) -> httpx.Headers:
    if len(raw) > MAX_HEADERS or sum(len(name) + len(value) for name, value in raw) > MAX_HEADER_BYTES:
        raise ResponseTooLarge(f"{url.host} sent more than {MAX_HEADERS} headers or {MAX_HEADER_BYTES} bytes of them.")
    return httpx.Headers(list(raw))


async def _hear_out(answer: httpcore.Response) -> None:
    """Throw away the body that comes at once: hanging up at the first word would be an error on the other side."""
    heard = 0
    with suppress(TimeoutError, httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException, OSError):
        async with asyncio.timeout(HEAR_OUT_SECONDS):
            async for chunk in answer.aiter_stream():
                heard += len(chunk)
                if heard > HEAR_OUT_BYTES:
                    return


async def _read_capped(url: httpx.URL, answer: httpcore.Response, headers: httpx.Headers, max_bytes: int) -> bytes:
    too_large = f"{url.host} sent more than {max_bytes} bytes."
    body = bytearray()
    wire_bytes = 0
    try:
        decoder = decoder_for(headers.get_list("Content-Encoding"), max_bytes)
        async for chunk in answer.aiter_stream():
            wire_bytes += len(chunk)
            if wire_bytes > max_bytes + _WIRE_ALLOWANCE:
                raise ResponseTooLarge(too_large)
            body += decoder.feed(chunk)
        decoder.finish()
    except BodyTooLong as error:
        raise ResponseTooLarge(too_large) from error
    except UndecodableBody as error:
        raise FetchFailed(f"The answer of {url.host} {error}.") from error
    return bytes(body)
