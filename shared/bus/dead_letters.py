"""Dead letters: the original key, value and headers untouched, plus where, why, who and how often.

Once the cause is mended they are brought back (`redrive`): each once, because the group `redrive` keeps its place in
their topic like any consumer. They stay in their topic until its retention takes them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from shared.bus.port import Bus, BusUnavailable, Record
from shared.events.envelope import Message
from shared.events.topics import dead_letter_topic, source_topic

REDRIVE_GROUP = "redrive"
REDRIVE_BATCH = 100
JOIN_SECONDS = 30.0

ADDED = "dlq-"
"""Headers that begin so were added to the original ones."""

LONGEST_REASON = 1_000
"""Characters of an error that are kept: some errors carry the whole document they failed on."""


@dataclass(frozen=True)
class Failure:
    """Why and how often `group` failed on a message."""

    group: str
    error: Exception
    attempts: int
    first: datetime
    last: datetime


def to_dead_letter(record: Record, failure: Failure) -> Message:
    """The message for `<topic>.<group>.dlq`."""
    reason = {
        "dlq-topic": record.position.topic,
        "dlq-partition": str(record.position.partition),
        "dlq-offset": str(record.offset),
        "dlq-group": failure.group,
        "dlq-error": type(failure.error).__name__,
        "dlq-reason": str(failure.error)[:LONGEST_REASON],
        "dlq-attempts": str(failure.attempts),
        "dlq-first-failure": failure.first.isoformat(),
        "dlq-last-failure": failure.last.isoformat(),
    }
    headers = (*record.headers.items(), *((name, text.encode()) for name, text in reason.items()))
    return Message(dead_letter_topic(record.position.topic, failure.group), record.key, record.value, headers)


def to_original(letter: Record) -> Message:
    """The message as it was before it became a dead letter, for the topic that it came from."""
    headers = tuple((name, value) for name, value in letter.headers.items() if not name.startswith(ADDED))
    return Message(source_topic(letter.position.topic), letter.key, letter.value, headers)


def why_dead(letter: Record) -> dict[str, str]:
    """What was added to the original headers, by name without its prefix: topic, group, error, reason, attempts, …"""
    return {
        name.removeprefix(ADDED): value.decode("utf-8", "replace")
        for name, value in letter.headers.items()
        if name.startswith(ADDED)
    }


async def redrive(bus: Bus, topic: str, limit: int) -> AsyncIterator[Record]:
    """Publish the first `limit` waiting letters of `topic` again; yields each batch's once that is durable.

    Only those that waited at the beginning: what dies again at once is not turned round in circles. A crash between
    publishing and committing repeats up to a batch, under the same ids.
    """
    left = min(limit, (await bus.lag(REDRIVE_GROUP, topic)).messages)
    if not left:
        return
    consumer = bus.consumer(REDRIVE_GROUP, [topic])
    try:
        while left:
            letters = await consumer.fetch(min(left, REDRIVE_BATCH), JOIN_SECONDS)
            if not letters:
                raise BusUnavailable(f"{left} dead letters of {topic} did not come: is somebody else redriving them?")
            await bus.publish([to_original(letter) for letter in letters])
            await consumer.commit({letter.position: letter.offset + 1 for letter in letters})
            left -= len(letters)
            for letter in letters:
                yield letter
    finally:
        await consumer.close()
