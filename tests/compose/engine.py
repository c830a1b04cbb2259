"""Podman as the engine behind Docker Compose, on a socket of its own, with images and networks of its own."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.compose.images import STORAGE, WORK

CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=2000:2000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "{work}/networks"
"""

LOOK_EVERY_SECONDS = 2.0


def environment() -> dict[str, str]:
    config = WORK / "containers.conf"
    config.write_text(CONTAINERS_CONF.format(work=WORK))
    return {**os.environ, "CONTAINERS_CONF": str(config), "DOCKER_HOST": f"unix://{WORK}/podman.sock"}


def podman(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["podman", *STORAGE, *arguments], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def engine() -> Iterator[None]:
    """Serves the socket and runs the health checks, which podman leaves to systemd timers."""
    socket = WORK / "podman.sock"
    socket.unlink(missing_ok=True)
    with (WORK / "podman.log").open("wb") as log:
        service = subprocess.Popen(
            ["podman", *STORAGE, "system", "service", "-t", "0", f"unix://{socket}"],
            env=environment(), stdout=log, stderr=log,
        )  # fmt: skip
        stop = threading.Event()
        checking = threading.Thread(target=_check_health, args=(stop,), daemon=True)
        try:
            _wait_for(socket)
            checking.start()
            yield
        finally:
            stop.set()
            checking.join(30)
            service.terminate()
            service.wait(10)


def _wait_for(socket: Path) -> None:
    deadline = time.monotonic() + 20
    while not socket.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("podman's socket does not come: " + (WORK / "podman.log").read_text()[-1000:])
        time.sleep(0.1)


def _check_health(stop: threading.Event) -> None:
    while not stop.wait(LOOK_EVERY_SECONDS):
        with suppress(subprocess.TimeoutExpired, ValueError):
            for container in json.loads(podman("ps", "--format", "json").stdout or "[]"):
                if not stop.is_set():
                    podman("healthcheck", "run", container["Id"])
