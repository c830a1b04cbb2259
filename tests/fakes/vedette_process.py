"""A real `vedette up`, or one service, started and ended like an operator would."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from tests.fakes.dies_with_us import dies_with_us

VEDETTE = str(Path(sys.executable).with_name("vedette"))
KEY = "a-test-key-of-enough-letters"

SETTINGS = {
    "VEDETTE_ALLOW_NETWORKS": "127.0.0.0/8",
    "VEDETTE_MIN_POLL_SECONDS": "1",
    "VEDETTE_MAX_POLL_SECONDS": "2",
    "VEDETTE_STARTER_FEEDS": "off",
    "VEDETTE_ADMIN_KEY": KEY,
}


class VedetteProcess:
    """`vedette up` (or another `service`) on a data directory. Use as a context manager; it never outlives the test."""

    def __init__(self, data_dir: Path, service: str = "up", **settings: str) -> None:
        self.service = service
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VEDETTE_")},
            **SETTINGS,
            "VEDETTE_DATA_DIR": str(data_dir),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.output: list[str] = []
        self.errors: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "VedetteProcess":
        return self.start()

    def __exit__(self, *_args: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait(10)

    def start(self) -> "VedetteProcess":
        self.process = subprocess.Popen(
            [*dies_with_us(), VEDETTE, self.service, "--port", "0"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for stream, lines in ((self.process.stdout, self.output), (self.process.stderr, self.errors)):
            threading.Thread(target=_collect, args=(stream, lines), daemon=True).start()
        return self

    def wait_ready(self, seconds: float = 30) -> str:
        """The base URL, once the port is open and `/readyz` passes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            url = self._announced()
            if url and _ready(url):
                return url
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"not ready within {seconds} s:\n" + "\n".join(self.output + self.errors[-20:]))

    def _announced(self) -> str | None:
        found = re.search(r"(?:page\s+|running on )(http://\S+)/", "\n".join(self.output))
        return found.group(1) if found else None

    def stop(self, seconds: float, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, or another signal; the exit status. Raises TimeoutExpired if it takes longer than `seconds`."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def ended(self, seconds: float) -> int:
        """The exit status of a process that ends by itself."""
        assert self.process is not None
        return self.process.wait(seconds)

    def command(self, *arguments: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Another `vedette` command on the same data directory."""
        return subprocess.run(
            [VEDETTE, *arguments], env=self.environment, input=stdin, text=True, capture_output=True, timeout=60
        )

    def json(self, *arguments: str) -> Any:
        done = self.command(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def _collect(stream: Any, lines: list[str]) -> None:
    lines.extend(line.rstrip() for line in stream)


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def status(url: str) -> Any:
    return httpx.get(f"{url}/status", headers={"Accept": "application/json"}, timeout=5, trust_env=False).json()


def idle(url: str) -> bool:
    """Whether all feeds were polled and nothing is left to do."""
    document = status(url)
    polled = all(feed["last_fetched"] or feed["error"] for feed in document["feeds"])
    return polled and not any(document["lag"].values()) and not document["deliveries"].get("pending")
