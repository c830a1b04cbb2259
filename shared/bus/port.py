"""The bus as services see it. One contract suite (`tests/contract/test_bus.py`) runs on every adapter.

Delivery is at least once: what was fetched and not committed comes again after a restart. Order holds per key.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events.envelope import Message
from shared.ops.unavailable import Unavailable


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

    @property
    def revoked(self) -> asyncio.Event:
        """Set once what was fetched last is being taken from this member: finish what runs, commit, begin no more.
        The next fetch brings a new event."""

    async def fetch(self, limit: int, wait: float) -> list[Record]:
        """Up to `limit` next records in order of offset per partition; empty if none came within `wait` seconds, also
        while the bus is away. The records before count as done with. Raises UnknownTopic."""

    async def commit(self, next_offsets: Mapping[TopicPartition, int]) -> None:
        """All records below these offsets are worked off; durable once returned. Raises LostOwnership if the records
        are no longer this member's, BusUnavailable if the bus does not answer in time."""

    async def backlog(self) -> int:
        """Records that this member is to work off and has not committed. Raises BusUnavailable."""

    async def close(self) -> None:
        """Leave the group. Returns within a few seconds also if the bus is away."""


class Bus(Protocol):
    async def publish(self, messages: Sequence[Message]) -> None:
        """Append in order; durable once returned. Raises UnknownTopic, and then appends none; BusUnavailable, and then
        some of them may be there already or still arrive: publish them again."""

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        """A new member of `group`; it joins with its first fetch."""

    def browse(self, topic: str, group: str | None = None) -> AsyncIterator[Record]:
        """The messages held when it begins: all, or those that `group` has not committed; no group notices.
        Raises UnknownTopic, BusUnavailable."""

    async def create_topics(self, topics: Sequence[str]) -> list[str]:
        """Create those that are missing; returns their names."""

    async def check(self, topics: Sequence[str]) -> None:
        """Raises UnknownTopic if one is missing, BusUnavailable if the bus does not answer."""

    async def lag(self, group: str, topic: str) -> Lag:
        """How far `group` is behind on `topic`. Raises BusUnavailable."""

    async def size(self, topic: str) -> int:
        """Number of messages held. Raises BusUnavailable."""

    async def close(self) -> None:
        """Give back connections. Returns within a few seconds also if the bus is away."""


class UnknownTopic(RuntimeError):
    """The topic does not exist; topics are made by `vedette migrate` only."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"the topic {topic} does not exist: run `vedette migrate`")


class BusUnavailable(Unavailable):
    """The bus did not answer within its deadline."""


class LostOwnership(RuntimeError):
    """Another member of the group may work on these records by now: drop the batch, what is uncommitted comes again."""
