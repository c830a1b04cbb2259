"""The `vedette` command; each subcommand is one file beside this one."""

from typing import Annotated

import typer

from services.cli import claims, dead_letters, deliveries, feeds, subscriptions
from services.cli.config import config
from services.cli.demo import demo
from services.cli.demo_outlets import demo_outlets
from services.cli.extract import extract
from services.cli.migrate import migrate
from services.cli.one_service import alerts, extractor, fetcher
from services.cli.read_back import read_back
from services.cli.replay import replay
from services.cli.status import status
from services.cli.up import up
from shared.ops.logging import configure_logging
from shared.version import vedette_version

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Early warning of new claims about troop deployments.",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"vedette {vedette_version()}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print it and end")
    ] = False,
) -> None:
    configure_logging("WARNING")


SERVE = (up, fetcher, extractor, alerts)
OTHER = (demo, demo_outlets, extract, replay, subscriptions.subscribe, status, config, migrate, read_back)

for command in (*SERVE, *OTHER):
    app.command()(command)
app.add_typer(feeds.app, name="feeds")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(claims.app, name="claims")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(dead_letters.app, name="dead-letters")


def main() -> None:
    app()
