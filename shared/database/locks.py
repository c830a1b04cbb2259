"""Named locks that last to the end of a transaction. SQLite needs none: its write transactions follow one another."""

from hashlib import sha256

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

_EXCLUSIVE = text("SELECT pg_advisory_xact_lock(:key)").bindparams(bindparam("key", type_=BigInteger))
_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)").bindparams(bindparam("key", type_=BigInteger))


async def lock(connection: AsyncConnection, name: str, *, shared: bool = False) -> None:
    """Wait for the lock `name`; `shared` ones exclude only those that are not.

    Whoever takes several must take them in the order that all others do. Two names may share a lock (64 bits of a
    hash): that costs a wait, never safety.
    """
    if connection.dialect.name != "sqlite":
        await connection.execute(_SHARED if shared else _EXCLUSIVE, {"key": _key(name)})


def _key(name: str) -> int:
    return int.from_bytes(sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)
