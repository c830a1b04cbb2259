"""The outside world on loopback: a host of feeds and pages, a webhook receiver, a mail server; real sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass(frozen=True)
class Answer:
    """What the host answers to a GET."""

    body: bytes
    content_type: str = "application/rss+xml; charset=utf-8"
    status: int = 200


@dataclass
class Host:
    """Serves `answers` by path; anything else is 404. `requests` are the paths asked for, in order."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: str, **answer: Any) -> str:
        self.answers[path] = Answer(body.encode(), **answer)
        return self.url + path


@dataclass(frozen=True)
class Received:
    """A webhook as it came in, and when (monotonic seconds)."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Keeps every webhook. `answer` decides status and delay in seconds for each, after it has been kept."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], tuple[int, float]] = lambda _received: (204, 0.0)


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Nothing on standard error."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # the other side was killed
            super().handle()

    def reply(self, status: int, body: bytes = b"", content_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def feed_host() -> Iterator[Host]:
    host = Host("")

    class Handler(_Quiet):
        def do_GET(self) -> None:
            host.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = host.answers.get(self.path, Answer(b"not here", "text/plain", 404))
            self.reply(answer.status, answer.body, answer.content_type)

    with _serving(Handler) as url:
        host.url = url
        yield host


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(_Quiet):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the sender was killed in mid-sentence: nobody accepts half a body
            received = Received({name.lower(): value for name, value in self.headers.items()}, body, time.monotonic())
            receiver.received.append(received)
            status, delay = receiver.answer(received)
            time.sleep(delay)
            self.reply(status)

    with _serving(Handler) as url:
        receiver.url = url + "/hook"
        yield receiver


@dataclass
class MailServer:
    url: str
    mails: list[EmailMessage] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A real SMTP server that keeps what it accepts."""
    sink = MailServer("")

    class Handler:
        async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            sink.mails.append(mail)
            return "250 kept"

    loop = asyncio.new_event_loop()
    listening = socket.create_server(("127.0.0.1", 0))

    async def serve() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(Handler(), loop=loop), sock=listening)

    server = loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sink.url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def wait_until(holds: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true value of `holds`; AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := holds():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")
