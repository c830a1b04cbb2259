"""What every service hands to the process that runs it: routes, loops, checks, status."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter

from shared.http.health import Check, Status
from shared.ops.lifecycle import Loop


@dataclass(frozen=True)
class Service:
    """A wired service. `close` releases what its wiring opened, after the loops have ended."""

    name: str
    loops: Mapping[str, Loop]
    checks: Mapping[str, Check]
    status: Status
    close: Callable[[], Awaitable[None]]
    routers: Sequence[APIRouter] = field(default=())
