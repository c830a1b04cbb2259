"""The subscribers of the demo: a webhook receiver that checks signatures, and a mail server that keeps what it gets."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, Request, Response

TOLERANCE_SECONDS = 300
"""How old a signature may be, as Standard Webhooks 1.0 recommends."""


@dataclass(frozen=True)
class Webhook:
    """One accepted request: the event's id, the body as it came and as JSON."""

    event_id: str
    raw: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Mail:
    event_id: str
    recipient: str
    subject: str


class WebhookInbox:
    """Accepts what is signed with `secret`; the rest is answered with 401 and counted."""

    def __init__(self, received: Callable[[Webhook], None]) -> None:
        self.secret: str | None = None
        self.refused = 0
        self._received = received

    def app(self) -> FastAPI:
        """Takes POST at `/alerts`."""
        app = FastAPI(openapi_url=None)

        @app.post("/alerts")
        async def alerts(request: Request) -> Response:
            body, headers = await request.body(), request.headers
            event_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
            signatures = headers.get("webhook-signature", "")
            if self.secret is None or not is_signed(self.secret, event_id, sent_at, signatures, body, time.time()):
                self.refused += 1
                return Response(status_code=401)
            self._received(Webhook(event_id, body.decode(), json.loads(body)))
            return Response(status_code=204)

        return app


def is_signed(secret: str, event_id: str, sent_at: str, signatures: str, body: bytes, now: float) -> bool:
    """True if one of `signatures` is right and new: Standard Webhooks 1.0, symmetric, as a receiver checks it."""
    if not (sent_at.isascii() and sent_at.isdigit() and abs(now - int(sent_at)) <= TOLERANCE_SECONDS):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = hmac.new(key, f"{event_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(right).decode()
    return any(hmac.compare_digest(expected, given) for given in signatures.split(" "))


class MailInbox:
    """aiosmtpd's handler: takes every mail."""

    def __init__(self, received: Callable[[Mail], None]) -> None:
        self._received = received

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=default)
        self._received(Mail(str(message["X-Vedette-Event-Id"]), ", ".join(envelope.rcpt_tos), str(message["Subject"])))
        return "250 OK"


@asynccontextmanager
async def mail_server(inbox: MailInbox) -> AsyncIterator[int]:
    """SMTP on a free port of this machine, which is yielded."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(inbox, hostname="localhost", loop=loop), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
