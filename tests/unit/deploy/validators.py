"""The real validators: Docker Compose, hadolint and promtool. Each says what is wrong; nothing if all is right."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMPOSE_FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PROMETHEUS = ROOT / "deploy" / "prometheus"

SECRETS = {
    "POSTGRES_PASSWORD": "a-password",
    "VEDETTE_ADMIN_KEY": "a-key-of-24-letters-or-more",
    "GRAFANA_PASSWORD": "another-password",
    "KAFKA_CLUSTER_ID": "AAAAAAAAAAAAAAAAAAAAAA",
    "VEDETTE_ALLOW_NETWORKS": "",
    "VEDETTE_MAIL_FROM": "vedette@example.org",
}

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None,
    reason="no promtool on this machine, so Prometheus rules are not checked: apt-get install prometheus",
)


def compose(*arguments: str, file: Path = COMPOSE_FILE, **settings: str) -> "subprocess.CompletedProcess[str]":
    """`docker-compose` with these settings and no others; it needs no engine for `config`."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **settings}
    command = [str(Path(sys.executable).with_name("docker-compose")), "--env-file", os.devnull, "-f", str(file)]
    return subprocess.run(
        [*command, "--project-directory", str(ROOT), "--profile", "*", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def hadolint(file: Path) -> str:
    return _complaints(str(Path(sys.executable).with_name("hadolint")), str(file))


def promtool(*arguments: str) -> str:
    return _complaints("promtool", *arguments)


def _complaints(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return (done.stdout + done.stderr).strip() or "failed" if done.returncode else ""
