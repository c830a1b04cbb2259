"""The data directory and its database are their owner's alone: secrets and addresses of subscribers are in them."""

from pathlib import Path

from sqlalchemy import make_url


def make_data_dir(data_dir: Path) -> None:
    """One that is there stays as it is: its owner may have opened it on purpose. Raises OSError."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_database_file(url: str) -> None:
    """Make the file of a SQLite database before SQLite does, which would let everybody read it. Raises OSError.

    SQLite gives the files that it keeps beside it the same mode.
    """
    name = make_url(url).database
    if name and name != ":memory:" and not Path(name).exists():
        Path(name).touch(mode=0o600)
