"""`vedette feeds`: what is watched."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.api_client import ApiClient, api_client
from services.cli.failures import CommandFailed, complain, failures_as_exit_status
from services.cli.output import AsJson, Server, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Feeds: add, list, remove, import and export (OPML).")

COLUMNS = {"url": "FEED", "outlet": "OUTLET", "state": "STATE", "last_fetched": "LAST FETCHED", "error": "ERROR"}


@app.command()
def add(urls: list[str], server: Server = None, as_json: AsJson = False) -> None:
    """Watch feeds. Of several URLs the good ones are added, each bad one is named; exit status is then 1."""

    async def run() -> None:
        async with api_client(server) as api:
            outcome = await api.post("/api/v1/feeds", {"urls": urls})
        _report(outcome, as_json)

    with failures_as_exit_status():
        asyncio.run(run())


@app.command(name="list")
def list_feeds(server: Server = None, as_json: AsJson = False) -> None:
    """All feeds with their state and last error."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items("/api/v1/feeds")

    with failures_as_exit_status():
        feeds = asyncio.run(run())
        if as_json:
            print_json({"items": feeds})
        else:
            print_table(feeds, COLUMNS, "No feeds. Add one with: vedette feeds add URL")


@app.command()
def remove(urls: list[str], server: Server = None, as_json: AsJson = False) -> None:
    """Watch these feeds no longer. Their articles stay."""

    async def run() -> None:
        async with api_client(server) as api:
            failed = [url for url in urls if not await _remove(api, url)]
        if as_json:
            print_json({"removed": [url for url in urls if url not in failed]})
        if failed:
            raise typer.Exit(1)

    with failures_as_exit_status():
        asyncio.run(run())


async def _remove(api: ApiClient, url: str) -> bool:
    try:
        await api.delete("/api/v1/feeds", url=url)
    except CommandFailed as failure:
        complain(str(failure))
        return False
    return True


@app.command(name="import")
def import_feeds(
    opml: Annotated[Path, typer.Argument(help="an OPML file")], server: Server = None, as_json: AsJson = False
) -> None:
    """Watch the feeds of an OPML file."""

    async def run() -> None:
        async with api_client(server) as api:
            outcome = await api.post_bytes("/api/v1/feeds/import", _read(opml))
        _report(outcome, as_json)

    with failures_as_exit_status():
        asyncio.run(run())


@app.command()
def export(server: Server = None) -> None:
    """All feeds as OPML on standard output."""

    async def run() -> None:
        async with api_client(server) as api:
            sys.stdout.write(await api.get("/api/v1/feeds/export"))

    with failures_as_exit_status():
        asyncio.run(run())


def _read(path: Path) -> bytes:
    """As they stand in the file: an XML document says itself how it is encoded."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"cannot read {path}: {error}") from error


def _report(outcome: Any, as_json: bool) -> None:
    if as_json:
        print_json(outcome)
    else:
        for feed in outcome["added"]:
            print(f"added {feed['url']}")
        for feed in outcome["known"]:
            print(f"watched already: {feed['url']}")
        if not any(outcome.values()):
            print("There are no feeds in this list.")
    for refused in outcome["refused"]:
        complain(f"{refused['url']}: {refused['error']}")
    if outcome["refused"]:
        raise typer.Exit(1)
