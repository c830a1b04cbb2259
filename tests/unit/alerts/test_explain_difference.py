"""The sentences a decision comes with."""

import pytest

from services.alerts.decide.explain_difference import difference
from services.alerts.decide.replay import Ledger
from tests.unit.alerts.told import article, claim


def whys(*claims):
    ledger = Ledger()
    return [ledger.decide(article(f"a{n}", one, day=n))[0].why for n, one in enumerate(claims)]


def test_first_reports_say_what_is_first():
    assert whys(claim("KOR"), claim("KOR", stage="engaged"), claim("KOR", stage="planned", additional=True)) == [
        "first report of forces of PRK in RUS",
        "first report of forces of PRK fighting in RUS",
        "first report of plans to send additional forces of PRK to RUS",
    ]


def test_other_rows_say_why():
    assert whys(
        claim("UKR"),
        claim("RUS", certainty="denied"),
        claim("RUS", certainty="denied"),
        claim("USA"),
        claim("UKR", 3000),
        claim("UKR", 9000),
        claim("UKR", place="Belgorod"),
        claim("RUS"),
        claim("UKR"),
    ) == [
        "first report of forces of PRK in RUS",
        "RUS denies that forces of PRK are in RUS",
        "RUS has denied it before",
        "USA says so too",
        "a figure not told before: 3,000",
        "UKR now says 9,000, not 3,000",
        "first report of forces of PRK deployed in RUS that names Belgorod",
        "RUS admits what it denied",
        "UKR has said so before",
    ]


def test_unknown_sides_and_speakers_are_named_as_such():
    unknown = claim(None, actor=None, destination=None)
    assert whys(unknown, claim(None, actor=None, destination=None, certainty="denied")) == [
        "first report of forces of an unnamed country in an unnamed country",
        "an unnamed source denies that forces of an unnamed country are in an unnamed country",
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (claim("KOR", 3000), claim("KOR", 10_000), "count 3,000 → 10,000"),
        (claim("KOR", 3000), claim("USA", 3000), "source KOR → USA"),
        (claim("KOR", 3000), claim("KOR", 3000), "none"),
        (
            claim("KOR"),
            claim("KOR", (None, 500), place="Belgorod"),
            "count no figure → up to 500; place none → Belgorod",
        ),
        (
            claim("KOR", (5, 9)),
            claim("KOR", (9, None), stage="engaged"),
            "stage deployed → engaged; count 5 to 9 → at least 9",
        ),
        (claim("KOR"), claim("KOR", additional=True), "forces in all → additional"),
        (claim("KOR", 5), claim("RUS", certainty="denied"), "certainty claimed by KOR → denied by RUS"),
    ],
)
def test_a_difference_names_the_slots_that_differ(earlier, later, words):
    assert difference(earlier, later) == words
