"""`vedette up`: everything on this machine with one command."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.failures import CommandFailed, failures_as_exit_status
from services.one_process.serve import CannotServe, Serving, serve
from shared.ops.lifecycle import stop_on_signals
from shared.ops.logging import configure_logging
from shared.ops.settings import CommonSettings


def up(
    data_dir: Annotated[Path | None, typer.Option(help="where the database file is kept [VEDETTE_DATA_DIR]")] = None,
    host: Annotated[str | None, typer.Option(help="address to listen on [VEDETTE_HOST]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="port to listen on [VEDETTE_PORT]")] = None,
) -> None:
    """Serve everything on this machine until Ctrl-C."""
    options: dict[str, Any] = {"data_dir": data_dir, "host": host, "port": port}
    given = {name: value for name, value in options.items() if value is not None}

    async def run(settings: CommonSettings) -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await serve(settings, stop, announce)

    with failures_as_exit_status():
        settings = CommonSettings(**given)
        configure_logging(settings.log_level)
        try:
            asyncio.run(run(settings))
        except CannotServe as failure:
            raise CommandFailed(str(failure)) from failure
        print("Vedette has stopped; the next start goes on from here.")


def announce(serving: Serving) -> None:
    """Where everything is, on standard output."""
    print(f"Vedette is running. Data in {serving.data_dir.resolve()}. Ctrl-C stops it.\n")
    print(f"  page      {serving.url}/")
    print(f"  API       {serving.url}/api/v1/     (description: {serving.url}/openapi.json)")
    print(f"  status    {serving.url}/status      /livez  /readyz  /metrics")
    if serving.new_key:
        print(f"\n  API key   {serving.new_key}")
        print("            made now and not shown again: keep it (Authorization: Bearer KEY)")
    print("\nNext: vedette subscribe --webhook URL     vedette feeds list     vedette status", flush=True)
