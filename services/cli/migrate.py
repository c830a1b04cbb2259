"""`vedette migrate`: create and upgrade tables and topics. On SQLite every command does so first by itself."""

import asyncio

from services.cli.failures import failures_as_exit_status
from services.one_process.migrate_all import migrate_all
from shared.ops.settings import CommonSettings


def migrate() -> None:
    """Create or upgrade tables and topics, and say what was done."""

    async def run() -> None:
        done = await migrate_all(CommonSettings())
        for line in done or ["nothing to do: tables and topics are up to date"]:
            print(line)

    with failures_as_exit_status():
        asyncio.run(run())
