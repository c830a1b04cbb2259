"""Deterministic ids: the same input makes the same id after any restart (UUIDv5, RFC 9562 section 5.5)."""

import json
from collections.abc import Sequence
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1f3a52-5a0c-5d0e-9a55-6d1d0a0b7c11")


def identity(kind: str, *parts: str | int | bool | Sequence[str] | None) -> str:
    """UUIDv5 of a kind of thing and what distinguishes it; JSON keeps ("a", "bc") apart from ("ab", "c")."""
    return str(uuid5(NAMESPACE, json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":"))))


def message_id(article_id: str, revision: int) -> str:
    """Id of the messages about one article revision: never of an extractor version, so that a replay is recognised."""
    return identity("message", article_id, revision)
