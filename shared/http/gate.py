"""What every request passes before anybody reads it. Pure ASGI: FastAPI reads and parses a whole body before it asks
any dependency, so that a check there comes after the memory is gone."""

from collections.abc import Mapping

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.auth import Authorise
from shared.http.problems import Problem, problem_response

LONGEST_BODY = 1_000_000
KEYED = "/api/"
"""What lies below is asked for with the key."""


class Gate:
    """Asks for the key first, refuses bodies above a cap, and answers HEAD wherever GET is answered.

    A body may have LONGEST_BODY bytes, at the paths of `longer` as many as stand there. The bytes are counted as they
    come, whatever the request says of its length.
    """

    def __init__(self, app: ASGIApp, authorise: Authorise, longer: Mapping[str, int]) -> None:
        self._app = app
        self._authorise = authorise
        self._longer = longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(KEYED):
            try:
                await self._authorise(Request(scope))
            except Problem as refusal:
                await problem_response(refusal)(scope, receive, send)
                return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server knows what was asked, and leaves the body out
        await self._app(scope, _capped(receive, self._longer.get(scope["path"], LONGEST_BODY)), send)


def _capped(receive: Receive, cap: int) -> Receive:
    """Raises a 413 (RFC 9110, section 15.5.14) instead of giving the byte after `cap`."""
    got = 0

    async def receive_within() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > cap:
            # an HTTPException, since FastAPI makes a 400 of everything else that is raised while it reads a body
            raise HTTPException(413, f"This takes bodies of up to {cap:,} bytes; send less at a time.")
        return message

    return receive_within
