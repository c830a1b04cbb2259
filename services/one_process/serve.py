"""Serve the application: one process a data directory, its loops and its HTTP port, until told to stop."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout

from services.one_process.application import KEY_FILE, Application, ServiceSettings, open_application
from shared.http.auth import make_key, write_fingerprint
from shared.ops.lifecycle import Loop, run_loops
from shared.ops.settings import CommonSettings

LOCK_FILE = "serving.lock"


class CannotServe(RuntimeError):
    """The data directory or the address is taken; the message says by what and what to do."""


@dataclass(frozen=True)
class Serving:
    """What whoever started Vedette wants to know. `new_key` is there at the first start only."""

    application: Application
    url: str
    data_dir: Path
    new_key: str | None


async def serve(
    settings: CommonSettings,
    stop: asyncio.Event,
    announce: Callable[[Serving], None],
    of_services: ServiceSettings | None = None,
) -> None:
    """Run everything until `stop`; `announce` is called once the port is open. Raises CannotServe."""
    with serving_lock(settings.data_dir), _listening(settings.host, settings.port) as listening:
        url = _url(listening)
        settings = settings.model_copy(update={"public_url": settings.public_url or url})
        new_key = first_admin_key(settings)
        async with open_application(settings, of_services) as application:
            announce(Serving(application, url, settings.data_dir, new_key))
            await run_loops(application.loops | {"http": http_loop(application.app, listening)}, stop)


@contextmanager
def serving_lock(data_dir: Path) -> Iterator[None]:
    """Only one process serves a data directory. Raises CannotServe."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        sentence = f"another Vedette serves {data_dir}: stop it first, or choose another --data-dir"
        raise CannotServe(sentence) from None
    try:
        yield
    finally:
        lock.release()


def first_admin_key(settings: CommonSettings) -> str | None:
    """A new API key if none was set and none made before; only its fingerprint is kept."""
    file = settings.data_dir / KEY_FILE
    if settings.admin_key is not None or file.exists():
        return None
    key = make_key()
    write_fingerprint(file, key)
    return key


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process has its own."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_loop(app: FastAPI, listening: socket.socket) -> Loop:
    """Serve `app` on an open socket until told to stop."""

    async def run(stop: asyncio.Event) -> None:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        await serving

    return run


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotServe(f"cannot listen on {host} port {port}: {error.strerror}; choose another --port") from error
    with listening:
        yield listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
