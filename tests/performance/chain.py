"""Throughput of the whole chain, feeds to webhooks: one process on SQLite, and services on Kafka and PostgreSQL."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.fakes.deployment_articles import deployment_articles
from tests.fakes.feeds import rss
from tests.fakes.neighbours import feed_host, wait_until, webhook_receiver
from tests.fakes.vedette_process import VedetteProcess
from tests.stack.running import stack, why_no_stack

ARTICLES = 1_000
HOSTS = 8
"""Feeds of one host are polled one after the other."""

OFTEN_ENOUGH = {"VEDETTE_MIN_POLL_SECONDS": "60", "VEDETTE_MAX_POLL_SECONDS": "3600"}
"""Feeds are polled when they are added; the tests' interval of a second would also look at every page again."""

DONE_WITHIN_SECONDS = 300.0

Command = Callable[..., object]


def measure_chain() -> None:
    print(f"load average before the chains: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder, VedetteProcess(Path(folder), **OFTEN_ENOUGH) as vedette:
        vedette.wait_ready()
        _measure("SQLite, one process", vedette.command, vedette.command)
    if reason := why_no_stack():
        print(f"chain on Kafka and PostgreSQL: not measured. {reason}")
        return
    for each in (1, 2):
        with tempfile.TemporaryDirectory() as folder, stack(Path(folder), **OFTEN_ENOUGH) as running:
            running.migrate()
            running.start("fetcher")
            for number in range(1, each + 1):
                running.start("extractor", number)
                running.start("alerts", number)
            running.wait_ready()
            fetcher, alerts = running.of("fetcher")[0], running.of("alerts")[0]
            _measure(
                f"Kafka and PostgreSQL, one fetcher, extractors and alerts {each} each",
                lambda *words, server=fetcher: running.command(server, *words),
                lambda *words, server=alerts: running.command(server, *words),
            )


def _measure(name: str, fetcher: Command, alerts: Command) -> None:
    """From adding feeds until every article has been told; each is one alert."""
    items = deployment_articles(ARTICLES)
    with ExitStack() as running:
        receiver = running.enter_context(webhook_receiver())
        hosts = [running.enter_context(feed_host()) for _ in range(HOSTS)]
        alerts("subscribe", "--webhook", receiver.url)
        urls = [host.put("/feed", rss(f"Outlet {number}", items[number::HOSTS])) for number, host in enumerate(hosts)]
        began = time.monotonic()
        fetcher("feeds", "add", *urls)
        wait_until(lambda: len(receiver.received) >= ARTICLES, DONE_WITHIN_SECONDS, "all webhooks")
        took = [webhook.at - began for webhook in receiver.received]
    rate = ARTICLES / max(took)
    print(f"chain on {name}: {rate:,.0f} articles/s from feed to webhook; the first after {min(took):.1f} s")


if __name__ == "__main__":
    measure_chain()
