"""Dead letters: the original key, value and headers untouched, plus where, why, who and how often."""

from dataclasses import dataclass
from datetime import datetime

from shared.bus.port import Record
from shared.events.envelope import Message
from shared.events.topics import dead_letter_topic

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
