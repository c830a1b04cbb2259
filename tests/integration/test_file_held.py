"""All services on one SQLite file that another program holds for longer than they wait for it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.fetcher.settings import FetcherSettings
from services.one_process.application import ServiceSettings, open_application
from shared.database import engine
from shared.events.envelope import Message
from shared.events.topics import STATEMENTS
from shared.ops.lifecycle import run_loops
from shared.ops.settings import DATABASE_FILE, CommonSettings


async def test_no_service_ends_while_another_program_holds_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    own = ServiceSettings(fetcher=FetcherSettings(starter_feeds=False))
    async with open_application(CommonSettings(data_dir=tmp_path), own) as application:
        stop = asyncio.Event()
        await application.bus.publish([Message(STATEMENTS, "k", b"no statement", ())])
        with closing(sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)) as other, capture_logs() as logs:
            other.execute("BEGIN IMMEDIATE")
            running = asyncio.create_task(run_loops(application.loops, stop))
            async with asyncio.timeout(20):
                while not {"neighbour_away", "waiting_for_neighbour"} <= {entry["event"] for entry in logs}:
                    await asyncio.sleep(0.05)
            assert not running.done()
        async with asyncio.timeout(20):
            while (await application.bus.lag("alerts", STATEMENTS)).messages:
                await asyncio.sleep(0.05)
        stop.set()
        await running
