"""How a command ends when something is wrong: one clear sentence on standard error, exit status 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import typer
from pydantic import ValidationError

from shared.bus.consumer_loop import TooManyDeadLetters
from shared.bus.open_bus import BusRefused
from shared.bus.port import UnknownTopic
from shared.bus.stall_watch import Stalled
from shared.database.migrate import SchemaOutdated
from shared.ops.settings import CommonSettings
from shared.ops.unavailable import Unavailable


class CommandFailed(Exception):
    """What went wrong and how to mend it, for the person at the command line."""


EXPECTED = (CommandFailed, SchemaOutdated, UnknownTopic, Unavailable, BusRefused, TooManyDeadLetters, Stalled)


def complain(sentence: str) -> None:
    print(f"vedette: {sentence}", file=sys.stderr)


def tell_of_new_data_dir(settings: CommonSettings) -> None:
    """For a command about to make one: it may have been meant for another, which has the data."""
    if settings.is_embedded and not settings.data_dir.exists():
        complain(f"this makes a new data directory, {settings.data_dir.resolve()} (VEDETTE_DATA_DIR)")


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
            complain(_of_setting(item["loc"], item["msg"].removeprefix("Value error, ")))
    except httpx.HTTPError as error:
        complain(f"the server does not answer: {error or type(error).__name__}")
    except OSError as error:
        if error.filename is None:
            raise
        complain(f"cannot use {error.filename}: {error.strerror}")
    else:
        return
    raise typer.Exit(1)


def _of_setting(location: tuple[int | str, ...], sentence: str) -> str:
    """Sentences of our own often name their setting themselves."""
    setting = f"VEDETTE_{location[0]}".upper() if location else ""
    return sentence if sentence.startswith(setting) else f"setting {setting}: {sentence}"
