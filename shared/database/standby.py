"""A loop that runs in one process at a time; the same loop of every other process stands by."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import structlog
from sqlalchemy import Table

from shared.database.lease import LENGTH, give_back_lease, hold_lease
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock
from shared.ops.lifecycle import Loop
from shared.ops.unavailable import Unavailable
from shared.ops.waiting import any_set

log = structlog.get_logger()

LOOK_EVERY_SECONDS = LENGTH.total_seconds() / 3


def one_at_a_time(database: Database, leases: Table, name: str, clock: Clock, loop: Loop) -> Loop:
    """`loop`, for as long as this process has the lease `name`; told to stop when another one has it.

    While the database is away nobody takes over, so the loop goes on. On SQLite there is one process anyway.
    """
    if database.is_sqlite:
        return loop
    holder = str(uuid4())

    async def held(before: bool) -> bool:
        try:
            async with database.unit_of_work() as connection:
                return await hold_lease(connection, leases, name, holder, clock())
        except Unavailable:
            return before

    async def work(stop: asyncio.Event) -> None:
        mine, lost = True, asyncio.Event()
        running = asyncio.create_task(loop(lost))
        try:
            while mine and not running.done() and not await any_set(LOOK_EVERY_SECONDS, stop):
                mine = await held(mine)
        finally:
            lost.set()
            await running
        if not mine:
            log.info("lease_lost", lease=name)

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            if await held(False):
                await work(stop)
            else:
                await any_set(LOOK_EVERY_SECONDS, stop)
        with suppress(Exception):  # it runs out by itself
            async with database.unit_of_work() as connection:
                await give_back_lease(connection, leases, name, holder)

    return run
