"""A service is a few named loops that run until told to stop; if one fails, all end and the process with them."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog

log = structlog.get_logger()

Loop = Callable[[asyncio.Event], Coroutine[None, None, None]]

STOP_WITHIN_SECONDS = 4.0
"""Ctrl-C ends within 5 s: what is not done by then is cut off, and comes again at the next start."""


class LoopEnded(RuntimeError):
    """A loop returned although nobody told it to stop."""


async def run_loops(loops: Mapping[str, Loop], stop: asyncio.Event) -> None:
    """Run all loops until `stop` is set and they have ended or were cut off.

    Raises what a failing loop raised, or LoopEnded for one that returned unasked.
    """
    tasks = {asyncio.create_task(loop(stop), name=name) for name, loop in loops.items()}
    stopping: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    watched: set[asyncio.Task[Any]] = {*tasks, stopping}
    try:
        await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        failed = [] if stop.is_set() else [task for task in tasks if task.done()]
        stop.set()
        _, slow = await asyncio.wait(tasks, timeout=STOP_WITHIN_SECONDS)
        for task in slow:
            log.warning("loop_cut_off", loop=task.get_name(), after_seconds=STOP_WITHIN_SECONDS)
    finally:
        for task in watched:
            task.cancel()
        await asyncio.gather(*watched, return_exceptions=True)
    for task in failed:
        error = task.exception() or LoopEnded(f"the loop {task.get_name()} ended unasked")
        log.error("loop_failed", loop=task.get_name(), error=repr(error))
        raise error


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGINT and SIGTERM set `stop`."""
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, stop.set)
