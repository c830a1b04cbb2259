"""Tables for people on a terminal, one JSON document with `--json`."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

Server = Annotated[str | None, typer.Option("--server", help="URL of a running Vedette; its key from VEDETTE_API_KEY")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]

Limit = Annotated[int | None, typer.Option(min=1, help="only so many, the newest; all unless given")]

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
"""A time as the API gives it, always in UTC."""

UNBOUNDED_WIDTH = 10_000
"""Columns when the output is no terminal: whoever pipes a table does not want it folded."""


def print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def print_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], nothing: str) -> None:
    """One row per mapping; `columns` maps its keys to headings. `nothing` is said where there are no rows."""
    if not rows:
        print(nothing)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(key))) for key in columns))
    width = None if sys.stdout.isatty() else UNBOUNDED_WIDTH
    Console(width=width, highlight=False).print(table)


def _cell(value: Any) -> str:
    """Moments to the second; control characters of foreign texts must not reach the terminal."""
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if MOMENT.fullmatch(text):
        text = f"{text[:10]} {text[11:19]} UTC"
    return "".join(character if character.isprintable() else " " for character in text)
