#!/vedette/.venv/bin/python
"""A mail catcher with the three things of Mailpit that the compose file and its test use: SMTP, the list, `readyz`."""

import asyncio
import sys
import urllib.request
from email import message_from_bytes, policy
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope
from fastapi import FastAPI

mails: list[dict[str, Any]] = []


class Catcher:
    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        mails.insert(0, {"Subject": str(mail["Subject"]), "To": [{"Address": to} for to in envelope.rcpt_tos]})
        return "250 kept"


async def serve() -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(Catcher(), loop=loop), "0.0.0.0", 1025)
    app = FastAPI()

    @app.get("/readyz")
    async def readyz() -> str:
        return "ok"

    @app.get("/api/v1/messages")
    async def messages() -> dict[str, Any]:
        return {"total": len(mails), "messages": mails}

    await uvicorn.Server(uvicorn.Config(app, host="0.0.0.0", port=8025, log_level="warning")).serve()


if sys.argv[1:] == ["readyz"]:
    urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=5).close()
else:
    asyncio.run(serve())
