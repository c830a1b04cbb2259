"""docker-compose.yml as Docker Compose reads it, and what it promises: secrets, limits, least rights."""

import json
import re

import pytest

from services.cli.config import EVERY
from tests.unit.deploy.validators import COMPOSE_FILE, SECRETS, compose


@pytest.fixture(scope="module")
def services():
    done = compose("config", "--format", "json", **SECRETS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


def test_docker_compose_accepts_the_file():
    done = compose("config", "--quiet", **SECRETS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("condition: service_healthy", "condition: healthy", "condition"),
        ("networks: [inside]", "networks: [insid]", "insid"),
        ('volumes: ["kafka:/var', 'volumes: ["kafkas:/var', "kafkas"),
        ("start_period: 60s", "start_period: 60 elephants", "duration"),
        ("restart: unless-stopped", "restarts: unless-stopped", "restarts"),
        ('"127.0.0.1:8025:8025"', '"127.0.0.1:8025:port"', "port"),
        ("memory: 1g", "memory: much", "size"),
    ],
)
def test_docker_compose_rejects_a_broken_file(tmp_path, right, wrong, complaint):
    text = COMPOSE_FILE.read_text()
    assert right in text
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(text.replace(right, wrong, 1))
    done = compose("config", "--quiet", file=broken, **SECRETS)
    assert done.returncode != 0
    assert complaint in done.stderr


@pytest.mark.parametrize("name", ["POSTGRES_PASSWORD", "VEDETTE_ADMIN_KEY", "GRAFANA_PASSWORD", "KAFKA_CLUSTER_ID"])
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_starts_without_a_secret_of_ones_own(name, value):
    settings = {key: text for key, text in SECRETS.items() if key != name}
    done = compose("config", "--quiet", **settings, **({} if value is None else {name: value}))
    assert done.returncode != 0
    assert f"{name} is missing a value: run make env first" in done.stderr


def test_images_are_pinned_and_every_container_is_limited_and_restarted(services):
    for name, service in services.items():
        assert re.fullmatch(r"[a-z/]+:(v?\d+\.\d+\.\d+|\d+\.\d+-bookworm|local)", service["image"]), name
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert service["logging"]["options"]["max-size"], name


def test_containers_have_no_rights_that_they_do_not_need(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        # Kafka's image writes its configuration at each start; it runs as its own user, as ours does
        assert service.get("read_only") or name == "kafka"
        assert not service.get("user", "1").startswith(("0", "root")), name
        for mount in service.get("volumes", ()):
            assert mount["type"] == "volume" or mount["read_only"], name


def test_ports_are_published_on_this_machine_only(services):
    for name, service in services.items():
        for port in service.get("ports", ()):
            assert port["host_ip"] == "127.0.0.1", name


def test_secrets_go_only_to_whom_they_concern(services):
    for secret, holders in {
        SECRETS["POSTGRES_PASSWORD"]: {"postgres", "migrate", "fetcher", "alerts"},
        SECRETS["VEDETTE_ADMIN_KEY"]: {"fetcher", "alerts", "outlets"},
        SECRETS["GRAFANA_PASSWORD"]: {"grafana"},
    }.items():
        assert {name for name, service in services.items() if secret in json.dumps(service)} == holders


def test_database_and_bus_are_on_a_network_with_no_way_out(services):
    assert {name for name in services if set(services[name]["networks"]) == {"inside"}} == {
        "kafka",
        "postgres",
        "migrate",
        "extractor",
    }
    done = compose("config", "--format", "json", **SECRETS)
    assert json.loads(done.stdout)["networks"]["inside"]["internal"] is True


def test_services_start_when_tables_and_topics_are_there(services):
    for name in ("fetcher", "extractor", "alerts"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for name in ("kafka", "postgres"):
        assert services["migrate"]["depends_on"][name]["condition"] == "service_healthy"
        assert services[name]["healthcheck"]["test"]


def test_every_setting_of_a_service_is_one_that_vedette_knows(services):
    known = {f"VEDETTE_{name}".upper() for settings in EVERY for name in settings.model_fields} | {"VEDETTE_API_KEY"}
    for name in ("migrate", "fetcher", "extractor", "alerts", "outlets"):
        assert set(services[name]["environment"]) <= known, name


def test_the_first_start_is_quiet_about_monitoring_and_demo():
    done = compose("config", "--services", **SECRETS)
    everything = set(done.stdout.split())
    assert {"prometheus", "grafana", "outlets"} < everything
    profiles = json.loads(compose("config", "--format", "json", **SECRETS).stdout)["services"]
    assert {name for name in everything if not profiles[name].get("profiles")} == {
        "kafka",
        "postgres",
        "mailpit",
        "migrate",
        "fetcher",
        "extractor",
        "alerts",
    }
