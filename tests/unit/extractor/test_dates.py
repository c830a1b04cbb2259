from datetime import date

import pytest

from services.extractor.document import Document
from services.extractor.steps.dates import resolve_when
from services.extractor.steps.segment import segment
from shared.events.statements import Stage
from tests.unit.extractor.lexicon_fixture import lexicon, read

PUBLISHED = date(2024, 10, 23)  # a Wednesday


def resolved(text: str, language: str, ahead: bool, published: date | None = PUBLISHED) -> tuple[str, str] | None:
    words = lexicon().languages[language]
    document = Document("", text, None, language)
    segment(document, [], words.orthography)
    found = resolve_when(document.tokens, published, ahead, words.dates)
    return (str(found[0]), str(found[1])) if found else None


@pytest.mark.parametrize(
    ("text", "language", "ahead", "expected"),
    [
        ("bis Dezember", "de", True, ("None", "2024-12-31")),
        ("im März", "de", True, ("2025-03-01", "2025-03-31")),
        ("im März", "de", False, ("2024-03-01", "2024-03-31")),
        ("am 5. März 2022", "de", False, ("2022-03-05", "2022-03-05")),
        ("am Montag", "de", False, ("2024-10-21", "2024-10-21")),
        ("am Mittwoch", "de", False, ("2024-10-23", "2024-10-23")),
        ("am Montag", "de", True, ("2024-10-28", "2024-10-28")),
        ("vergangene Woche", "de", False, ("2024-10-14", "2024-10-20")),
        ("bis zum Jahresende", "de", True, ("None", "2024-12-31")),
        ("bis Ende 2027", "de", True, ("None", "2027-12-31")),
        ("seit Jänner", "de", False, ("2024-01-01", "None")),
        ("im kommenden Jahr", "de", True, ("2025-01-01", "2025-12-31")),
        ("last week", "en", False, ("2024-10-14", "2024-10-20")),
        ("by December", "en", True, ("None", "2024-12-31")),
        ("on 5 March 2022", "en", False, ("2022-03-05", "2022-03-05")),
        ("on March 5", "en", False, ("2024-03-05", "2024-03-05")),
        ("by the end of the year", "en", True, ("None", "2024-12-31")),
        ("since 2016", "en", False, ("2016-01-01", "None")),
        ("with 2016 men", "en", False, None),
    ],
)
def test_dates_of_a_clause(text: str, language: str, ahead: bool, expected: tuple[str, str] | None) -> None:
    assert resolved(text, language, ahead) == expected


def test_relative_dates_need_a_publication_date() -> None:
    assert resolved("am Montag", "de", ahead=False, published=None) is None
    assert resolved("im März 2022", "de", ahead=False, published=None) == ("2022-03-01", "2022-03-31")


def test_a_claim_carries_its_date() -> None:
    claim = read("Chile will bis Dezember 300 Soldaten nach Haiti schicken.", published=PUBLISHED).claims[0]
    assert claim.when == (None, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("text", "language", "year"),
    [
        ("Chile wird seine 300 Soldaten im März aus Haiti abziehen.", "de", 2025),
        ("Chile hat seine 300 Soldaten im März aus Haiti abgezogen.", "de", 2024),
        ("Chile will withdraw its 300 soldiers from Haiti in March.", "en", 2025),
        ("Chile withdrew its 300 soldiers from Haiti in March.", "en", 2024),
    ],
)
def test_who_will_leave_in_a_month_leaves_in_the_next_one(text: str, language: str, year: int) -> None:
    claim = read(text, language=language, published=PUBLISHED).claims[0]
    assert claim.stage is Stage.WITHDRAWN
    assert claim.when == (date(year, 3, 1), date(year, 3, 31))
