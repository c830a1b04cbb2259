"""What all commands that serve have in common: options, signals, how they end."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.failures import CommandFailed, failures_as_exit_status, tell_of_new_data_dir
from services.one_process.application import ServiceName
from services.one_process.serve import CannotServe, Serving, serve
from shared.ops.lifecycle import stop_on_signals
from shared.ops.logging import configure_logging
from shared.ops.settings import CommonSettings

DataDir = Annotated[Path | None, typer.Option(help="where the database file is kept [VEDETTE_DATA_DIR]")]
Host = Annotated[str | None, typer.Option(help="address to listen on [VEDETTE_HOST]")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="port to listen on [VEDETTE_PORT]")]


def serve_until_stopped(
    names: Sequence[ServiceName],
    announce: Callable[[Serving], None],
    data_dir: Path | None,
    host: str | None,
    port: int | None,
) -> None:
    """Serve the named services until SIGINT or SIGTERM. Options that are None leave their setting as it is."""
    options: dict[str, Any] = {"data_dir": data_dir, "host": host, "port": port}

    async def run(settings: CommonSettings) -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        await serve(settings, stop, announce, names=names)

    with failures_as_exit_status():
        settings = CommonSettings(**{name: value for name, value in options.items() if value is not None})
        configure_logging(settings.log_level)
        tell_of_new_data_dir(settings)
        try:
            asyncio.run(run(settings))
        except CannotServe as failure:
            raise CommandFailed(str(failure)) from failure
        print("Vedette has stopped; the next start goes on from here.")
