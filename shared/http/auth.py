"""`Authorization: Bearer KEY` (RFC 6750) for the API; there is one key, of the operator."""

import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection

from shared.http.problems import Problem

Authorise = Callable[[Request], Awaitable[None]]
"""A dependency that lets a request pass or raises a 401 problem."""

KEY_BYTES = 32


def fingerprint(key: str) -> str:
    """What is kept of a key. It is random and long, so that a plain hash is enough."""
    return sha256(key.encode()).hexdigest()


class RequireKey(HTTPBearer):
    """Only holders of a key with one of these fingerprints pass. As a dependency it stands in `/openapi.json`."""

    def __init__(self, fingerprints: frozenset[str]) -> None:
        super().__init__(scheme_name="key", description="The API key (VEDETTE_ADMIN_KEY).")
        self._fingerprints = fingerprints

    async def __call__(self, request: HTTPConnection) -> None:
        """Raises a 401 problem."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        held = fingerprint(given.strip())
        if scheme.lower() != "bearer" or not any(secrets.compare_digest(held, known) for known in self._fingerprints):
            sentence = "Send the API key as `Authorization: Bearer KEY` (VEDETTE_ADMIN_KEY)."
            raise Problem(401, "Not authorised", sentence, {"WWW-Authenticate": "Bearer"})


def make_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def read_fingerprint(file: Path) -> str | None:
    """The fingerprint of the key made at the first start; None before it."""
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def write_fingerprint(file: Path, key: str) -> None:
    """There whole or not at all: half a fingerprint would lock everybody out."""
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(fingerprint(key) + "\n", encoding="ascii")
    beside.replace(file)
