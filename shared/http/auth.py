"""`Authorization: Bearer KEY` (RFC 6750) for the API; there is one key, of the operator."""

from collections.abc import Awaitable, Callable
from secrets import compare_digest

from fastapi import Request

from shared.http.problems import Problem

SHORTEST_KEY = 24
"""Characters; a shorter key could be guessed."""


def require_key(key: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets only holders of `key` pass; others get a 401 problem."""

    async def check(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not compare_digest(given.strip().encode(), key.encode()):
            raise Problem(401, "Not authorised", "Send the API key as `Authorization: Bearer KEY` (VEDETTE_ADMIN_KEY).")

    return check
