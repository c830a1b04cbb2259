"""`vedette read-back`: the step of a restore that brings fetcher and ledger to the same revisions again."""

import asyncio

from services.cli.failures import failures_as_exit_status, tell_of_new_data_dir
from services.fetcher.read_back import read_back as take_over
from services.one_process.application import ServiceName, open_application
from shared.ops.settings import CommonSettings


def read_back() -> None:
    """After a restore, before the fetcher starts: take the articles since the backup back from the bus."""

    async def run() -> int:
        settings = CommonSettings()
        tell_of_new_data_dir(settings)
        async with open_application(settings, names=(ServiceName.FETCHER,)) as application:
            await application.verify()
            return await take_over(application.database, application.bus)

    with failures_as_exit_status():
        print(f"{asyncio.run(run())} revisions read back")
