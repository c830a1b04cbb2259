"""Random SIGKILLs over services, broker and database while articles flow; then the checker looks at what came of it."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fakes.deployment_articles import deployment_articles
from tests.reliability.supervised import Run, supervised

ARTICLES, KILLS = 5_000, 50
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 6.0
"""Between two kills. A service takes about 3 s to start."""

AMID_RECOVERY = 0.3
"""So many of the kills fall wherever they fall; the others wait until articles flow again, else most would strike into
parts that are only starting."""

FLOWS_WITHIN_SECONDS = 45.0

DONE_WITHIN_SECONDS = 900.0
"""The whole run, after which it gives up and tells what is missing."""

SERVICES = ("fetcher-1", "extractor-1", "extractor-2", "alerts-1", "alerts-2")
TARGETS = (*SERVICES, "kafka", "postgres")


def run_kills(folder: Path, seed: int) -> bool:
    """Whether nothing was lost and nothing told twice; prints the figures."""
    began = time.monotonic()
    deadline = began + DONE_WITHIN_SECONDS
    print(f"{KILLS} kills, {ARTICLES} articles, seed {seed}, load average {os.getloadavg()[0]:.1f}", flush=True)
    with supervised(folder, seed, *SERVICES) as run:
        killed = _kill_while_articles_flow(run, random.Random(seed), deadline)
        while time.monotonic() < deadline and not _is_done(run):
            run.supervise(1)
        seconds = time.monotonic() - began
        run.write_down()
    print(f"killed: {', '.join(f'{name} {count}' for name, count in sorted(killed.items()))}")
    print(
        f"{len(run.told)} of {ARTICLES} articles told after {seconds:.0f} s; ended by themselves: {run.ended or 'none'}"
    )
    checked = subprocess.run([sys.executable, "-m", "tests.reliability.check_history", str(folder)], check=False)
    return checked.returncode == 0 and len(run.told) == ARTICLES and killed.total() == KILLS


def _kill_while_articles_flow(run: Run, draw: random.Random, deadline: float) -> Counter[str]:
    """Before each kill another feed prints its articles, so that each strikes into work."""
    each = ARTICLES // KILLS
    items = deployment_articles(ARTICLES)
    draw.shuffle(items)
    feeds = [run.publish(number, []) for number in range(KILLS)]
    run.stack.command(run.stack.of("fetcher")[0], "feeds", "add", *feeds)
    killed: Counter[str] = Counter()
    for number in range(KILLS):
        run.publish(number, items[number * each : (number + 1) * each])
        if draw.random() > AMID_RECOVERY:
            _await_flow(run)
        run.supervise(draw.uniform(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS))
        if time.monotonic() > deadline:
            break
        target = draw.choice(TARGETS)
        run.kill(target)
        killed[target] += 1
        if number % 10 == 9:
            print(f"{number + 1} kills, {len(run.told)} articles told", flush=True)
    return killed


def _await_flow(run: Run) -> None:
    before, until = len(run.told), time.monotonic() + FLOWS_WITHIN_SECONDS
    while len(run.told) == before and time.monotonic() < until:
        run.supervise(0.2)


def _is_done(run: Run) -> bool:
    return len(run.told) >= ARTICLES and run.is_idle()
