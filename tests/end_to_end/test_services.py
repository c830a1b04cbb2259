"""Each service as a process of its own: on PostgreSQL and Kafka beside the others, and alone on the embedded log."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.test_chain import item
from tests.fakes.feeds import rss
from tests.fakes.kafka_broker import KafkaBroker, why_no_broker
from tests.fakes.neighbours import feed_host, wait_until, webhook_receiver
from tests.fakes.postgres_server import PostgresMissing, PostgresServer, postgres_server
from tests.fakes.vedette_process import KEY, VedetteProcess, status

SERVICES = ("fetcher", "extractor", "alerts")
STOP_WITHIN_SECONDS = 5.0


@dataclass
class Stack:
    """A database and a broker, which tests may end and start again."""

    postgres: PostgresServer
    kafka: KafkaBroker
    database_url: str
    data_dir: Path

    def vedette(self, service: str = "up", **changes: str) -> VedetteProcess:
        settings = {"VEDETTE_DATABASE_URL": self.database_url, "VEDETTE_BUS_URL": self.kafka.url, **changes}
        return VedetteProcess(self.data_dir, service, **{name: value for name, value in settings.items() if value})

    def migrate(self) -> list[str]:
        done = self.vedette().command("migrate")
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if reason := why_no_broker():
        pytest.skip(reason)
    kafka = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    kafka.start()
    try:
        asyncio.run(kafka.wait_ready())
        with postgres_server() as server, server.fresh_database() as url:
            yield Stack(server, kafka, url, tmp_path_factory.mktemp("data") / "unused")
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    finally:
        kafka.kill()


def ready(url: str) -> tuple[int, Any]:
    answer = httpx.get(f"{url}/readyz", timeout=5, trust_env=False)
    return answer.status_code, answer.json()


@pytest.mark.xdist_group("kafka")
def test_nothing_starts_before_vedette_migrate_which_says_what_it_does(stack: Stack) -> None:
    for service in (*SERVICES, "up"):
        with stack.vedette(service) as process:
            assert process.ended(60) == 1, service
            wait_until(lambda process=process: process.errors, 5, "the reason")
            assert "vedette migrate" in process.errors[-1], process.errors
    refused = stack.vedette().command("feeds", "list")
    assert (refused.returncode, "vedette migrate" in refused.stderr) == (1, True)

    lines = stack.migrate()
    assert {"tables fetcher_*: migration 0001", "tables alerts_*: migration 0001"} <= set(lines)
    assert {"topic news.articles.v1: created", "topic news.statements.v1.alerts.dlq: created"} <= set(lines)
    assert not any("bus_" in line for line in lines), "the log has no tables here"
    assert stack.migrate() == ["nothing to do: tables and topics are up to date"]


@pytest.mark.xdist_group("kafka")
def test_three_processes_carry_a_feed_entry_to_a_webhook_and_end_when_told(stack: Stack) -> None:
    stack.migrate()
    with ExitStack() as stack_of, feed_host() as host, webhook_receiver() as receiver:
        running = {name: stack_of.enter_context(stack.vedette(name)) for name in SERVICES}
        urls = {name: process.wait_ready(60) for name, process in running.items()}
        operator = stack.vedette()
        operator.json("subscribe", "--webhook", receiver.url)
        operator.environment["VEDETTE_API_KEY"] = KEY
        feed = host.put("/feed", rss("Example Courier", [item(1)]))
        operator.json("feeds", "add", feed, "--server", urls["fetcher"])
        wait_until(lambda: receiver.received, 60, "the alert")
        assert json.loads(receiver.received[0].body)["data"]["claim"]["actor"] == "KEN"

        parts = {name: status(url) for name, url in urls.items()}
        assert [one["url"] for one in parts["fetcher"]["feeds"]] == [feed]
        assert {name: sorted(part["lag"]) for name, part in parts.items()} == {
            "fetcher": ["relay"],
            "extractor": ["extract"],
            "alerts": ["decide", "send"],
        }
        assert "claims" in parts["alerts"]
        assert "claims" not in parts["fetcher"]
        assert "vedette_lag_messages" in httpx.get(f"{urls['extractor']}/metrics", trust_env=False).text
        for name, url in urls.items():
            assert operator.command("status", "--server", url).returncode == 0, name

        for name, process in running.items():
            asked = time.monotonic()
            assert process.stop(STOP_WITHIN_SECONDS, signal.SIGTERM) == 0, name
            print(f"{name}: SIGTERM took {time.monotonic() - asked:.2f} s")
    assert not stack.data_dir.exists(), "nothing is kept in a data directory"


@pytest.mark.xdist_group("kafka")
def test_a_database_that_goes_away_makes_services_unready_but_ends_none(stack: Stack) -> None:
    stack.migrate()
    with stack.vedette("fetcher") as fetcher, stack.vedette("alerts") as alerts:
        urls = [process.wait_ready(60) for process in (fetcher, alerts)]
        stack.postgres.kill()
        try:
            for url in urls:
                wait_until(lambda url=url: ready(url)[0] == 503, 5, "unready")
                name = url_name(ready(url)[1])
                assert "does not answer" in ready(url)[1]["checks"][f"{name}.database"]["output"]
                assert httpx.get(f"{url}/livez", trust_env=False).status_code == 200
                assert httpx.get(f"{url}/status", trust_env=False).status_code == 503
            time.sleep(2)
        finally:
            stack.postgres.start()
        for url in urls:
            wait_until(lambda url=url: ready(url)[0] == 200, 15, "ready again")
        stack.postgres.kill()
        try:
            for process in (fetcher, alerts):
                assert process.stop(STOP_WITHIN_SECONDS, signal.SIGTERM) == 0, "SIGTERM is obeyed meanwhile"
        finally:
            stack.postgres.start()


def url_name(document: Any) -> str:
    return str(next(iter(document["checks"])).partition(".")[0])


@pytest.mark.xdist_group("kafka")
@pytest.mark.parametrize(
    ("service", "changes", "words"),
    [
        ("fetcher", {"VEDETTE_ADMIN_KEY": ""}, "VEDETTE_ADMIN_KEY"),
        ("alerts", {"VEDETTE_ADMIN_KEY": ""}, "VEDETTE_ADMIN_KEY"),
        ("alerts", {"VEDETTE_DATABASE_URL": ""}, "VEDETTE_DATABASE_URL"),
        ("alerts", {"VEDETTE_BUS_URL": ""}, "VEDETTE_BUS_URL"),
        ("up", {"VEDETTE_BUS_URL": ""}, "VEDETTE_BUS_URL"),
        ("fetcher", {"VEDETTE_DATABASE_URL": "mysql://u:secret@h/d"}, "must begin with postgresql+asyncpg://"),
        ("extractor", {"VEDETTE_BUS_URL": "amqp://h:1"}, "kafka://HOST:PORT"),
    ],
)  # fmt: skip
def test_settings_that_do_not_go_together_are_refused(
    stack: Stack, service: str, changes: dict[str, str], words: str
) -> None:
    process = stack.vedette(service, **changes)
    if "VEDETTE_ADMIN_KEY" in changes:
        process.environment.pop("VEDETTE_ADMIN_KEY")
    with process:
        assert process.ended(30) == 1
        wait_until(lambda: process.errors, 5, "the reason")
        assert words in "\n".join(process.errors)
        assert "secret" not in "\n".join(process.errors)
        assert not any("Traceback" in line for line in process.errors)


@pytest.mark.xdist_group("kafka")
def test_the_extractor_needs_neither_database_nor_key(stack: Stack) -> None:
    stack.migrate()
    process = stack.vedette("extractor", VEDETTE_DATABASE_URL="")
    process.environment.pop("VEDETTE_ADMIN_KEY")
    with process:
        url = process.wait_ready(60)
        assert set(ready(url)[1]["checks"]) == {"extractor.bus", "extractor.progress"}
        assert process.stop(STOP_WITHIN_SECONDS, signal.SIGTERM) == 0


@pytest.mark.parametrize("service", SERVICES)
def test_one_service_runs_alone_on_the_embedded_log(tmp_path: Path, service: str) -> None:
    with VedetteProcess(tmp_path, service) as process:
        url = process.wait_ready()
        assert {name.partition(".")[0] for name in ready(url)[1]["checks"]} == {service}
        with VedetteProcess(tmp_path, "alerts") as second:
            assert second.ended(30) == 1, "one process serves a data directory"
            wait_until(lambda: second.errors, 5, "the reason")
            assert "VEDETTE_BUS_URL" in second.errors[-1]
        asked = time.monotonic()
        assert process.stop(STOP_WITHIN_SECONDS, signal.SIGTERM) == 0
        print(f"{service}: SIGTERM took {time.monotonic() - asked:.2f} s")
