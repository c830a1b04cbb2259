"""CloudEvents in binary mode: what goes in comes out, and anything else is refused with a reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.envelope import (
    LARGEST_VALUE,
    Attributes,
    InvalidMessage,
    MessageTooLarge,
    read_attributes,
    read_data,
    to_message,
)
from shared.events.statements import Source

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(
    st.builds(
        Attributes,
        id=text,
        source=text,
        type=text,
        subject=text,
        time=st.datetimes(timezones=st.just(UTC)),
        traceparent=st.none() | text,
    ),
    st.builds(Source, name=text, code=st.none() | text),
)
def test_an_event_comes_back_as_it_was_sent(attributes: Attributes, data: Source) -> None:
    message = to_message("t", "k", attributes, data)
    assert read_attributes(dict(message.headers)) == attributes
    assert read_data(Source, message.value) == data


def headers(**changes: bytes | None) -> dict[str, bytes]:
    attributes = Attributes("1", "vedette/test", "t", "s", datetime(2025, 1, 2, tzinfo=UTC))
    good: dict[str, bytes | None] = dict(to_message("t", "k", attributes, Source(name="x")).headers)
    return {name: value for name, value in (good | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (headers(ce_id=None), "ce_id"),
        (headers(ce_specversion=b"0.3"), "0.3"),
        (headers(ce_subject=b"\xff"), "UTF-8"),
    ],
)
def test_a_message_that_is_no_event_is_refused(broken: dict[str, bytes], reason: str) -> None:
    with pytest.raises(InvalidMessage, match=reason):
        read_attributes(broken)


def test_an_unreadable_time_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="ce_time"):
        read_attributes(headers(ce_time=b"yesterday"))


def test_data_that_breaks_the_schema_names_the_field() -> None:
    with pytest.raises(InvalidMessage, match="name"):
        read_data(Source, b'{"code": "USA"}')


def test_unknown_fields_of_later_versions_are_ignored() -> None:
    assert read_data(Source, b'{"name": "x", "rank": 3}') == Source(name="x")


def test_data_that_no_bus_would_take_is_refused_where_it_is_made() -> None:
    attributes = Attributes("1", "vedette/test", "t", "article 7", datetime(2025, 1, 2, tzinfo=UTC))
    around = len(to_message("t", "k", attributes, Source(name="")).value)
    assert len(to_message("t", "k", attributes, Source(name="x" * (LARGEST_VALUE - around))).value) == LARGEST_VALUE
    with pytest.raises(MessageTooLarge, match="article 7"):
        to_message("t", "k", attributes, Source(name="x" * (LARGEST_VALUE - around + 1)))
