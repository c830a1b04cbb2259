"""The whole stack under a supervisor that does what `restart: unless-stopped` does, and a receiver that notes all."""

import asyncio
import hashlib
import json
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.settings import KafkaSettings
from shared.events.topics import TOPICS
from tests.fakes.feeds import Item, rss
from tests.fakes.neighbours import Host, Received, feed_host, webhook_receiver
from tests.reliability.history import BUS, STORED, History
from tests.stack.running import Running, Stack, stack

TICK_SECONDS = 0.1
HOSTS = 8
"""Feeds of one host are polled one after the other."""

SLOWEST_ANSWER_SECONDS = 0.1
"""Of the receiver: it widens the gap between an alert's arrival and its commit, as a real network does."""


@dataclass
class Run:
    """One run. `told` are the ids of all articles that the receiver has heard of."""

    stack: Stack
    history: History
    folder: Path
    hosts: list[Host]
    told: set[str] = field(default_factory=set)
    ended: list[str] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)

    def publish(self, number: int, items: list[Item]) -> str:
        """Print `items` as the whole of feed `number`; returns its URL."""
        host = self.hosts[number % len(self.hosts)]
        return host.put(f"/feed{number}", rss(f"Outlet {number}", items))

    def supervise(self, seconds: float) -> None:
        """Start again what has ended, for so long."""
        until = time.monotonic() + seconds
        while True:
            for name, running in list(self.stack.running.items()):
                if name not in self.stopped and running.process.poll() is not None:
                    self._note_end(name, running)
                    self.start(name)
            if time.monotonic() >= until:
                return
            time.sleep(min(TICK_SECONDS, max(until - time.monotonic(), 0.0)))

    def start(self, name: str) -> Running:
        service, _, number = name.partition("-")
        self.stopped.discard(name)
        return self.stack.start(service, int(number))

    def stop(self, name: str) -> int:
        """As `docker compose stop` would; the exit status."""
        self.stopped.add(name)
        return self.stack.running[name].stop()

    def kill(self, target: str) -> None:
        """SIGKILL to a service, to `kafka` or to `postgres`; all start again at once."""
        self.history.note("kill", target=target)
        if target == "kafka":
            self.stack.broker.kill()
            self.stack.broker.start()
        elif target == "postgres":
            self.stack.database.kill()
            self.stack.database.start()
        else:
            process = self.stack.running[target].process
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            self.start(target)

    def is_idle(self) -> bool:
        """Nothing is left to do, as the services themselves see it."""
        try:
            documents = [one.status() for name, one in self.stack.running.items() if name not in self.stopped]
        except (httpx.HTTPError, ValueError):  # starting, or a neighbour of it is
            return False
        return not any(
            any(document["lag"].values()) or document.get("deliveries", {}).get("pending") for document in documents
        )

    def write_down(self) -> None:
        """For the checker: what is stored and what the topics hold."""
        ids = self.stack.pg("psql", "-At", "-d", "vedette", "-c", "SELECT id FROM fetcher_articles")
        (self.folder / STORED).write_bytes(ids)
        self.write_down_bus()

    def write_down_bus(self) -> None:
        asyncio.run(_write_down_bus(self.stack.broker.address, self.folder / BUS))

    def _note_end(self, name: str, running: Running) -> None:
        """It was not killed: it gave up by itself."""
        self.history.note("ended", target=name, status=running.process.returncode)
        self.ended.append(f"{name} ({running.process.returncode})")


@contextmanager
def supervised(folder: Path, seed: int, *names: str) -> Iterator[Run]:
    """The named services on a migrated stack, ready; alerts among them have one subscription, to everything."""
    draw = random.Random(seed)
    with ExitStack() as running:
        history = History(folder)
        running.callback(history.close)
        made = running.enter_context(stack(folder))
        receiver = running.enter_context(webhook_receiver())
        hosts = [running.enter_context(feed_host()) for _ in range(HOSTS)]
        run = Run(made, history, folder, hosts)

        def answer(received: Received) -> tuple[int, float]:
            run.told.add(_note_webhook(history, received))
            return 204, draw.uniform(0.0, SLOWEST_ANSWER_SECONDS)

        receiver.answer = answer
        made.migrate()
        for name in names:
            run.start(name)
        made.wait_ready()
        for alerts in made.of("alerts")[:1]:
            made.command(alerts, "subscribe", "--webhook", receiver.url)
        yield run


def _note_webhook(history: History, received: Received) -> str:
    data = json.loads(received.body)["data"]
    article = str(data["article"]["id"])
    digest = hashlib.sha256(received.body).hexdigest()
    sequence = data["subscription"]["sequence"]
    history.note("webhook", id=received.id, article=article, sequence=sequence, body=digest)
    return article


async def _write_down_bus(address: str, file: Path) -> None:
    bus = KafkaBus(KafkaSettings(servers=(address,)))
    with file.open("w") as lines:
        for topic in TOPICS:
            async for record in bus.browse(topic):
                line = {
                    "topic": topic,
                    "partition": record.position.partition,
                    "offset": record.offset,
                    "key": record.key,
                    "id": record.headers["ce_id"].decode(),
                    "at": record.appended.timestamp(),
                }
                lines.write(json.dumps(line) + "\n")
    await bus.close()
