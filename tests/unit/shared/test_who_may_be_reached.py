"""Redirects and addresses: where the safe client goes, and where nobody may make it go."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.http.safe_client import (
    AddressRefused,
    FetchFailed,
    SafeClient,
)
from tests.fakes.name_server import LOOPBACK, resolver_of
from tests.fakes.raw_http_server import Answer, always, raw_server, response


def redirects(**targets: tuple[str, str]) -> Answer:
    """path without slash → (status, location); any other path answers 200."""

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        path = request.split(b" ")[1].decode().lstrip("/")
        if path in targets:
            status, location = targets[path]
            writer.write(response(b"moved", f"Location: {location}", status=f"{status} Moved"))
        else:
            writer.write(response(path.encode()))

    return answer


async def test_redirects_are_followed_only_when_asked(client):
    async with raw_server(redirects(a=("302", "/b"))) as server:
        plain = await client.get(server.url("/a"), deadline=5, max_bytes=100)
        followed = await client.get(server.url("/a"), deadline=5, max_bytes=100, follow_redirects=1)
    assert (plain.status, plain.headers["location"]) == (302, "/b")
    assert (followed.status, followed.body, followed.url) == (200, b"b", server.url("/b"))


@pytest.mark.parametrize(
    ("hops", "permanent"),
    [
        ({"a": ("301", "/b"), "b": ("308", "/c")}, "/c"),
        ({"a": ("301", "/b"), "b": ("302", "/c")}, "/b"),
        ({"a": ("302", "/b"), "b": ("301", "/c")}, None),
        ({"a": ("307", "/b")}, None),
    ],
)
async def test_only_leading_permanent_redirects_are_recorded(client, hops, permanent):
    async with raw_server(redirects(**hops)) as server:
        answer = await client.get(server.url("/a"), deadline=5, max_bytes=100, follow_redirects=5)
        assert answer.permanent_url == (server.url(permanent) if permanent else None)


async def test_a_redirect_loop_ends(client):
    async with raw_server(redirects(a=("301", "/a"))) as server:
        with pytest.raises(FetchFailed, match="redirected more than 3 times"):
            await client.get(server.url("/a"), deadline=5, max_bytes=100, follow_redirects=3)
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::ffff:10.0.0.1]/",
        "file:///etc/passwd",
        "gopher://x/",
    ],
)
async def test_a_redirect_to_a_private_place_is_refused(client, location):
    async with raw_server(redirects(a=("302", location))) as server:
        with pytest.raises(AddressRefused):
            await client.get(server.url("/a"), deadline=5, max_bytes=100, follow_redirects=3)


async def test_credentials_stay_behind_when_a_redirect_leaves_the_origin(client):
    async with raw_server(always(response(b"there"))) as other:
        async with raw_server(redirects(a=("302", other.url("/x")))) as server:
            await client.get(
                server.url("/a"),
                {"Authorization": "Bearer k", "X-Kept": "1"},
                deadline=5,
                max_bytes=9,
                follow_redirects=1,
            )
        assert b"Authorization" in server.requests[0]
        assert b"Authorization" not in other.requests[0]
        assert b"X-Kept" in other.requests[0]


NOTATIONS = """127.0.0.1 127.1 0x7f.1 2130706433 [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] 0 localhost
[64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] 10.1.2.3 100.64.0.1"""


@pytest.mark.parametrize("host", NOTATIONS.split())
async def test_private_addresses_are_refused_in_every_notation(host):
    client = SafeClient("test")
    async with raw_server(always(response(b"secret"))) as server:
        with pytest.raises(AddressRefused, match=r"private or special address.*VEDETTE_ALLOW_NETWORKS"):
            await client.get(f"http://{host}:{server.port}/", deadline=5, max_bytes=100)
        assert server.connections == 0
    await client.aclose()


async def test_an_allowed_network_may_be_reached_in_every_notation(client):
    async with raw_server(always(response(b"ok"))) as server:
        for host in ("127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"):
            assert (await client.get(f"http://{host}:{server.port}/", deadline=5, max_bytes=9)).body == b"ok"


async def test_one_private_answer_among_public_ones_is_refused():
    resolver = resolver_of(mixed_example=["93.184.215.14", "127.0.0.1"])
    client = SafeClient("test", resolver=resolver)
    with pytest.raises(AddressRefused, match=r"mixed\.example leads to 127\.0\.0\.1"):
        await client.get("http://mixed.example/", deadline=5, max_bytes=100)
    await client.aclose()


async def test_each_connection_is_vetted_anew_and_the_vetted_address_is_dialled():
    answers = [["127.0.0.1"], ["10.0.0.8"]]

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    client = SafeClient("test", allow_networks=LOOPBACK, resolver=rebinding)

    async def answer_and_close(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"ok", "Connection: close"))
        writer.close()

    async with raw_server(answer_and_close) as server:
        url = server.url(host="feed.example")
        assert (await client.get(url, deadline=5, max_bytes=9)).body == b"ok"
        assert f"Host: feed.example:{server.port}".encode() in server.requests[0]
        with pytest.raises(AddressRefused, match=r"10\.0\.0\.8"):
            await client.get(url, deadline=5, max_bytes=9)
    await client.aclose()


async def test_a_dead_first_address_gives_way_to_the_next():
    client = SafeClient("test", LOOPBACK, resolver_of(two_example=["127.0.0.9", "127.0.0.1"]))
    async with raw_server(always(response(b"ok"))) as server:
        assert (await client.get(server.url(host="two.example"), deadline=5, max_bytes=9)).body == b"ok"
    await client.aclose()


async def test_tls_names_the_host_and_not_the_vetted_address():
    hello = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello.extend(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = SafeClient("test", LOOPBACK, resolver_of(named_example=["127.0.0.1"]))
    with pytest.raises(FetchFailed, match=r"No connection to named\.example"):
        await client.get(f"https://named.example:{port}/", deadline=5, max_bytes=9)
    assert b"named.example" in hello
    server.close()
    await client.aclose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.org/feed", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("/feed.xml", "begins with http"),
        ("", "begins with http"),
        ("http:///feed", "begins with http"),
        ("http://name:word@example.org/", "user name or password"),
        ("http://example.org:99999/", "99999 is no port"),
        ("http://exa\nmple.org/", "no valid URL"),
        ("http://0177.0.0.1/", "no valid URL"),
    ],
)
async def test_urls_that_nobody_may_make_us_open_are_refused(client, url, message):
    with pytest.raises(AddressRefused, match=message):
        await client.get(url, deadline=5, max_bytes=9)
