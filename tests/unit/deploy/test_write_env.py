"""`make env`: fresh secrets once, and nothing of an operator's own is ever touched."""

import base64
import stat
import subprocess
import sys
from shutil import copytree

from deploy.write_env import complete
from tests.unit.deploy.validators import ROOT, SECRETS, compose

EXAMPLE = (ROOT / "deploy" / "example.env").read_text()


def settings(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def test_each_setting_without_a_value_gets_a_secret_of_its_own():
    first, added = complete(EXAMPLE, None)
    again, _ = complete(EXAMPLE, None)
    secrets = [name for name, value in settings(EXAMPLE).items() if not value]
    assert {"POSTGRES_PASSWORD", "VEDETTE_ADMIN_KEY", "GRAFANA_PASSWORD", "KAFKA_CLUSTER_ID"} == set(secrets)
    assert added == list(settings(EXAMPLE))
    made = [settings(text)[name] for text in (first, again) for name in secrets]
    assert len(set(made)) == len(made)
    assert all(len(value) >= 22 for value in made)
    assert len(base64.urlsafe_b64decode(settings(first)["KAFKA_CLUSTER_ID"] + "==")) == 16


def test_an_env_that_is_there_keeps_every_byte_and_gets_only_what_it_lacks():
    existing = "# mine\nPOSTGRES_PASSWORD=kept\nMY_OWN=1"
    text, added = complete(EXAMPLE, existing)
    assert text.startswith(existing + "\n")
    assert "POSTGRES_PASSWORD" not in added
    assert "VEDETTE_ADMIN_KEY" in added
    assert complete(EXAMPLE, text) == (text, [])


def test_a_copy_of_the_example_gets_its_secrets():
    text, added = complete(EXAMPLE, EXAMPLE)
    assert set(added) == {"POSTGRES_PASSWORD", "VEDETTE_ADMIN_KEY", "GRAFANA_PASSWORD", "KAFKA_CLUSTER_ID"}
    assert all(len(settings(text)[name]) >= 22 for name in added)
    assert [line for line in text.splitlines() if line.split("=")[0] not in added] == [
        line for line in EXAMPLE.splitlines() if line.split("=")[0] not in added
    ]
    assert complete(EXAMPLE, "VEDETTE_ALLOW_NETWORKS=")[0].startswith("VEDETTE_ALLOW_NETWORKS=\n"), "empty on purpose"


def test_a_written_env_is_private_and_all_that_docker_compose_needs(tmp_path):
    copytree(ROOT / "deploy", tmp_path / "deploy", ignore=lambda *_: {"libs"})
    subprocess.run([sys.executable, tmp_path / "deploy" / "write_env.py"], check=True, capture_output=True)
    written = tmp_path / ".env"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    values = {name: value.strip('"') for name, value in settings(written.read_text()).items()}
    assert set(values) == set(SECRETS)
    assert compose("config", "--quiet", **values).returncode == 0


def test_no_cluster_id_looks_like_an_option_of_kafkas_tool():
    made = {settings(complete("KAFKA_CLUSTER_ID=\n", None)[0])["KAFKA_CLUSTER_ID"] for _ in range(2000)}
    assert len(made) == 2000
    assert not any(cluster.startswith("-") for cluster in made)
