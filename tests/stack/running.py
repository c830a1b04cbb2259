"""The whole of docker-compose.yml as processes: a real broker, database and mail server, and every service as its entry
says. Host names become loopback ports; nothing else differs from what a container would be given."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.write_env import complete
from tests.fakes.compose_file import ROOT, Entry, on_loopback, read_compose, start
from tests.fakes.kafka_broker import KafkaBroker, why_no_broker
from tests.fakes.neighbours import MailServer, mail_server, wait_until
from tests.fakes.ports import free_port
from tests.fakes.postgres_server import PostgresMissing, PostgresServer, find_binaries, postgres_server

OPERATORS_CHOICE = {
    "VEDETTE_ALLOW_NETWORKS": "127.0.0.0/8",
    "VEDETTE_MIN_POLL_SECONDS": "1",
    "VEDETTE_MAX_POLL_SECONDS": "2",
    "VEDETTE_STARTER_FEEDS": "off",
}
"""What this test changes in .env, as an operator would: where feeds may live, and how often they are polled."""

READY_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 15.0
"""stop_grace_period of the services in docker-compose.yml."""


@dataclass
class Running:
    """One container's process."""

    entry: Entry
    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=headers, timeout=10, trust_env=False)

    def status(self) -> Any:
        return self.get("/status", Accept="application/json").json()

    def samples(self, name: str) -> dict[tuple[str, ...], float]:
        """The values of a metric by its labels' values."""
        families = text_string_to_metric_families(self.get("/metrics").text)
        return {
            tuple(sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
            if sample.name == name
        }

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return self.get("/readyz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_WITHIN_SECONDS)


@dataclass
class Stack:
    entries: dict[str, Entry]
    key: str
    broker: KafkaBroker
    database: PostgresServer
    mails: MailServer
    folder: Path
    running: dict[str, Running] = field(default_factory=dict)

    def start(self, name: str, number: int = 1) -> Running:
        """Start the `number`th container of an entry."""
        addresses = {f"{one.entry.name}:8080": one.url.removeprefix("http://") for one in self.running.values()}
        port = free_port()
        if name == "outlets":
            addresses["outlets:8000"] = f"127.0.0.1:{port}"
        entry = on_loopback(self.entries[name], self.addresses() | addresses)
        log = self.folder / f"{name}-{number}.log"
        running = Running(entry, f"http://127.0.0.1:{port}", start(entry, "127.0.0.1", port, log), log)
        self.running[f"{name}-{number}"] = running
        return running

    def migrate(self, *instead: str) -> str:
        """What `vedette migrate` says, or another command in its container; it must end well."""
        log = self.folder / "migrate.log"
        log.write_bytes(b"")
        entry = on_loopback(self.entries["migrate"], self.addresses())
        entry = replace(entry, command=list(instead)) if instead else entry
        process = start(entry, "127.0.0.1", 0, log)
        assert process.wait(90) == 0, log.read_text()
        return log.read_text()

    def addresses(self) -> dict[str, str]:
        return {
            "kafka:9092": self.broker.address,
            "postgres:5432": f"127.0.0.1:{self.database.port}",
            "mailpit:1025": self.mails.url.removeprefix("smtp://"),
        }

    def pg(self, program: str, *arguments: str) -> bytes:
        """A PostgreSQL program as docs/operations.md runs it in the container; its output."""
        address = ["-h", "127.0.0.1", "-p", str(self.database.port), "-U", "vedette"]
        return subprocess.run(
            [find_binaries() / program, *address, *arguments], check=True, capture_output=True, timeout=60
        ).stdout

    def of(self, name: str) -> list[Running]:
        return [running for running in self.running.values() if running.entry.name == name]

    def wait_ready(self) -> None:
        for name, running in self.running.items():
            wait_until(running.is_ready, READY_WITHIN_SECONDS, f"{name} is ready")

    def wait_until(self, holds: Callable[[], Any], seconds: float, what: str) -> None:
        """AssertionError after `seconds`, with the deliveries and what every service said last."""
        try:
            wait_until(holds, seconds, what)
        except AssertionError as error:
            error.add_note(self.command(self.of("alerts")[0], "deliveries", "list", "--json"))
            for name, running in self.running.items():
                error.add_note(f"{name}:\n{running.log.read_text()[-3000:]}")
            raise

    def command(self, server: Running, *arguments: str) -> str:
        """A `vedette` command of the operator, from outside, with the key of .env."""
        vedette = Path(sys.executable).with_name("vedette")
        done = subprocess.run(
            [vedette, *arguments, "--server", server.url],
            env=os.environ | {"VEDETTE_API_KEY": self.key},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def total(self, name: str, metric: str, **labels: str) -> float:
        """A counter over all containers of an entry."""
        return sum(
            value
            for one in self.of(name)
            for key, value in one.samples(metric).items()
            if set(labels.values()) <= set(key)
        )

    def kill(self) -> None:
        for running in self.running.values():
            if running.process.poll() is None:
                running.process.kill()
            running.process.wait(10)


@contextmanager
def stack(folder: Path, **choice: str) -> Iterator[Stack]:
    """Broker, database and mail server of docker-compose.yml, serving; no Vedette yet. `choice` stands in .env too.

    Raises PostgresMissing.
    """
    text, _ = complete((ROOT / "deploy" / "example.env").read_text(), None)
    dotenv = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    entries = read_compose({name: value.strip('"') for name, value in dotenv.items()} | OPERATORS_CHOICE | choice)
    with ExitStack() as running:
        database = running.enter_context(postgres_server())
        asyncio.run(_create_database(database.port, entries["postgres"].environment))
        mails = running.enter_context(mail_server())
        broker = KafkaBroker(folder / "kafka")
        _configure(folder / "kafka" / "server.properties", entries["kafka"].environment)
        running.callback(broker.kill)
        broker.start()
        asyncio.run(broker.wait_ready())
        made = Stack(entries, dotenv["VEDETTE_ADMIN_KEY"], broker, database, mails, folder)
        running.callback(made.kill)
        yield made


async def _create_database(port: int, environment: dict[str, str]) -> None:
    """What PostgreSQL's image does with these variables at its first start."""
    user, name = environment["POSTGRES_USER"], environment["POSTGRES_DB"]
    connection = await asyncpg.connect(host="127.0.0.1", port=port, user="postgres", database="postgres")
    await connection.execute(f"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{environment['POSTGRES_PASSWORD']}'")
    await connection.execute(f"CREATE DATABASE {name} OWNER {user}")
    await connection.close()


def _configure(properties: Path, environment: dict[str, str]) -> None:
    """What Kafka's image does with KAFKA_* variables; addresses and the folder stay those of this machine."""
    here = ("LISTENER", "ADVERTISED", "QUORUM", "LOG_DIRS", "NODE_ID", "PROCESS_ROLES", "HEAP_OPTS")
    chosen = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment.items()
        if name.startswith("KAFKA_") and not any(word in name for word in here)
    }
    with properties.open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in chosen.items())


def why_no_stack() -> str | None:
    """What is missing to start one, and how to get it; None if nothing is."""
    try:
        find_binaries()
    except PostgresMissing as missing:
        return str(missing)
    return why_no_broker()
