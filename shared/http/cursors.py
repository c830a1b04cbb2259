"""Pages of lists, and opaque cursors: where the next one begins."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.http.problems import Problem

PAGE_SIZE = 100

Item = TypeVar("Item")
Next = TypeVar("Next")


class Page(BaseModel, Generic[Item, Next]):
    """What every list answers; `next` is what to ask for `after` next, null on the last page."""

    items: list[Item]
    next: Next


def write_cursor(moment: datetime, identifier: str) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {identifier}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The (moment, identifier) of the last item of the page before. Raises a 400 problem for anything else."""
    if cursor is None:
        return None
    try:
        moment, _, identifier = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(moment).astimezone(UTC), identifier
    except (binascii.Error, ValueError, OverflowError) as error:  # the last one for the ends of the calendar
        raise Problem(400, "Invalid cursor", "`after` must be the `next` of the page before.") from error
