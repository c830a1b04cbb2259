"""The bus as services see it. One contract suite (`tests/contract/test_bus.py`) runs on every adapter.

Delivery is at least once: what was fetched and not committed comes again after a restart. Order holds per key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events.envelope import Message


@dataclass(frozen=True, order=True)
class TopicPartition:
    topic: str
    partition: int


@dataclass(frozen=True)
class Record:
    """A message as it stands in the log. Offsets of a partition count up from 0 without gaps."""

    position: TopicPartition
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, bytes]
    appended: datetime


@dataclass(frozen=True)
class Lag:
    """What a group has not committed yet: number of messages, and when the oldest of them was appended."""

    messages: int
    oldest: datetime | None


class Consumer(Protocol):
    """One member of a group, reading its topics from the last committed offset."""

    async def fetch(self, limit: int, wait: float) -> list[Record]:
        """Up to `limit` next records in order of offset; empty if none came within `wait` seconds."""

    async def commit(self, next_offsets: Mapping[TopicPartition, int]) -> None:
        """All records below these offsets are worked off; durable once returned."""


class Bus(Protocol):
    async def publish(self, messages: Sequence[Message]) -> None:
        """Append in order; durable once returned. Raises UnknownTopic, and then appends none."""

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        """A new member of `group`."""

    async def create_topics(self, topics: Sequence[str]) -> list[str]:
        """Create those that are missing; returns their names."""

    async def check(self, topics: Sequence[str]) -> None:
        """Raises UnknownTopic if one is missing, or the adapter's error if the bus does not answer."""

    async def lag(self, group: str, topic: str) -> Lag:
        """How far `group` is behind on `topic`."""

    async def size(self, topic: str) -> int:
        """Number of messages held."""

    async def prune(self, topic: str, before: datetime) -> int:
        """Drop messages appended before `before` that every group has worked off. Returns how many."""


class UnknownTopic(RuntimeError):
    """The topic does not exist; topics are made by `vedette migrate` only."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"the topic {topic} does not exist: run `vedette migrate`")
