"""Politeness: one request at a time to a host, and a pause between two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_REMEMBERED = 1_000


@dataclass(slots=True)
class _Gate:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    users: int = 0


class HostGates:
    """`spacing`: seconds from the end of one request to the start of the next."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for the host of `url` to be free, and keep it for the block."""
        gate = self._gates.setdefault(host_of(url), _Gate())
        gate.users += 1
        try:
            async with gate.lock:
                await asyncio.sleep(max(0.0, gate.free_at - _monotonic()))
                try:
                    yield
                finally:
                    gate.free_at = _monotonic() + self._spacing
        finally:
            gate.users -= 1
            self._forget_idle()

    def _forget_idle(self) -> None:
        if len(self._gates) > _REMEMBERED:
            now = _monotonic()
            self._gates = {host: gate for host, gate in self._gates.items() if gate.users or gate.free_at > now}


def host_of(url: str) -> str:
    """Host and port of a URL, the URL itself if it has none."""
    try:
        return urlsplit(url).netloc.lower() or url
    except ValueError:
        return url


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
