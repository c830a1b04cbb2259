"""Migrations as an older version of Vedette has them."""

import shutil
from pathlib import Path

from shared.database.migrate import History


def as_it_was(history: History, last: str, folder: Path) -> History:
    """The history up to the revision `last`, in `folder`."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    for script in (history.folder / "versions").glob("*.py"):
        if script.name[: len(last)] <= last:
            shutil.copy(script, versions)
    return History(history.prefix, folder)
