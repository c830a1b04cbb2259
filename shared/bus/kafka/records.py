"""Kafka's records as the port's, and keys as bytes."""

from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition as KafkaPartition

from shared.bus.port import Record, TopicPartition


def key_bytes(key: str) -> bytes:
    """The inverse of `to_record`'s decoding, also for keys that others wrote and that are no UTF-8."""
    return key.encode("utf-8", "surrogateescape")


def to_record(found: Any) -> Record:
    """A record of aiokafka; an absent key or value is an empty one, of headers with one name the last counts."""
    return Record(
        TopicPartition(found.topic, found.partition),
        found.offset,
        (found.key or b"").decode("utf-8", "surrogateescape"),
        found.value or b"",
        {name: value or b"" for name, value in found.headers},
        datetime.fromtimestamp(max(found.timestamp, 0) / 1000, UTC),
    )


def to_kafka(position: TopicPartition) -> KafkaPartition:
    return KafkaPartition(position.topic, position.partition)
