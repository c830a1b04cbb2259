"""Schema migrations: one Alembic history for each table prefix, run without configuration files.

A history is a folder with `versions/*.py`; its version table is `<prefix>_migrations`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from shared.database.copy_file import copy_file
from shared.database.locks import lock
from shared.database.unit_of_work import Database


class SchemaOutdated(RuntimeError):
    """The tables are not at the version that this code needs; the message says what to do."""


@dataclass(frozen=True)
class History:
    """The migrations of one table prefix."""

    prefix: str
    folder: Path

    @property
    def version_table(self) -> str:
        return f"{self.prefix}_migrations"

    def scripts(self) -> ScriptDirectory:
        return ScriptDirectory(str(self.folder), version_locations=[str(self.folder / "versions")])

    def revisions(self) -> set[str]:
        """All that this program knows."""
        return {script.revision for script in self.scripts().walk_revisions()}

    @property
    def head(self) -> str | None:
        return self.scripts().get_current_head()


async def migrate(database: Database, histories: Sequence[History]) -> dict[str, list[str]]:
    """Bring every history to its head, all in one transaction. Returns the revisions applied, per prefix."""
    async with database.unit_of_work() as connection:
        await lock(connection, "vedette migrate")
        return {history.prefix: await connection.run_sync(_upgrade, history) for history in histories}


async def copy_before_upgrade(database: Database, histories: Sequence[History]) -> Path | None:
    """Before tables on SQLite are changed, a copy of them as they are, named by their versions; None if there is no
    need. On PostgreSQL that is the operator's to do."""
    if not database.is_sqlite:
        return None
    versions = await _versions(database, histories)
    if not any(current in history.revisions() - {history.head} for history, current in versions):
        return None
    name = "-".join(f"{history.prefix}{current}" for history, current in versions if current)
    return await copy_file(database, name)


async def has_tables(database: Database, histories: Sequence[History]) -> bool:
    """Whether anything was ever migrated there."""
    return any(current is not None for _, current in await _versions(database, histories))


async def verify_schema(database: Database, histories: Sequence[History]) -> None:
    """Raises SchemaOutdated unless every history is at its head."""
    for history, current in await _versions(database, histories):
        if current != history.head:
            _refuse_newer(history, current)
            raise SchemaOutdated(
                f"the tables {history.prefix}_* are of an older version ({current or 'none'}) than this program needs "
                f"({history.head}): run `vedette migrate`; on SQLite stop the Vedette that serves the file first, or "
                "simply start this one in its place"
            )


async def _versions(database: Database, histories: Sequence[History]) -> list[tuple[History, str | None]]:
    async with database.reading() as connection:
        return [(history, await connection.run_sync(_current, history)) for history in histories]


def _refuse_newer(history: History, current: str | None) -> None:
    if current is not None and current not in history.revisions():
        raise SchemaOutdated(
            f"the tables {history.prefix}_* are of a newer version ({current}) than this program ({history.head}): "
            "run that version, or restore the copy made before its upgrade"
        )


def _context(connection: Connection, history: History) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": history.version_table})


def _current(connection: Connection, history: History) -> str | None:
    return _context(connection, history).get_current_revision()


def _upgrade(connection: Connection, history: History) -> list[str]:
    _refuse_newer(history, _current(connection, history))
    scripts = history.scripts()
    applied: list[str] = []

    def steps(revision: Any, _context: MigrationContext) -> Any:
        todo = scripts._upgrade_revs("head", revision)
        applied.extend(step.revision.revision for step in todo)
        return todo

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=history.version_table)
        environment.run_migrations()
    return applied
