"""A server and the connections of those who say nothing, half a request, or are too many. Real sockets on loopback."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import h11
import httpx
import pytest
from fastapi import FastAPI, Request, Response

from services.one_process.serve import http_loop
from shared.http.connections import TAKING_THE_ANSWER, WITHIN_SECONDS, connection_cap
from shared.ops.open_files import raise_open_files

CAP = 8
LONG_ANSWER = b"." * 30_000_000
LONG_PLEASE = b"GET /long HTTP/1.1\r\nHost: v\r\n\r\n"


@dataclass
class Server:
    """Its port; `slow` requests are answered once `may_answer` is set."""

    port: int
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, path: str = "/") -> int:
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.get(f"http://127.0.0.1:{self.port}{path}")).status_code

    async def say(self, words: bytes = b"") -> asyncio.StreamReader:
        """A connection on which these words are said, and no more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(words)
        self._open.append(writer)  # a writer that is dropped closes its connection
        return reader

    _open: list[asyncio.StreamWriter] = field(default_factory=list)

    def hang_up(self) -> None:
        for writer in self._open:
            writer.close()


async def ended(reader: asyncio.StreamReader) -> bool:
    """Waits until the server has ended this connection."""
    async with asyncio.timeout(10):
        try:
            while await reader.read(10_000):
                pass
        except ConnectionError:
            pass
    return True


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    for awaited in (h11.IDLE, h11.SEND_BODY, TAKING_THE_ANSWER):
        monkeypatch.setitem(WITHIN_SECONDS, awaited, 0.2)
    monkeypatch.setattr("services.one_process.serve.connection_cap", lambda _open_files: CAP)
    async with serving() as running:
        yield running


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    app = FastAPI()

    @app.get("/")
    async def at_once() -> str:
        return "here"

    @app.post("/")
    async def take(request: Request) -> int:
        return len(await request.body())

    @app.get("/long")
    async def at_length() -> Response:
        return Response(LONG_ANSWER)

    @app.get("/slow")
    async def slow() -> str:
        await running.may_answer.wait()
        return "here at last"

    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Server(listening.getsockname()[1])
        stop = asyncio.Event()
        loop = asyncio.create_task(http_loop(app, listening)(stop))
        try:
            yield running
        finally:
            running.hang_up()
            stop.set()
            await loop


async def test_who_says_nothing_is_hung_up_on(server: Server) -> None:
    assert await ended(await server.say())


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\nHost", b"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 9\r\n\r\nhalf"]
)
async def test_who_says_half_a_request_is_hung_up_on(server: Server, said: bytes) -> None:
    assert await ended(await server.say(said))


async def test_drops_put_nothing_off(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    async def drip() -> None:
        writer.write(b"GET / HTTP/1.1\r\n")
        while not writer.is_closing():
            writer.write(b"X-A: b\r\n")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert await ended(reader)
    writer.close()
    await asyncio.gather(dripping, return_exceptions=True)


async def test_who_waits_for_an_answer_is_not(server: Server) -> None:
    waiting = asyncio.create_task(server.get("/slow"))
    assert await ended(await server.say())
    assert not waiting.done()
    server.may_answer.set()
    assert await waiting == 200


async def test_who_is_one_too_many_is_refused_and_the_others_are_served_again(server: Server) -> None:
    silent = [await server.say() for _ in range(5 * CAP)]
    assert all([await ended(reader) for reader in silent])
    assert await server.get() == 200


@pytest.mark.parametrize("said", [LONG_PLEASE, 2 * LONG_PLEASE])
async def test_who_does_not_take_the_answer_is_hung_up_on(server: Server, said: bytes) -> None:
    for _ in range(CAP):
        await server.say(said)  # and nothing more is read than asyncio does by itself
    async with asyncio.timeout(20):
        while not await served(server):
            await asyncio.sleep(0.05)


async def served(server: Server) -> bool:
    try:
        return await server.get() == 200
    except httpx.TransportError:
        return False


async def test_who_takes_it_slowly_gets_it_whole(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for awaited in (h11.IDLE, TAKING_THE_ANSWER):
        monkeypatch.setitem(WITHIN_SECONDS, awaited, 1.0)
    reader = await server.say(LONG_PLEASE)
    await reader.readuntil(b"\r\n\r\n")
    taken = 0
    while taken < len(LONG_ANSWER):
        chunk = await reader.read(1_000_000)
        assert chunk, f"hung up on after {taken} bytes"
        taken += len(chunk)
        await asyncio.sleep(0.05)


async def test_no_more_connections_are_held_than_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.one_process.serve.connection_cap", lambda _open_files: CAP)
    async with serving() as server:
        connections = [asyncio.create_task(ended(await server.say())) for _ in range(5 * CAP)]
        done = 0
        async with asyncio.timeout(5):
            while done < 4 * CAP:
                await asyncio.sleep(0.01)
                done = sum(connection.done() for connection in connections)
        assert done == 4 * CAP, "the first ones are given their time"
        server.hang_up()
        await asyncio.gather(*connections, return_exceptions=True)


def test_as_many_files_as_the_hard_limit_allows_may_be_open() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        raised = raise_open_files()
        assert raised == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert raised == min(hard, 65_536) or hard == resource.RLIM_INFINITY
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("open_files", [256, 1024, 4096, 65_536])
def test_connections_leave_room_for_everything_else(open_files: int) -> None:
    assert 0 < connection_cap(open_files) <= min(open_files // 4, 1000)
