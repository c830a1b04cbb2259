"""A real PostgreSQL of the tests' own: loopback only, in a folder of its own, gone with the tests."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from tests.fakes.dies_with_us import dies_with_us
from tests.fakes.ports import free_port

START_WITHIN_SECONDS = 30.0

HOW_TO_GET_IT = "no PostgreSQL on this machine, so these tests do not run: apt-get install postgresql"

QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Durable enough for a test that kills the server's processes: the page cache survives them."""


EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
"""What docs/operations.md runs before a restore: a dump knows nothing of tables that a newer version made."""


class PostgresMissing(RuntimeError):
    """The server's programs are not installed, or root has no ordinary user to run them as."""


class PostgresServer:
    """One server. `stop`, `kill` and `start` may follow one another; the data stays until the end."""

    def __init__(self, folder: Path, settings: tuple[str, ...]) -> None:
        self._binaries = find_binaries()
        self._folder = folder
        self._settings = settings
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def create(self) -> None:
        """Make the data folder; initdb and postgres refuse to run as root."""
        if _as_whom():
            shutil.chown(self._folder, "postgres", "postgres")
        arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            [self._binaries / "initdb", "-D", self._data, *arguments],
            cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False, **_as_whom(),
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stdout.decode(errors="replace"))

    def start(self) -> "PostgresServer":
        """Returns when it answers."""
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}", *self._settings)
        options = [part for setting in settings for part in ("-c", setting)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*dies_with_us("INT"), self._binaries / "postgres", "-D", self._data, "-p", str(self.port), *options],
                cwd="/", stdout=log, stderr=subprocess.STDOUT, **_as_whom(),
            )  # fmt: skip
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while self._psql("postgres", "SELECT 1", check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """A fast, clean end."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to all of its processes, as the end of a container; a helper left would keep it from starting."""
        assert self._process is not None
        number = self._process.pid
        helpers = [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
        self._end(signal.SIGKILL)
        for helper in helpers:
            with suppress(ProcessLookupError):
                os.kill(helper, signal.SIGKILL)
        while any(_is_alive(helper) for helper in helpers):
            time.sleep(0.01)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database, dropped afterwards together with whoever is still connected."""
        name = f"vedette_{next(self._numbers)}"
        self._psql("postgres", f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"
        finally:
            if self._process is not None:
                self._psql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def _psql(self, database: str, statement: str, *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        return subprocess.run(
            [self._binaries / "psql", "-X", "-q", *address, "-c", statement],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if not check else None, timeout=30, check=check,
        )  # fmt: skip

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder.parent / f"{self._folder.name}.log"


@contextmanager
def postgres_server(*settings: str) -> Iterator[PostgresServer]:
    """A running server with further `name=value` settings. Raises PostgresMissing."""
    find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="vedette-postgres-"))
    server = PostgresServer(folder, settings)
    try:
        server.create()
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        server._log.unlink(missing_ok=True)


def find_binaries() -> Path:
    """The folder with initdb, postgres and psql: on PATH, or where Debian keeps them. Raises PostgresMissing."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres", "psql")):
            if os.geteuid() == 0 and not _user_exists():
                break
            return folder
    raise PostgresMissing(HOW_TO_GET_IT)


def _as_whom() -> dict[str, Any]:
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def _is_alive(number: int) -> bool:
    """Not ended; a zombie holds nothing any more."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _user_exists() -> bool:
    return any(line.startswith("postgres:") for line in Path("/etc/passwd").read_text().splitlines())
