"""The broker is away for a minute while articles go on to appear: nobody crashes, all say so, and all catch up."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.fakes.deployment_articles import deployment_articles
from tests.fakes.neighbours import wait_until
from tests.reliability.supervised import HOSTS, Run, supervised

AWAY_SECONDS = 60.0
PER_SECOND = 4
SHOWN = 20
"""Entries in a feed's document: those of its last 40 s."""

UNREADY_WITHIN_SECONDS = 5.0
CAUGHT_UP_WITHIN_SECONDS = 30.0
STOPPED_AFTER_SECONDS = 20.0
STAY = ("fetcher-1", "extractor-1", "alerts-1")
GO = ("extractor-2", "alerts-2")
"""Told to stop while the broker is away."""


class Trickle(threading.Thread):
    """Prints an article now and then until told to stop; `printed` counts them."""

    def __init__(self, run: Run) -> None:
        super().__init__(daemon=True)
        self._run = run
        self._ending = threading.Event()
        self._items = deployment_articles(3_000)
        self.printed = 0
        self.feeds = [run.publish(number, []) for number in range(HOSTS)]

    def run(self) -> None:
        while not self._ending.wait(1 / PER_SECOND):
            number = self.printed % HOSTS
            self._run.publish(number, self._items[number : self.printed + 1 : HOSTS][-SHOWN:])
            self.printed += 1

    def stop(self) -> None:
        self._ending.set()
        self.join(5)


def run_outage(folder: Path, seed: int) -> bool:
    """Whether all of it held; prints the figures."""
    print(f"broker away {AWAY_SECONDS:.0f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
    with supervised(folder, seed, *STAY, *GO) as run:
        trickle = Trickle(run)
        run.stack.command(run.stack.of("fetcher")[0], "feeds", "add", *trickle.feeds)
        trickle.start()
        wait_until(lambda: len(run.told) > 10 * PER_SECOND, 60, "articles flow")
        unready, stopping = _away(run)
        caught_up = _back(run, trickle)
        trickle.stop()
        wait_until(lambda: len(run.told) >= trickle.printed and run.is_idle(), 120, "everything is told")
        run.write_down()
    print(
        f"unready after at most {max(unready.values()):.1f} s; SIGTERM obeyed in at most {max(stopping.values()):.1f} s"
    )
    print(
        f"caught up {caught_up:.1f} s after the broker answered; ended by themselves: {', '.join(run.ended) or 'none'}"
    )
    checked = subprocess.run([sys.executable, "-m", "tests.reliability.check_history", str(folder)], check=False)
    in_time = max(unready.values()) < UNREADY_WITHIN_SECONDS and caught_up < CAUGHT_UP_WITHIN_SECONDS
    return in_time and not run.ended and checked.returncode == 0


def _away(run: Run) -> tuple[dict[str, float], dict[str, float]]:
    """By service: seconds until it said that it is unready; seconds from SIGTERM to its end, for those that go."""
    began = time.monotonic()
    run.history.note("kill", target="kafka")
    run.stack.broker.kill()
    unready: dict[str, float] = {}
    while len(unready) < len(STAY + GO) and time.monotonic() - began < 2 * UNREADY_WITHIN_SECONDS:
        for name in STAY + GO:
            if name not in unready and not _is_ready(run, name):
                unready[name] = time.monotonic() - began
        time.sleep(0.1)
    run.supervise(STOPPED_AFTER_SECONDS - (time.monotonic() - began))
    stopping = {name: _seconds(lambda name=name: run.stop(name)) for name in GO}
    run.supervise(AWAY_SECONDS - (time.monotonic() - began))
    return unready, stopping


def _back(run: Run, trickle: Trickle) -> float:
    """Seconds from the broker's first answer until all that was printed before it is told, and all are ready."""
    started = time.monotonic()
    run.stack.broker.start()
    asyncio.run(run.stack.broker.wait_ready())
    answered, printed = time.monotonic(), trickle.printed
    print(f"{printed - len(run.told)} articles wait; the broker answers {answered - started:.1f} s after its start")
    ready = False
    while not (ready and len(run.told) >= printed) and time.monotonic() - answered < 4 * CAUGHT_UP_WITHIN_SECONDS:
        run.supervise(0.2)
        ready = all(_is_ready(run, name) for name in STAY)
    return time.monotonic() - answered


def _is_ready(run: Run, name: str) -> bool:
    try:
        return run.stack.running[name].get("/readyz").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
