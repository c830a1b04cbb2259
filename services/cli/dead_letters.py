"""`vedette dead-letters`: messages that could not be processed; look at them, bring them back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.api_client import ApiClient, api_client
from services.cli.failures import CommandFailed, failures_as_exit_status
from services.cli.output import AsJson, Server, print_json, print_table
from services.one_process.migrate_all import DEAD_LETTER_TOPICS
from shared.bus.dead_letters import REDRIVE_BATCH

app = typer.Typer(no_args_is_help=True, help="Messages that could not be processed: look at them, bring them back.")

PATH = "/api/v1/dead-letters"

COLUMNS = {
    "letter": "LETTER",
    "key": "KEY",
    "last-failure": "LAST FAILURE",
    "attempts": "TRIES",
    "error": "ERROR",
    "reason": "REASON",
}
SHORT = 120


@app.command(name="list")
def list_letters(
    every: Annotated[bool, typer.Option("--all", help="also those that have been redriven")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Dead letters that have not been redriven, oldest first."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items(PATH, all=every)

    with failures_as_exit_status():
        rows = asyncio.run(run())
        if as_json:
            print_json({"items": rows})
        else:
            print_table([row | {"reason": row["reason"][:SHORT]} for row in rows], COLUMNS, "No dead letters.")


@app.command()
def show(letter: str, server: Server = None, as_json: AsJson = False) -> None:
    """One dead letter whole: why it is one, its headers and its value."""

    async def run() -> Any:
        async with api_client(server) as api:
            return await api.get(f"{PATH}/{quote(letter)}")

    with failures_as_exit_status():
        found = asyncio.run(run())
        if as_json:
            print_json(found)
        else:
            rows = [{"name": name, "value": value} for name, value in {"key": found["key"], **found["headers"]}.items()]
            print_table(rows, {"name": "HEADER", "value": ""}, "")
            print_table([found], {"value": "VALUE"}, "")


@app.command()
def redrive(
    topics: Annotated[list[str] | None, typer.Argument(help="dead-letter topics; all unless given")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="at most so many of each topic, oldest first")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say which ones")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Publish dead letters again, each once, as they were before they failed."""

    async def run() -> list[dict[str, Any]]:
        done = []
        async with api_client(server) as api:
            waiting = await api.items(PATH)
            for topic in _known(topics):
                letters = [letter for letter in waiting if letter["letter"].startswith(f"{topic}/")][:limit]
                async for batch in _batches(api, topic, letters, dry_run):
                    for letter in batch:
                        done.append({"letter": letter["letter"], "key": letter["key"]})
                        if not as_json:
                            print(f"{letter['letter']} {letter['key']}")
        return done

    with failures_as_exit_status():
        done = asyncio.run(run())
        if as_json:
            print_json({"items": done})
        else:
            print(f"{len(done)} {'would be ' if dry_run else ''}redriven")


async def _batches(api: ApiClient, topic: str, waiting: list[Any], dry_run: bool) -> AsyncIterator[list[Any]]:
    """Batch by batch, so that none takes longer than a request may; only as many as waited at the beginning, since
    some may die again at once."""
    for start in range(0, len(waiting), REDRIVE_BATCH):
        some = waiting[start : start + REDRIVE_BATCH]
        yield some if dry_run else (await api.post(f"{PATH}/redrive", topic=topic, limit=len(some)))["items"]


def _known(topics: list[str] | None) -> list[str]:
    for topic in topics or ():
        if topic not in DEAD_LETTER_TOPICS:
            raise CommandFailed(f"{topic} is no dead-letter topic; these are: {', '.join(DEAD_LETTER_TOPICS)}")
    return topics or list(DEAD_LETTER_TOPICS)
