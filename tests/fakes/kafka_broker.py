"""A real Apache Kafka broker on free loopback ports: a child of the test process that never outlives it."""

import asyncio
import base64
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.fakes.dies_with_us import dies_with_us
from tests.fakes.ports import free_port

LIBS = Path(__file__).parents[2] / "deploy" / "kafka" / "libs"

QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Half a second less until ready; the tests need no throughput."""

READY_WITHIN_SECONDS = 60.0


def why_no_broker() -> str | None:
    """What is missing to start a broker, and how to get it; None if nothing is."""
    if shutil.which("java") is None:
        return "Kafka tests need Java 17 and Maven (Debian: openjdk-17-jre-headless, maven), then `make kafka-broker`"
    if not (LIBS / ".complete").exists():
        return "Kafka tests need a broker's jars: install Maven (Debian: maven), then `make kafka-broker`"
    return None


class KafkaBroker:
    """One broker that is its own controller. Its data stays over `kill`, `stop` and `start`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port, controller = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = folder / "server.properties"
        folder.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(_settings(self._port, controller, folder / "log"))
        # a first letter of its own, since one that begins with a hyphen would be taken for an option
        cluster = "A" + base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")[1:]
        subprocess.run(
            _java("-Xmx256m", "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._settings)),
            check=True,
            capture_output=True,
            timeout=60,
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"kafka://{self.address}"

    def start(self) -> None:
        """Start the process; `wait_ready` says when it serves."""
        with (self._folder / "broker.log").open("ab") as output:
            self._process = subprocess.Popen(
                _java("-Xmx512m", "kafka.Kafka", str(self._settings)),
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for pytest, which then ends the broker
            )

    async def wait_ready(self) -> float:
        """Returns after how many seconds the cluster had a broker and a controller."""
        began = time.monotonic()
        while not await self._answers():
            if self._process is None or self._process.poll() is not None:
                raise AssertionError("the broker ended:\n" + self._tail())
            if time.monotonic() - began > READY_WITHIN_SECONDS:
                raise AssertionError(f"the broker is not ready after {READY_WITHIN_SECONDS} s:\n" + self._tail())
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def mend(self) -> None:
        """Running again, whatever was done to it."""
        if self._process is None:
            self.start()
        self.thaw()

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._process = None

    async def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1):
                pass
            admin = AIOKafkaAdminClient(bootstrap_servers=self.address, request_timeout_ms=2_000)
            try:
                await admin.start()
                cluster = await admin.describe_cluster()
            finally:
                await admin.close()
        except (OSError, KafkaError):
            return False
        # right after a restart the port answers, but the cluster has nobody to send a request to
        return bool(cluster["brokers"]) and cluster["controller_id"] >= 0

    def _tail(self) -> str:
        return "\n".join((self._folder / "broker.log").read_text(errors="replace").splitlines()[-30:])


def _java(memory: str, *arguments: str) -> list[str]:
    return [*dies_with_us(), "java", memory, *QUICK_JAVA, "-cp", f"{LIBS}/*", *arguments]


def _settings(port: int, controller: int, data: Path) -> str:
    values = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "log.dirs": str(data),
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "5",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "auto.create.topics.enable": "false",
        # a killed broker may come back at once instead of after 9 s
        "broker.session.timeout.ms": "1000",
        "broker.heartbeat.interval.ms": "200",
        # tests let members vanish and wait for it
        "group.min.session.timeout.ms": "1000",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())
