"""`vedette migrate`: create and upgrade tables and topics. On SQLite a service that starts does so first by itself."""

import asyncio
from contextlib import nullcontext

from services.cli.failures import CommandFailed, failures_as_exit_status, tell_of_new_data_dir
from services.one_process.migrate_all import migrate_all
from services.one_process.serve import CannotServe, serving_lock
from shared.ops.settings import CommonSettings


def migrate() -> None:
    """Create or upgrade tables and topics, and say what was done."""

    async def run() -> None:
        settings = CommonSettings()
        tell_of_new_data_dir(settings)
        with serving_lock(settings.data_dir) if settings.is_embedded else nullcontext():
            done = await migrate_all(settings)
        for line in done or ["nothing to do: tables and topics are up to date"]:
            print(line)

    with failures_as_exit_status():
        try:
            asyncio.run(run())
        except CannotServe as failure:
            raise CommandFailed(str(failure)) from failure
