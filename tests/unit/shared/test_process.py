"""Loops, their end, and the pool of workers."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from shared.ops.lifecycle import LoopEnded, run_loops
from shared.ops.periodic import every
from shared.ops.process_pool import ProcessPool, WorkTooLong


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def test_loops_end_when_told() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_loops({"a": until_stopped, "b": until_stopped}, stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 1)


async def test_a_failing_loop_ends_all_of_them() -> None:
    async def fails(_stop: asyncio.Event) -> None:
        raise OSError("disk full")

    stop = asyncio.Event()
    with pytest.raises(OSError, match="disk full"):
        await run_loops({"fails": fails, "other": until_stopped}, stop)
    assert stop.is_set()


async def test_a_loop_that_returns_unasked_is_a_failure() -> None:
    async def returns(_stop: asyncio.Event) -> None:
        return None

    with pytest.raises(LoopEnded, match="returns ended unasked"):
        await run_loops({"returns": returns, "other": until_stopped}, asyncio.Event())


async def test_a_loop_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.ops.lifecycle.STOP_WITHIN_SECONDS", 0.05)

    async def deaf(_stop: asyncio.Event) -> None:
        await asyncio.sleep(60)

    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(run_loops({"deaf": deaf}, stop), 2)


async def test_periodic_work_goes_on_after_an_error() -> None:
    stop, turns = asyncio.Event(), 0

    async def work() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            stop.set()
        raise ValueError("bad day")

    await asyncio.wait_for(every(0.001, "work", work)(stop), 2)
    assert turns == 3


@pytest.fixture
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(1, deadline=5)
    yield pool
    pool.close()


async def test_work_is_done_in_another_process(pool: ProcessPool) -> None:
    assert await pool.run(os.getpid) != os.getpid()


async def test_ctrl_c_does_not_reach_workers_even_while_they_start() -> None:
    pool = ProcessPool(1, deadline=10)
    try:
        first = asyncio.create_task(pool.run(abs, -1))
        await asyncio.sleep(0.05)
        for process in (pool._pool._processes or {}).values():
            os.kill(process.pid, signal.SIGINT)
        assert await first == 1
    finally:
        pool.close()


async def test_what_the_function_raises_is_raised(pool: ProcessPool) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await pool.run(int, "x")


async def test_endless_work_is_ended_and_the_pool_goes_on() -> None:
    pool = ProcessPool(1, deadline=2)
    try:
        await pool.run(abs, -1)
        with pytest.raises(WorkTooLong, match="sleep took longer"):
            await pool.run(time.sleep, 60)
        assert await pool.run(abs, -2) == 2
    finally:
        pool.close()


async def test_a_worker_that_dies_is_replaced(pool: ProcessPool) -> None:
    with pytest.raises(BrokenProcessPool):
        await pool.run(os._exit, 3)
    assert await pool.run(abs, -3) == 3


def sigint_is_blocked() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


class Starter(ProcessPoolExecutor):
    """Notes whether SIGINT is blocked where a worker would be started."""

    def __init__(self) -> None:
        super().__init__(1)
        self.deaf: list[bool] = []

    def submit(self, function, /, *arguments, **named):
        self.deaf.append(sigint_is_blocked())
        done: Future[object] = Future()
        done.set_result(function(*arguments, **named))
        return done


async def test_workers_do_not_hear_ctrl_c_while_they_start(monkeypatch: pytest.MonkeyPatch) -> None:
    starter = Starter()
    monkeypatch.setattr(ProcessPool, "_start", lambda self: starter)
    pool = ProcessPool(1, deadline=5)
    assert await pool.run(abs, -1) == 1
    assert starter.deaf == [True]
    assert not sigint_is_blocked()
    pool.close()


def die_once(marker: Path) -> str:
    if marker.exists():
        return "done"
    marker.touch()
    os._exit(3)


async def test_work_that_a_dying_worker_took_with_it_is_done_again(pool: ProcessPool, tmp_path: Path) -> None:
    assert await pool.run(die_once, tmp_path / "died") == "done"


async def test_waiting_for_a_worker_counts_towards_no_deadline() -> None:
    pool = ProcessPool(1, deadline=2)
    try:
        await pool.run(abs, -1)
        done = await asyncio.gather(*(pool.run(time.sleep, 0.4) for _ in range(8)))
        assert done == [None] * 8
    finally:
        pool.close()


async def test_endless_work_takes_no_other_work_with_it() -> None:
    pool = ProcessPool(2, deadline=5)
    try:
        await asyncio.gather(pool.run(abs, -1), pool.run(abs, -1))
        endless = asyncio.create_task(pool.run(time.sleep, 60))
        await asyncio.sleep(1)
        assert await asyncio.gather(*(pool.run(time.sleep, 1.8) for _ in range(4))) == [None] * 4
        with pytest.raises(WorkTooLong):
            await endless
    finally:
        pool.close()
