"""Serve an application: its loops and its HTTP port, until told to stop; one process a data directory."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout
from pydantic import SecretStr

from services.one_process.application import (
    EVERY_SERVICE,
    KEY_FILE,
    Application,
    ServiceName,
    ServiceSettings,
    open_application,
)
from services.one_process.migrate_all import migrate_all
from services.one_process.private_files import make_data_dir
from shared.http.auth import make_key, write_fingerprint
from shared.http.connections import BACKLOG, ImpatientProtocol, connection_cap
from shared.ops.lifecycle import Loop, run_loops
from shared.ops.open_files import raise_open_files
from shared.ops.settings import CommonSettings
from shared.ops.unavailable import Unavailable
from shared.ops.waiting import any_set

log = structlog.get_logger()

LOCK_FILE = "serving.lock"

NEIGHBOUR_WITHIN_SECONDS = 30.0
"""So long a starting service waits for its database and bus, which may be starting too."""

LOOK_AGAIN_SECONDS = 1.0


class CannotServe(RuntimeError):
    """The data directory or the address is taken, or a setting is missing; the message says what to do."""


@dataclass(frozen=True)
class Serving:
    """What whoever started Vedette wants to know. `new_key` is there at the first start only, `data_dir` where data
    are in a file of this machine."""

    application: Application
    url: str
    data_dir: Path | None
    new_key: str | None


async def serve(
    settings: CommonSettings,
    stop: asyncio.Event,
    announce: Callable[[Serving], None],
    of_services: ServiceSettings | None = None,
    names: Sequence[ServiceName] = EVERY_SERVICE,
) -> None:
    """Run the named services until `stop`; `announce` is called once they are about to be served.

    Raises CannotServe, BusRefused, SchemaOutdated and UnknownTopic (until `vedette migrate` was run), Unavailable if
    database or bus do not answer at the start, and what a failing loop raises.
    """
    data_dir = settings.data_dir if settings.is_embedded else None
    with serving_lock(data_dir) if data_dir else nullcontext(), _listening(settings.host, settings.port) as listening:
        url = _url(listening)
        settings = settings.model_copy(update={"public_url": settings.public_url or url})
        new_key = admin_key_for(settings, names)
        if new_key:
            settings = settings.model_copy(update={"admin_key": SecretStr(new_key)})
        if data_dir and (done := await migrate_all(settings)):
            log.info("migrated", done=done)
        async with open_application(settings, of_services, names) as application:
            await verify(application, stop)
            if not stop.is_set():
                announce(Serving(application, url, data_dir, new_key))
                if new_key:  # kept only now: a start that failed before would have used up a key that nobody has seen
                    write_fingerprint(settings.data_dir / KEY_FILE, new_key)
            await run_loops(application.loops | {"http": http_loop(application.app, listening)}, stop)


async def verify(application: Application, stop: asyncio.Event) -> None:
    """Returns once all that the services need is there, or `stop` is set. Raises what is wrong with it."""
    running = asyncio.get_running_loop()
    deadline = running.time() + NEIGHBOUR_WITHIN_SECONDS
    while not stop.is_set():
        try:
            await application.verify()
        except Unavailable as error:
            if running.time() > deadline:
                raise
            log.warning("waiting_for_neighbour", error=str(error)[:500])
        else:
            return
        await any_set(LOOK_AGAIN_SECONDS, stop)


@contextmanager
def serving_lock(data_dir: Path) -> Iterator[None]:
    """Only one process serves a data directory. Raises CannotServe."""
    lock = FileLock(data_dir / LOCK_FILE)
    try:
        make_data_dir(data_dir)
        lock.acquire(timeout=0)
    except Timeout:
        sentence = (
            f"another Vedette serves {data_dir}: stop it first, or choose another --data-dir; services beside one "
            "another need PostgreSQL and Kafka (VEDETTE_DATABASE_URL, VEDETTE_BUS_URL)"
        )
        raise CannotServe(sentence) from None
    except OSError as error:
        sentence = f"cannot write to the data directory {data_dir}: {error.strerror}; choose another --data-dir"
        raise CannotServe(sentence) from error
    try:
        yield
    finally:
        lock.release()


def admin_key_for(settings: CommonSettings, names: Sequence[ServiceName]) -> str | None:
    """A new API key if none was set and none made before.

    Raises CannotServe where its fingerprint could not be kept: separate services must all be told the same key. The
    extractor has no API and needs none.
    """
    if settings.admin_key is not None or tuple(names) == (ServiceName.EXTRACTOR,):
        return None
    if not settings.is_embedded or tuple(names) != EVERY_SERVICE:
        raise CannotServe("VEDETTE_ADMIN_KEY is not set: give every service the same key of 24 or more characters")
    if (settings.data_dir / KEY_FILE).exists():
        return None
    return make_key()


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process has its own."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_loop(app: FastAPI, listening: socket.socket) -> Loop:
    """Serve `app` on an open socket until told to stop."""

    async def run(stop: asyncio.Event) -> None:
        config = uvicorn.Config(
            app,
            http=ImpatientProtocol,
            limit_concurrency=connection_cap(raise_open_files()),
            backlog=BACKLOG,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
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
