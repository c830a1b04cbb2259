"""CloudEvents 1.0 in Kafka binary mode: attributes as `ce_*` headers, data as the JSON value.

Spec: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2. `traceparent` (W3C Trace Context) is passed on as it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"

LARGEST_VALUE = 900 * 1024
"""Bytes. Kafka takes 1 MiB in all by default; the rest is left for headers, also those of dead letters."""

Data = TypeVar("Data", bound=BaseModel)

Headers = tuple[tuple[str, bytes], ...]


class InvalidMessage(ValueError):
    """The message can never be processed: it is no CloudEvent, or its data breaks the schema."""


class MessageTooLarge(InvalidMessage):
    """The data makes a value above LARGEST_VALUE bytes: no bus would take it, so nothing is to wait for."""


@dataclass(frozen=True)
class Message:
    """What is handed to the bus: key (order is kept per key), value (JSON bytes) and headers."""

    topic: str
    key: str
    value: bytes
    headers: Headers


@dataclass(frozen=True)
class Attributes:
    """The CloudEvents attributes of a message; `time` is when the event happened, with zone."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    traceparent: str | None = None


def to_message(topic: str, key: str, attributes: Attributes, data: BaseModel) -> Message:
    """One event as a message of `topic`. Raises MessageTooLarge."""
    headers = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": SPEC_VERSION,
        "ce_id": attributes.id,
        "ce_source": attributes.source,
        "ce_type": attributes.type,
        "ce_subject": attributes.subject,
        "ce_time": attributes.time.isoformat(),
    }
    if attributes.traceparent:
        headers["traceparent"] = attributes.traceparent
    value = data.model_dump_json(by_alias=True).encode()
    if len(value) > LARGEST_VALUE:
        raise MessageTooLarge(f"{attributes.subject}: {len(value)} bytes of data, more than {LARGEST_VALUE}")
    return Message(topic, key, value, tuple((name, text.encode()) for name, text in headers.items()))


def read_attributes(headers: Mapping[str, bytes]) -> Attributes:
    """The attributes of a received message. Raises InvalidMessage where a required one is missing or unreadable."""
    try:
        text = {
            name: value.decode() for name, value in headers.items() if name.startswith("ce_") or name == "traceparent"
        }
        if text["ce_specversion"] != SPEC_VERSION:
            raise InvalidMessage(f"CloudEvents version {text['ce_specversion']!r} is not {SPEC_VERSION}")
        return Attributes(
            id=text["ce_id"],
            source=text["ce_source"],
            type=text["ce_type"],
            subject=text["ce_subject"],
            time=_moment(text["ce_time"]),
            traceparent=text.get("traceparent"),
        )
    except KeyError as missing:
        raise InvalidMessage(f"the header {missing} is missing: not a CloudEvent in binary mode") from missing
    except UnicodeDecodeError as error:
        raise InvalidMessage("a CloudEvents header is not UTF-8") from error


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidMessage(f"the header ce_time is no RFC 3339 time: {text[:40]!r}") from error


def read_data(model: type[Data], value: bytes) -> Data:
    """The data of a received message; fields that the model does not know are ignored. Raises InvalidMessage."""
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise InvalidMessage(f"{where}: {first['msg']} ({error.error_count()} errors in all)") from error
