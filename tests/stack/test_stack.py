"""Vedette as operators run it, without an engine: each service with exactly the command and environment of its entry in
docker-compose.yml, two extractors and two alert services, on a real Apache Kafka, PostgreSQL and SMTP server.

One test, since each step goes on where the one before it ended.
"""

import json
import time
from collections import Counter

import pytest

from tests.fakes.deployment_articles import deployment_articles
from tests.fakes.feeds import rss
from tests.fakes.neighbours import feed_host, webhook_receiver
from tests.fakes.postgres_server import EMPTY_SCHEMA
from tests.stack.running import STOP_WITHIN_SECONDS, stack, why_no_stack

STORY = ["900, planned", "4,000, planned", "350, deployed", "denied", "800, deployed"]

ARTICLES = 50


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    if reason := why_no_stack():
        pytest.skip(reason)
    with stack(tmp_path_factory.mktemp("stack")) as made:
        yield made


@pytest.fixture(scope="module")
def receiver():
    with webhook_receiver() as one:
        yield one


def a_service_without_tables_and_topics_ends_and_names_the_command_that_makes_them(running):
    for name in ("fetcher", "alerts"):
        early = running.start(name)
        assert early.process.wait(60) != 0
        assert "vedette migrate" in early.log.read_text()
    running.running.clear()


def migrate_says_what_it_did_and_has_nothing_to_do_the_second_time(running):
    said = running.migrate()
    for word in ("fetcher", "alerts", "news.articles.v1", "news.statements.v1", ".dlq"):
        assert word in said
    assert "nothing to do" in running.migrate()


def every_service_becomes_ready(running):
    for name, number in (("fetcher", 1), ("extractor", 1), ("extractor", 2), ("alerts", 1), ("alerts", 2)):
        running.start(name, number)
    running.wait_ready()
    for one in running.running.values():
        assert one.get("/livez").json() == {"status": "pass"}
        assert {check["status"] for check in one.get("/readyz").json()["checks"].values()} == {"pass"}


def the_api_wants_the_key_of_the_environment_file(running):
    for server, path in (("fetcher-1", "/api/v1/feeds"), ("alerts-1", "/api/v1/claims")):
        assert running.running[server].get(path).status_code == 401
        assert running.running[server].get(path, Authorization=f"Bearer {running.key}").status_code == 200
    assert running.running["extractor-1"].get("/api/v1/feeds").status_code == 401


def the_demo_profile_tells_its_story_by_mail(running, receiver):
    made = json.loads(running.command(running.of("alerts")[1], "subscribe", "--webhook", receiver.url, "--json"))
    assert made["secret"].startswith("whsec_")
    outlets = running.start("outlets")
    running.wait_until(lambda: len(running.mails.mails) >= len(STORY), 120, "five mails")
    subjects = [str(mail["Subject"]) for mail in running.mails.mails]
    assert all(words in subject for words, subject in zip(STORY, subjects, strict=True)), subjects
    assert {str(mail["To"]) for mail in running.mails.mails} == {"desk@example.org"}
    running.wait_until(lambda: "The story is told" in outlets.log.read_text(), 60, "the end of the story")
    assert outlets.stop() == 0
    del running.running["outlets-1"]


def what_feeds_print_reaches_every_subscriber_once_through_two_of_each(running, receiver):
    already = len(STORY)
    told = deployment_articles(ARTICLES)
    again = deployment_articles(ARTICLES, again="again")  # another outlet repeats what others have told
    began = time.monotonic()
    with feed_host() as host:
        feeds = [host.put(f"/outlet{n}", rss(f"Outlet {n}", told[n::5])) for n in range(5)]
        running.command(running.of("fetcher")[0], "feeds", "add", *feeds)
        running.wait_until(lambda: len(receiver.received) >= ARTICLES + already, 120, "all webhooks")
        running.wait_until(lambda: len(running.mails.mails) >= ARTICLES + already, 60, "all mails")
        print(f"{ARTICLES} articles: all alerts after {time.monotonic() - began:.1f} s")
        running.command(running.of("fetcher")[0], "feeds", "add", host.put("/late", rss("Late", again)))
        running.wait_until(
            lambda: running.total("alerts", "vedette_messages_total", group="alerts") >= 2 * ARTICLES, 90, "rest"
        )
        running.wait_until(lambda: all(is_idle(one) for one in running.running.values()), 60, "nothing left to do")
    assert len(receiver.received) == len(running.mails.mails) == ARTICLES + already
    assert set(Counter(webhook.id for webhook in receiver.received).values()) == {1}
    sequences = [json.loads(webhook.body)["data"]["subscription"]["sequence"] for webhook in receiver.received]
    assert sorted(sequences) == list(range(1, ARTICLES + already + 1))


def decided(running):
    return running.total("alerts", "vedette_messages_total", group="alerts")


def is_idle(one):
    return not any(one.status().get("lag", {}).values())


def both_of_each_have_worked_and_metrics_and_status_agree(running, receiver):
    for name in ("extractor", "alerts"):
        worked = [sum(one.samples("vedette_messages_total").values()) for one in running.of(name)]
        assert all(worked), f"{name}: {worked}"
    assert running.total("alerts", "vedette_decisions_total", kind="new") >= ARTICLES
    for channel in ("webhook", "email"):
        accepted = running.total("alerts", "vedette_delivery_attempts_total", channel=channel, outcome="accepted")
        assert accepted == len(receiver.received)
    for one in running.of("alerts"):
        status = one.status()
        assert status["deliveries"]["delivered"] == 2 * len(receiver.received)
        assert status["dead_letters"] == {"alerts": 0}
        assert one.samples("vedette_lag_messages") == {("decide",): 0, ("send",): 0}
        assert one.samples("vedette_deliveries")["delivered",] == 2 * len(receiver.received)
    assert [one.status()["lag"] for one in running.of("extractor")] == [{"extract": 0}, {"extract": 0}]
    feeds = running.of("fetcher")[0].status()["feeds"]
    assert len([feed for feed in feeds if feed["last_fetched"]]) == len(feeds) == 3 + 6  # the demo's and ours
    page = running.of("alerts")[0].get("/status", Accept="text/html")
    assert page.headers["content-type"].startswith("text/html")


def every_service_ends_well_within_its_grace_period(running):
    for name, one in running.running.items():
        began = time.monotonic()
        assert one.stop() == 0, (name, one.log.read_text()[-2000:])
        assert time.monotonic() - began < STOP_WITHIN_SECONDS


def a_backup_brings_back_what_was_there(running, folder):
    def rows():
        counts = "SELECT (SELECT count(*) FROM alerts_events), (SELECT count(*) FROM fetcher_articles)"
        return running.pg("psql", "-At", "-d", "vedette", "-c", counts).strip()

    before = rows()
    (folder / "vedette.dump").write_bytes(running.pg("pg_dump", "-Fc", "vedette"))
    running.pg("psql", "-d", "vedette", "-c", "DROP TABLE alerts_events CASCADE; DELETE FROM fetcher_articles")
    running.pg("psql", "-d", "vedette", "-c", EMPTY_SCHEMA)
    running.pg("pg_restore", "-d", "vedette", "--single-transaction", str(folder / "vedette.dump"))
    assert rows() == before
    assert "nothing to do" in running.migrate()
    running.pg("psql", "-d", "vedette", "-c", "DELETE FROM fetcher_articles")
    running.migrate("vedette", "read-back")
    assert rows() == before


@pytest.mark.timeout(300)
def test_the_entries_of_docker_compose_yml_make_a_vedette_that_works(running, receiver, tmp_path):
    a_service_without_tables_and_topics_ends_and_names_the_command_that_makes_them(running)
    migrate_says_what_it_did_and_has_nothing_to_do_the_second_time(running)
    every_service_becomes_ready(running)
    the_api_wants_the_key_of_the_environment_file(running)
    the_demo_profile_tells_its_story_by_mail(running, receiver)
    what_feeds_print_reaches_every_subscriber_once_through_two_of_each(running, receiver)
    both_of_each_have_worked_and_metrics_and_status_agree(running, receiver)
    every_service_ends_well_within_its_grace_period(running)
    a_backup_brings_back_what_was_there(running, tmp_path)
