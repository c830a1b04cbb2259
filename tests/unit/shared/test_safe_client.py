import asyncio
import gzip
import os
import time
import tracemalloc
import zlib
from collections.abc import Sequence
from functools import partial

import pytest

from shared.http.safe_client import (
    DeadlineExceeded,
    FetchFailed,
    ResponseTooLarge,
    SafeClient,
)
from tests.fakes.name_server import LOOPBACK, resolver_of
from tests.fakes.raw_http_server import Answer, always, raw_server, response


async def test_get_gives_status_headers_and_body(client):
    async with raw_server(always(response(b"hello", 'ETag: "x"', status="404 Not Found"))) as server:
        answer = await client.get(server.url("/a?b=c"), {"If-None-Match": '"w"'}, deadline=5, max_bytes=100)
    assert (answer.status, answer.body, answer.headers["etag"]) == (404, b"hello", '"x"')
    assert answer.url == server.url("/a?b=c")
    request = server.requests[0].decode()
    assert request.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}" in request
    assert 'If-None-Match: "w"' in request


async def test_no_cookie_is_kept_and_no_proxy_of_the_environment_is_used(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:9")
    async with raw_server(always(response(b"", "Set-Cookie: tracked=1"))) as server:
        await client.get(server.url(), deadline=5, max_bytes=10)
        await client.get(server.url(), deadline=5, max_bytes=10)
    assert len(server.requests) == 2
    assert not any(b"cookie" in request.lower() for request in server.requests)


async def test_connections_are_kept_open_between_requests(client):
    async with raw_server(always(response(b"x"))) as server:
        for _ in range(5):
            await client.get(server.url(), deadline=5, max_bytes=10)
    assert server.connections == 1


async def drip_headers(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for index in range(10_000):
        writer.write(b"X-%d: y\r\n" % index)
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_body(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(10_000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(request: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def endless_continue(request: bytes, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


SLOW_TO_ANSWER = (drip_headers, silence, endless_continue)


@pytest.mark.parametrize(
    ("method", "answer"),
    [*(("get", slow) for slow in (*SLOW_TO_ANSWER, drip_body)), *(("post", slow) for slow in SLOW_TO_ANSWER)],
)
async def test_one_deadline_covers_every_way_of_being_slow(client, answer: Answer, method: str):
    async with raw_server(answer) as server:
        begun = time.monotonic()
        send = partial(client.get, max_bytes=1_000_000) if method == "get" else partial(client.post, content=b"{}")
        with pytest.raises(DeadlineExceeded, match=r"127\.0\.0\.1 did not answer completely within 0\.3 s"):
            await send(server.url(), deadline=0.3)
        assert time.monotonic() - begun < 1.0


async def test_a_name_server_that_hangs_meets_the_same_deadline():
    async def hang(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    client = SafeClient("test", resolver=hang)
    with pytest.raises(DeadlineExceeded):
        await client.get("http://slow.example/", deadline=0.2, max_bytes=10)
    await client.aclose()


async def test_missed_deadlines_leave_the_client_usable(client):
    async with raw_server(silence) as slow, raw_server(always(response(b"ok"))) as quick:

        async def miss() -> None:
            with pytest.raises(DeadlineExceeded):
                await client.get(slow.url(), deadline=0.2, max_bytes=10)

        for _ in range(3):
            await asyncio.gather(*(miss() for _ in range(150)))
        assert (await client.get(quick.url(), deadline=5, max_bytes=10)).body == b"ok"


def packed(body: bytes, encoding: str) -> bytes:
    return response(body, f"Content-Encoding: {encoding}")


def bare_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def gzipped(data: bytes, compresslevel: int = 9) -> bytes:
    """Without the time in it: the bytes are part of test names, which every worker must see alike."""
    return gzip.compress(data, compresslevel, mtime=0)


TEXT = b"The ferry leaves at noon. " * 50


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzipped(TEXT)),
        ("x-gzip", gzipped(TEXT)),
        ("GZip", gzipped(TEXT[:500]) + gzipped(TEXT[500:])),
        ("gzip", gzipped(TEXT) + b"\0\0 padding some servers add"),
        ("identity, gzip", gzipped(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare_deflate(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
    ],
)
async def test_packed_bodies_are_unpacked(client, encoding: str, body: bytes):
    async with raw_server(always(packed(body, encoding))) as server:
        assert (await client.get(server.url(), deadline=5, max_bytes=10_000)).body == TEXT


async def test_packed_body_is_unpacked_whatever_the_size_of_its_pieces(client):
    body = gzipped(TEXT[:600]) + gzipped(TEXT[600:])

    async def piecewise(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in body:
            writer.write(b"1\r\n" + bytes([byte]) + b"\r\n")
        writer.write(b"0\r\n\r\n")

    async with raw_server(piecewise) as server:
        assert (await client.get(server.url(), deadline=5, max_bytes=10_000)).body == TEXT


@pytest.mark.parametrize(
    ("encoding", "body", "message"),
    [
        ("gzip, gzip", gzipped(gzipped(TEXT)), "packed 2 times over"),
        ("br", b"\x8b\x02\x80", "packed as 'br', which was not asked for"),
        ("gzip", TEXT, "is not valid gzip"),
        ("gzip", gzipped(TEXT)[:-12], "stops in the middle"),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused_with_the_reason(client, encoding, body, message):
    async with raw_server(always(packed(body, encoding))) as server:
        with pytest.raises(FetchFailed, match=message):
            await client.get(server.url(), deadline=5, max_bytes=10_000)


async def test_stacked_encoding_in_two_headers_is_refused(client):
    async with raw_server(always(response(b"x", "Content-Encoding: gzip", "Content-Encoding: gzip"))) as server:
        with pytest.raises(FetchFailed, match="2 times over"):
            await client.get(server.url(), deadline=5, max_bytes=10_000)


async def test_a_compression_bomb_costs_no_more_than_the_cap(client):
    bomb = gzipped(bytes(200_000_000), compresslevel=9)
    async with raw_server(always(packed(bomb, "gzip"))) as server:
        tracemalloc.start()
        with pytest.raises(ResponseTooLarge, match="more than 1000000 bytes"):
            await client.get(server.url(), deadline=10, max_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000


async def endless_body(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    block = os.urandom(16_384)
    while not writer.is_closing():
        writer.write(b"%x\r\n" % len(block) + block + b"\r\n")
        await writer.drain()


async def test_an_endless_body_is_hung_up_on_at_the_cap(client):
    async with raw_server(endless_body) as server:
        with pytest.raises(ResponseTooLarge):
            await client.get(server.url(), deadline=10, max_bytes=500_000)


async def test_endless_empty_gzip_members_are_hung_up_on_by_their_raw_size(client):
    member = gzipped(b"")

    async def members(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            block = member * 400
            writer.write(b"%x\r\n" % len(block) + block + b"\r\n")
            await writer.drain()

    async with raw_server(members) as server:
        with pytest.raises(ResponseTooLarge):
            await client.get(server.url(), deadline=20, max_bytes=100_000)


async def test_a_body_of_exactly_the_cap_is_whole(client):
    async with raw_server(always(response(b"x" * 1000))) as server:
        assert len((await client.get(server.url(), deadline=5, max_bytes=1000)).body) == 1000
        with pytest.raises(ResponseTooLarge):
            await client.get(server.url(), deadline=5, max_bytes=999)


@pytest.mark.parametrize(
    "headers", [["X-A: " + "y" * 70_000], ["X-A: " + "y" * 200_000], [f"X-{index}: y" for index in range(501)]]
)
async def test_too_many_or_too_long_headers_are_refused(client, headers):
    async with raw_server(always(response(b"x", *headers))) as server:
        with pytest.raises((ResponseTooLarge, FetchFailed)):
            await client.get(server.url(), deadline=5, max_bytes=100)


async def test_two_hundred_headers_are_read(client):
    async with raw_server(always(response(b"x", *[f"X-{index}: y" for index in range(200)]))) as server:
        assert (await client.get(server.url(), deadline=5, max_bytes=100)).headers["X-199"] == "y"


async def test_post_sends_the_body_and_gives_status_and_headers(client):
    async with raw_server(always(response(b"thanks", "Retry-After: 7", status="202 Accepted"))) as server:
        for _ in range(2):
            answer = await client.post(server.url("/hook"), b'{"a":1}', {"X-Id": "7"}, deadline=5)
            assert (answer.status, answer.headers["retry-after"], answer.body) == (202, "7", b"")
    assert server.connections == 1, "what was said at once was heard out"
    request = server.requests[0]
    assert request.startswith(b"POST /hook HTTP/1.1\r\n")
    assert request.endswith(b'{"a":1}')
    assert b"Accept-Encoding: identity\r\n" in request
    assert b"Content-Length: 7\r\n" in request


async def body_held_back(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    await writer.drain()
    await asyncio.Event().wait()


def broken_off(head: bytes) -> Answer:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        writer.close()

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        body_held_back,
        endless_body,
        broken_off(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"),
        broken_off(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length"),
    ],
)
async def test_whatever_becomes_of_the_body_a_post_has_its_answer(client, monkeypatch, answer):
    monkeypatch.setattr("shared.http.safe_client.HEAR_OUT_SECONDS", 0.05)
    async with raw_server(answer) as server:
        assert (await client.post(server.url(), b"", deadline=5)).status == 200


async def test_post_follows_no_redirect(client):
    async with raw_server(always(response(b"", "Location: /elsewhere", status="302 Found"))) as server:
        assert (await client.post(server.url(), b"", deadline=5)).status == 302
    assert len(server.requests) == 1


async def test_an_unknown_name_a_closed_port_and_bad_http_each_say_what_happened():
    client = SafeClient("test", LOOPBACK, resolver_of(here_example=["127.0.0.1"], none_example=[]))
    with pytest.raises(FetchFailed, match=r"address of gone\.example could not be found \(Name or service not known\)"):
        await client.get("http://gone.example/", deadline=5, max_bytes=9)
    with pytest.raises(FetchFailed, match=r"address of none\.example could not be found"):
        await client.get("http://none.example/", deadline=5, max_bytes=9)
    with pytest.raises(FetchFailed, match=r"No connection to here\.example: .*(refused|failed)"):
        await client.get("http://here.example:9/", deadline=5, max_bytes=9)
    async with raw_server(always(b"SSH-2.0-OpenSSH\r\n\r\n")) as server:
        with pytest.raises(FetchFailed, match=r"connection to here\.example failed"):
            await client.get(server.url(host="here.example"), deadline=5, max_bytes=9)
    await client.aclose()


async def test_a_body_shorter_than_announced_is_an_error_and_no_short_body(client):
    async def cut(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        writer.close()

    async with raw_server(cut) as server:
        with pytest.raises(FetchFailed):
            await client.get(server.url(), deadline=5, max_bytes=1000)
