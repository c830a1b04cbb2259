"""What `vedette extract` and `replay` accept as a line."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.cli.read_articles import LineErrors, read_articles


def published(value: Any) -> Any:
    errors = LineErrors()
    line = json.dumps({"id": "a", "text": "t", "published": value}).encode()
    (article,) = read_articles([line], errors)
    return article.day_or_moment


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ("2024-10-23", date(2024, 10, 23)),
        ("2015-08", date(2015, 8, 1)),
        ("2015", date(2015, 1, 1)),
        ("2024-10-23T14:05:00Z", datetime(2024, 10, 23, 14, 5, tzinfo=UTC)),
        ("2024-10-23T14:05:00", datetime(2024, 10, 23, 14, 5, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_given(given: Any, read: Any) -> None:
    assert published(given) == read


def test_a_zone_is_kept_because_relative_dates_depend_on_it() -> None:
    assert published("2024-10-23T00:30:00+02:00").date() == date(2024, 10, 23)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nonsense", "line 2: Invalid JSON"),
        (b"[]", "line 2: Input should be an object"),
        (b'{"id": "b"}', "line 2: text: Field required"),
        (b'{"id": 7, "text": ""}', "line 2: id: Input should be a valid string"),
        (b'{"id": "b", "text": "t", "published": "yesterday"}', "line 2: published"),
        (b'{"id": "b", "text": "\xff"}', "line 2: "),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(line: bytes, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    errors = LineErrors()
    good = b'{"id": "a", "text": "t"}'
    articles = list(read_articles([good, line, b"", good], errors))
    assert [article.id for article in articles] == ["a", "a"]
    assert errors.count == 1
    assert reason in capsys.readouterr().err


def test_a_byte_order_mark_and_windows_line_ends_are_no_errors() -> None:
    errors = LineErrors()
    lines = [b'\xef\xbb\xbf{"id": "a", "text": "t"}\r\n', b"\r\n", b'{"id": "b", "text": "t"}\r\n']
    assert [article.id for article in read_articles(lines, errors)] == ["a", "b"]
    assert errors.count == 0
