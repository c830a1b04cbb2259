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


async def migrate(database: Database, histories: Sequence[History]) -> dict[str, list[str]]:
    """Bring every history to its head, all in one transaction. Returns the revisions applied, per prefix."""
    async with database.unit_of_work() as connection:
        await lock(connection, "vedette migrate")
        return {history.prefix: await connection.run_sync(_upgrade, history) for history in histories}


async def verify_schema(database: Database, histories: Sequence[History]) -> None:
    """Raises SchemaOutdated unless every history is at its head."""
    async with database.reading() as connection:
        for history in histories:
            current = await connection.run_sync(_current, history)
            head = history.scripts().get_current_head()
            if current != head:
                raise SchemaOutdated(
                    f"the tables {history.prefix}_* are at version {current or 'none'}, this program needs {head}: "
                    "run `vedette migrate`"
                )


def _context(connection: Connection, history: History) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": history.version_table})


def _current(connection: Connection, history: History) -> str | None:
    return _context(connection, history).get_current_revision()


def _upgrade(connection: Connection, history: History) -> list[str]:
    scripts = history.scripts()
    known = {script.revision for script in scripts.walk_revisions()}
    before = _current(connection, history)
    if before is not None and before not in known:
        raise SchemaOutdated(
            f"the tables {history.prefix}_* are at version {before}, which a newer Vedette made: "
            "run that version, or restore the copy made before its upgrade"
        )
    applied: list[str] = []

    def steps(revision: Any, _context: MigrationContext) -> Any:
        todo = scripts._upgrade_revs("head", revision)
        applied.extend(step.revision.revision for step in todo)
        return todo

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=history.version_table)
        environment.run_migrations()
    return applied
