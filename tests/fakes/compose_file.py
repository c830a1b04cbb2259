"""The entries of docker-compose.yml as processes on this machine: same command, same environment, other addresses."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.dies_with_us import dies_with_us

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Entry:
    """One service of the file, every variable filled in."""

    name: str
    command: list[str]
    environment: dict[str, str]


def read_compose(settings: Mapping[str, str]) -> dict[str, Entry]:
    """All entries as Docker Compose itself reads them with `settings` as its .env."""
    command = [_beside_python("docker-compose"), "--env-file", os.devnull, "-f", str(ROOT / "docker-compose.yml")]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **settings}
    done = subprocess.run(
        [*command, "--profile", "*", "config", "--format", "json"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {name: _entry(name, service) for name, service in json.loads(done.stdout)["services"].items()}


def _entry(name: str, service: Mapping[str, Any]) -> Entry:
    command = service.get("command") or []
    environment = {key: str(value) for key, value in (service.get("environment") or {}).items()}
    return Entry(name, shlex.split(command) if isinstance(command, str) else list(command), environment)


def on_loopback(entry: Entry, addresses: Mapping[str, str]) -> Entry:
    """`addresses` maps `host:port` of the compose network to `host:port` of this machine; nothing else changes.

    Raises ValueError for an address of another entry that is not in it.
    """

    def moved(text: str) -> str:
        for inside, here in addresses.items():
            text = re.sub(rf"(?<![\w.-]){re.escape(inside)}(?!\d)", here, text)
        return text

    environment = {name: moved(value) for name, value in entry.environment.items()}
    for name, value in environment.items():
        if found := re.search(r"(?<![\w.-])(kafka|postgres|mailpit|fetcher|extractor|alerts|outlets):\d+", value):
            raise ValueError(f"{entry.name}: {name} still has {found[0]}")
    return Entry(entry.name, [moved(word) for word in entry.command], environment)


def start(entry: Entry, host: str, port: int, output: Path) -> "subprocess.Popen[bytes]":
    """The entry's process, listening on `host` and `port` instead of the container's own."""
    command = [*dies_with_us(), _beside_python(entry.command[0]), *entry.command[1:]]
    own = {name: value for name, value in os.environ.items() if not name.startswith("VEDETTE_")}
    environment = own | entry.environment | ({"VEDETTE_HOST": host, "VEDETTE_PORT": str(port)} if port else {})
    with output.open("ab") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)


def _beside_python(program: str) -> str:
    return str(Path(sys.executable).with_name(program))
