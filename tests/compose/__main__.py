"""`make test-compose`: `docker compose --profile demo up` of the project's own file until the demo's alerts are there.

The engine is podman, whose images are made here: ours from deploy/Dockerfile, stand-ins for the others. What this shows
is that file and image work together: networks, names, users, read-only roots, order of start, health checks.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from deploy.write_env import complete
from tests.compose.engine import engine, environment, podman
from tests.compose.images import WORK, build_images
from tests.fakes.compose_file import ROOT

NEEDED = ("buildah", "podman", "debootstrap", "runc", "iptables")
STORY = ["900, planned", "4,000, planned", "350, deployed", "denied", "800, deployed"]
STORY_WITHIN_SECONDS = 180
SETTINGS = {
    "VEDETTE_MIN_POLL_SECONDS": "2",
    "VEDETTE_MAX_POLL_SECONDS": "4",
    "VEDETTE_STARTER_FEEDS": "off",
    # podman knows no range to choose from
    "VEDETTE_ALERTS_PORTS": "8080",
    "VEDETTE_FETCHER_PORTS": "8090",
}


def main() -> int:
    if why := _why_not():
        print(why, file=sys.stderr)
        return 1
    WORK.mkdir(exist_ok=True)
    text, _ = complete((ROOT / "deploy" / "example.env").read_text(), None)
    (WORK / ".env").write_text(text)
    services = json.loads(_compose("config", "--format", "json", capture=True))["services"]
    build_images({name: service["image"] for name, service in services.items()})
    with engine():
        _compose("down", "--volumes", "--remove-orphans")
        try:
            _compose("up", "--detach", "--no-build", "--pull", "never")
            subjects = _until_told()
            print("\n".join(f"  mail: {subject}" for subject in subjects))
            _look_closer()
        except BaseException:
            _compose("ps", "--all")
            _compose("logs", "--tail", "40", "--no-color")
            raise
        finally:
            _compose("down", "--volumes", "--remove-orphans")
    print("docker compose up: the demo's five alerts arrived")
    return 0


def _why_not() -> str | None:
    if os.geteuid() != 0:
        return "make test-compose needs root: containers without an engine need it for networks and images"
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        packages = " ".join((*NEEDED, "netavark", "aardvark-dns", "catatonit"))
        return f"make test-compose needs {', '.join(missing)} (Debian: apt-get install {packages})"
    return None


def _compose(*arguments: str, capture: bool = False) -> str:
    program = Path(sys.executable).with_name("docker-compose")
    done = subprocess.run(
        [program, "--env-file", WORK / ".env", "-f", ROOT / "docker-compose.yml", "--profile", "demo", *arguments],
        env=environment() | SETTINGS, stdout=subprocess.PIPE if capture else None, text=True, timeout=300, check=True,
    )  # fmt: skip
    return done.stdout or ""


def _until_told() -> list[str]:
    deadline = time.monotonic() + STORY_WITHIN_SECONDS
    subjects: list[str] = []
    while len(subjects) < len(STORY) and time.monotonic() < deadline:
        time.sleep(1)
        subjects = [mail["Subject"] for mail in reversed(_get("http://127.0.0.1:8025/api/v1/messages")["messages"])]
    if len(subjects) != len(STORY) or not all(words in said for words, said in zip(STORY, subjects, strict=True)):
        raise AssertionError(f"the story was not told as it should be: {subjects}")
    return subjects


def _look_closer() -> None:
    """Ready and answering on the published ports; nobody is root, no root is writable."""
    for port in (8080, 8090):
        assert _get(f"http://127.0.0.1:{port}/readyz")["status"] == "pass"
    for container in json.loads(podman("ps", "--format", "json").stdout):
        name = container["Names"][0]
        user = podman("exec", name, "id", "-u").stdout.strip()
        written = podman("exec", name, "touch", "/usr/x").returncode == 0
        memory = podman("stats", "--no-stream", "--format", "{{.MemUsage}}", name).stdout.strip()
        print(f"  {name}: user {user}, root {'WRITABLE' if written else 'not writable'}, memory {memory}")
        assert user not in ("", "0")
        assert not written


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
