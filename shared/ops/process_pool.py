"""CPU-bound work off the event loop. Workers are spawned, never forked: a forked orphan would keep the data
directory's lock. A worker ends itself as soon as its parent is gone, so that a SIGKILL leaves nobody behind."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _prepare_worker(prepare: Callable[[], None] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_with, args=(parent.sentinel,), daemon=True).start()
    if prepare is not None:
        prepare()


def _die_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


class WorkTooLong(TimeoutError):
    """A call was not done at its deadline and its worker was killed: hostile input, most likely."""


class ProcessPool:
    """`run(function, *arguments)` in one of `workers` processes; function and arguments must be picklable.

    A call that works longer than `deadline` seconds raises WorkTooLong and its worker is replaced: hostile input may
    stop a worker, never the service.
    """

    def __init__(self, workers: int, deadline: float, prepare: Callable[[], None] | None = None) -> None:
        self._workers = workers
        self._deadline = deadline
        self._prepare = prepare
        self._pool = self._start()
        # The queue is here and not in the pool: waiting counts towards no deadline, and dies with no worker.
        self._free = asyncio.Semaphore(workers)

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare_worker,
            initargs=(self._prepare,),
        )

    async def run(
        self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """The function's result. Raises what it raises, WorkTooLong, or BrokenProcessPool if its worker died twice."""
        async with self._free:
            try:
                return await self._run_once(function, *arguments, **named)
            except BrokenProcessPool:  # a worker that dies takes its neighbours' work with it
                return await self._run_once(function, *arguments, **named)

    async def _run_once(
        self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        pool = self._pool
        try:
            call = _submit_deaf(pool, function, *arguments, **named)
            return await asyncio.wait_for(asyncio.wrap_future(call), self._deadline)
        except BrokenProcessPool:
            self._replace(pool)
            raise
        except TimeoutError:
            self._replace(pool)
            raise WorkTooLong(f"{function.__name__} took longer than {self._deadline:g} s") from None

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        if pool is self._pool:  # not yet replaced by another call that failed with it
            self._pool = self._start()
            _kill(pool)

    def close(self) -> None:
        _kill(self._pool)


def _submit_deaf(
    pool: ProcessPoolExecutor,
    function: Callable[Arguments, Result],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Future[Result]:
    """Submit while SIGINT is blocked: a worker that this starts inherits that until it ignores the signal by itself."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(function, *arguments, **named)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)
