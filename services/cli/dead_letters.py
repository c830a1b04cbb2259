"""`vedette dead-letters`: messages that could not be processed; look at them, bring them back."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from services.cli.failures import CommandFailed, failures_as_exit_status
from services.cli.output import AsJson, print_json, print_table
from services.one_process.application import open_application
from services.one_process.migrate_all import DEAD_LETTER_TOPICS
from shared.bus.dead_letters import REDRIVE_GROUP, waiting_letters, why_dead
from shared.bus.dead_letters import redrive as bring_back
from shared.bus.port import Bus, Record
from shared.ops.settings import CommonSettings

app = typer.Typer(no_args_is_help=True, help="Messages that could not be processed: look at them, bring them back.")

EVERYTHING = sys.maxsize

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
    as_json: AsJson = False,
) -> None:
    """Dead letters that have not been redriven, oldest first."""

    async def run() -> list[dict[str, Any]]:
        async with _bus() as bus:
            rows = []
            for topic in DEAD_LETTER_TOPICS:
                rows += [_summary(letter) async for letter in bus.browse(topic, None if every else REDRIVE_GROUP)]
            return rows

    with failures_as_exit_status():
        rows = asyncio.run(run())
        if as_json:
            print_json({"items": rows})
        else:
            print_table([row | {"reason": row["reason"][:SHORT]} for row in rows], COLUMNS, "No dead letters.")


@app.command()
def show(letter: str, as_json: AsJson = False) -> None:
    """One dead letter whole: why it is one, its headers and its value."""

    async def run() -> Record:
        topic = letter.split("/")[0]
        if topic not in DEAD_LETTER_TOPICS:
            raise CommandFailed(f"no dead letters are kept under {letter!r}: see `vedette dead-letters list`")
        async with _bus() as bus:
            async for record in bus.browse(topic):
                if _name(record) == letter:
                    return record
        raise CommandFailed(f"there is no dead letter {letter}: see `vedette dead-letters list --all`")

    with failures_as_exit_status():
        record = asyncio.run(run())
        text = record.value.decode("utf-8", "replace")
        headers = {name: value.decode("utf-8", "replace") for name, value in record.headers.items()}
        if as_json:
            print_json(_summary(record) | {"headers": headers, "value": text})
        else:
            rows = [{"name": name, "value": value} for name, value in {"key": record.key, **headers}.items()]
            print_table(rows, {"name": "HEADER", "value": ""}, "")
            print_table([{"value": text}], {"value": "VALUE"}, "")


@app.command()
def redrive(
    topics: Annotated[list[str] | None, typer.Argument(help="dead-letter topics; all unless given")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="at most so many of each topic, oldest first")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say which ones")] = False,
    as_json: AsJson = False,
) -> None:
    """Publish dead letters again, each once, as they were before they failed."""

    async def run() -> list[dict[str, str]]:
        done = []
        async with _bus() as bus:
            for topic in _known(topics or DEAD_LETTER_TOPICS):
                letters = (waiting_letters if dry_run else bring_back)(bus, topic, limit or EVERYTHING)
                async for letter in letters:
                    done.append({"letter": _name(letter), "key": letter.key})
                    if not as_json:
                        print(f"{_name(letter)} {letter.key}")
        return done

    with failures_as_exit_status():
        done = asyncio.run(run())
        if as_json:
            print_json({"items": done})
        else:
            print(f"{len(done)} {'would be ' if dry_run else ''}redriven")


@asynccontextmanager
async def _bus() -> AsyncIterator[Bus]:
    async with open_application(CommonSettings()) as application:
        yield application.bus


def _known(topics: Iterable[str]) -> list[str]:
    for topic in topics:
        if topic not in DEAD_LETTER_TOPICS:
            raise CommandFailed(f"{topic} is no dead-letter topic; these are: {', '.join(DEAD_LETTER_TOPICS)}")
    return list(topics)


def _name(letter: Record) -> str:
    return f"{letter.position.topic}/{letter.position.partition}/{letter.offset}"


def _summary(letter: Record) -> dict[str, Any]:
    return {"letter": _name(letter), "key": letter.key, "appended": letter.appended.isoformat(), **why_dead(letter)}
