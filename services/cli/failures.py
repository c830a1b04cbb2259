"""How a command ends when something is wrong: one clear sentence on standard error, exit status 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from shared.bus.consumer_loop import TooManyDeadLetters
from shared.bus.open_bus import BusRefused
from shared.bus.port import UnknownTopic
from shared.bus.stall_watch import Stalled
from shared.database.migrate import SchemaOutdated
from shared.ops.unavailable import Unavailable


class CommandFailed(Exception):
    """What went wrong and how to mend it, for the person at the command line."""


EXPECTED = (CommandFailed, SchemaOutdated, UnknownTopic, Unavailable, BusRefused, TooManyDeadLetters, Stalled)


def complain(sentence: str) -> None:
    print(f"vedette: {sentence}", file=sys.stderr)


FILE_FAULTS = ("NOTADB", "CORRUPT", "CANTOPEN", "READONLY", "FULL", "IOERR", "BUSY", "PERM")
"""What is wrong with the database's file or disk, not with us (https://www.sqlite.org/rescode.html)."""


def _about_the_file(error: DBAPIError) -> bool:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return name.removeprefix("SQLITE_").startswith(FILE_FAULTS)


@contextmanager
def failures_as_exit_status() -> Iterator[None]:
    """Turn expected errors into a sentence and exit status 1; unexpected ones keep their traceback.

    A reader who is gone (EPIPE) is left to typer, which ends with 1 and keeps the interpreter's last flush quiet.
    """
    try:
        yield
    except EXPECTED as failure:
        complain(str(failure))
    except ValidationError as error:
        for item in error.errors(include_url=False, include_context=False):
            setting = f"VEDETTE_{item['loc'][0]}: ".upper() if item["loc"] else ""
            complain(f"setting {setting}{item['msg'].removeprefix('Value error, ')}")
    except httpx.HTTPError as error:
        complain(f"the server does not answer: {error or type(error).__name__}")
    except DBAPIError as error:
        if not _about_the_file(error):
            raise
        complain(f"the database cannot be used: {error.orig}; mend its file or disk, or use another data directory")
    except OSError as error:
        if error.filename is None:
            raise
        complain(f"cannot use {error.filename}: {error.strerror}")
    else:
        return
    raise typer.Exit(1)
