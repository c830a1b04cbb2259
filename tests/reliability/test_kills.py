"""SIGKILL while articles flow: nothing lost, nothing told under another id, nobody left behind.

The receiver's log of a run with kills is compared with that of a run without. Every other kill strikes at a random
moment, the rest while the receiver holds a webhook that it has kept and not yet answered: between an effect and its
commit, on a slow machine too. Such a kill shows as a repetition; without any, the test would have tested nothing.
"""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.deployment_articles import deployment_articles
from tests.fakes.feeds import rss
from tests.fakes.neighbours import Host, Received, Receiver, feed_host, wait_until, webhook_receiver
from tests.fakes.vedette_process import VedetteProcess, idle, status

KILLS = int(os.environ.get("VEDETTE_TEST_KILLS", "8"))
"""As many as `make test` has time for; `make reliability` asks for twenty."""

LONGEST_LIFE_SECONDS = 3.5
"""A life of the process: its first polls begin about two seconds after it is ready."""

LONGEST_WAIT_SECONDS = 15
"""For a webhook to strike at: start, first polls and extraction on a busy machine. There is none once all are told."""

SEED = int(os.environ.get("VEDETTE_TEST_SEED", "20250301"))

ARTICLES = 200
PER_FEED = 25


def publish(host: Host) -> list[str]:
    items = deployment_articles(ARTICLES)
    groups = [items[start : start + PER_FEED] for start in range(0, len(items), PER_FEED)]
    return [host.put(f"/feed{number}", rss(f"Outlet {number}", group)) for number, group in enumerate(groups)]


def prepare(vedette: VedetteProcess, host: Host, receiver: Receiver) -> threading.Event:
    """Subscriptions and feeds; the event is set whenever the receiver has kept a webhook and lets its sender wait."""
    draw, kept = random.Random(SEED), threading.Event()

    def answer(_received: Received) -> tuple[int, float]:
        kept.set()
        return 204, draw.uniform(0.1, 0.3)

    receiver.answer = answer
    assert vedette.command("subscribe", "--webhook", receiver.url).returncode == 0
    added = vedette.command("feeds", "add", *publish(host))
    assert added.returncode == 0, added.stderr
    return kept


def run_unkilled(data_dir: Path, host: Host) -> list[Received]:
    with webhook_receiver() as receiver, VedetteProcess(data_dir) as vedette:
        url = vedette.wait_ready()
        prepare(vedette, host, receiver)
        wait_until(lambda: idle(url), 120, "the run without kills is done")
        assert vedette.stop(10) == 0
        return receiver.received


def run_killed(data_dir: Path, host: Host) -> list[Received]:
    draw = random.Random(SEED)
    with webhook_receiver() as receiver, VedetteProcess(data_dir) as vedette:
        vedette.wait_ready()
        kept = prepare(vedette, host, receiver)
        for number in range(KILLS):
            if number % 2:
                time.sleep(draw.uniform(0.2, LONGEST_LIFE_SECONDS))
            else:
                kept.clear()
                kept.wait(LONGEST_WAIT_SECONDS)
            kill(vedette)
            vedette.output.clear()
            vedette.start().wait_ready()
        url = vedette.wait_ready()
        wait_until(lambda: idle(url), 120, "the run with kills is done")
        assert status(url)["dead_letters"] == {"extractor": 0, "alerts": 0}
        assert vedette.stop(10) == 0
        return receiver.received


def kill(vedette: VedetteProcess) -> None:
    """SIGKILL to the process alone; its workers must end by themselves."""
    assert vedette.process is not None
    group = vedette.process.pid
    vedette.process.send_signal(signal.SIGKILL)
    vedette.process.wait(10)
    wait_until(lambda: not group_members(group), 10, "all workers of the killed process have ended")


def group_members(group: int) -> list[int]:
    """Living processes of the group (a session of its own, so nobody else is in it); zombies are dead."""
    living = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                living.append(int(entry.name))
    return living


def repeated_statements(data_dir: Path) -> int:
    """Messages that the extractor published again because a kill struck before its offset was committed."""
    with sqlite3.connect(data_dir / "vedette.db") as database:
        rows = database.execute("SELECT headers FROM bus_messages WHERE topic = 'news.statements.v1'").fetchall()
    return len(rows) - len({headers for (headers,) in rows})


@pytest.mark.reliability
@pytest.mark.timeout(400)
def test_kills_lose_nothing_and_repeat_only_under_the_same_id(tmp_path: Path) -> None:
    with feed_host() as host:
        expected = run_unkilled(tmp_path / "unkilled", host)
        received = run_killed(tmp_path / "killed", host)

    assert Counter(one.id for one in expected).most_common(1)[0][1] == 1, "without kills nothing is repeated"
    assert len(expected) == ARTICLES
    assert {one.id for one in received} == {one.id for one in expected}
    bodies = {(one.id, one.body) for one in received}
    assert len(bodies) == len(expected), "repetitions have equal bytes"

    webhooks = len(received) - len(expected)
    statements = repeated_statements(tmp_path / "killed")
    print(
        f"\n{KILLS} kills, seed {SEED}: {webhooks} webhooks and {statements} statements repeated by kills that struck "
        f"between effect and commit; lost 0, told under another id 0"
    )
    assert webhooks > 0, "no kill struck between an effect and its commit: nothing was tested"
