"""Articles as JSON Lines, one at a time: what `vedette extract` and `vedette replay` read."""

import codecs
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from services.cli.failures import complain
from services.extractor.extract_article import ArticleText
from shared.events.statements import Claim

REDUCED_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>0[1-9]|1[0-2]))?")


class AnnotatedClaim(Claim):
    """A claim given in the input; what is optional there is no claim for the ledger."""

    optional: bool = False
    evidence: str | None = None


class ArticleLine(BaseModel):
    """One input line. `published` is RFC 3339, a bare date, or a year or month (ISO 8601 reduced precision), which is
    read as its first day; anything else in the line is ignored."""

    model_config = ConfigDict(extra="ignore")

    id: str
    url: str | None = None
    title: str | None = None
    text: str
    published: datetime | date | None = Field(default=None, union_mode="left_to_right")
    claims: tuple[AnnotatedClaim, ...] = ()

    @field_validator("published", mode="before")
    @classmethod
    def _first_day(cls, value: object) -> object:
        if isinstance(value, str) and (found := REDUCED_DATE.fullmatch(value)):
            return date(int(found["year"]), int(found["month"] or 1), 1)
        return value

    def as_text(self) -> ArticleText:
        return ArticleText(title=self.title, text=self.text, published=self.day_or_moment)

    @property
    def day_or_moment(self) -> datetime | date | None:
        """A bare date is a day, not the midnight that it also parses as."""
        value = self.published
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.date() if value.time() == datetime.min.time() else value.replace(tzinfo=UTC)
        return value


@dataclass
class LineErrors:
    """How many lines were refused; the exit status tells."""

    count: int = 0

    def refuse(self, number: int, reason: str) -> None:
        self.count += 1
        complain(f"line {number}: {reason}")

    @contextmanager
    def counted(self, article: ArticleLine) -> Iterator[None]:
        """An article that cannot be worked off is named, and the rest goes on."""
        try:
            yield
        except BrokenPipeError:
            raise
        except Exception as error:
            self.count += 1
            complain(f"article {article.id}: {type(error).__name__}: {error}")


def read_articles(lines: Iterable[bytes], errors: LineErrors) -> Iterator[ArticleLine]:
    """Article after article; a bad line is refused with its number and the rest goes on."""
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            continue
        try:
            yield ArticleLine.model_validate_json(line)
        except ValidationError as error:
            errors.refuse(number, _reason(error))


def _reason(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else str(first["msg"])


@contextmanager
def progress_over(lines: BinaryIO) -> Iterator[Iterable[bytes]]:
    """The same lines, with a progress bar on standard error while that is a terminal."""
    if not sys.stderr.isatty():
        yield lines
        return
    size = _size(lines)
    shown = MofNCompleteColumn() if size is None else TaskProgressColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), shown, TimeElapsedColumn())
    # rich would take standard output over even where it is a file; on a terminal it must, and must not wrap the lines
    console, on_terminal = Console(stderr=True, soft_wrap=True), sys.stdout.isatty()
    with Progress(*columns, console=console, transient=True, redirect_stdout=on_terminal) as progress:
        task = progress.add_task("articles", total=size)

        def counted() -> Iterator[bytes]:
            for line in lines:
                progress.advance(task, 1 if size is None else len(line))
                yield line

        yield counted()


def _size(lines: BinaryIO) -> int | None:
    """Bytes of the input if it is a file; a pipe has no known length."""
    mode = os.fstat(lines.fileno())
    return mode.st_size if stat.S_ISREG(mode.st_mode) else None
