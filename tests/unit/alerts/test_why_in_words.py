"""Why a mail comes: with names instead of codes, and as specific in German as in English."""

from datetime import timedelta

import pytest

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.decide.explain_decision import Because
from services.alerts.decide.replay import Ledger
from services.alerts.messages.mail_words import ENGLISH, GERMAN, Words
from services.alerts.messages.webhook_body import event_body
from services.alerts.messages.why_in_words import why_in_words
from tests.unit.alerts.told import START, article, claim


def last(*articles, settings=None):
    """The data of the last event that these articles raise."""
    ledger = Ledger(settings)
    return event_body([ledger.decide(one) for one in articles][-1][-1], START)["data"]


def days_apart(*claims):
    return [article(f"a{n}", one, day=n) for n, one in enumerate(claims)]


EDITED = (article("a", claim("KOR", 3000)), article("a", claim("KOR", 1500), revision=2))
UNHEARD = (article("a", claim("KOR", 3000)), article("b", claim("KOR", 3000), day=90))

CASES = [
    (
        days_apart(claim("KOR")),
        "first report of forces of North Korea in Russia",
        "erste Meldung über Kräfte dort (Nordkorea → Russland)",
    ),
    (
        days_apart(claim("KOR", additional=True, stage="planned")),
        "first report of plans to send additional forces of North Korea to Russia",
        "erste Meldung über zusätzliche geplante Kräfte (Nordkorea → Russland)",
    ),
    (
        days_apart(claim("KOR"), claim("KOR", place="Belgorod")),
        "first report of forces of North Korea deployed in Russia that names Belgorod",
        "erste Meldung über verlegte Kräfte (Nordkorea → Russland), die Belgorod nennt",
    ),
    (
        days_apart(claim("KOR", actor="USA", destination="PHL", stage="withdrawn")),
        "first report of forces of the United States leaving the Philippines",
        "erste Meldung über abziehende Kräfte (Vereinigte Staaten → Philippinen)",
    ),
    (
        days_apart(claim("KOR", 3000), claim("USA", 9000)),
        "a figure not told before: 9,000",
        "diese Zahl war noch nicht gemeldet: 9.000",
    ),
    (
        days_apart(claim("KOR", 3000), claim("KOR", 9000)),
        "South Korea now says 9,000, not 3,000",
        "dieselbe Quelle (Südkorea) nennt jetzt 9.000, vorher 3.000",
    ),
    (
        EDITED,
        "this article was edited and now says 1,500",
        "dieser Artikel wurde geändert und nennt jetzt 1.500",
    ),
    (
        days_apart(claim("KOR"), claim("RUS", certainty="denied")),
        "Russia denies that forces of North Korea are in Russia",
        "die Quelle (Russland) bestreitet, dass Kräfte dort sind (Nordkorea → Russland)",
    ),
    (
        days_apart(claim("KOR"), claim("RUS", certainty="denied"), claim("RUS")),
        "Russia admits what it denied",
        "die Quelle (Russland) hatte das bestritten und räumt es jetzt ein",
    ),
    (
        days_apart(claim("KOR", stage="engaged"), claim("KOR", stage="withdrawn"), claim("KOR", stage="engaged")),
        "forces of North Korea are back in combat in Russia after a reported withdrawal",
        "nach einem gemeldeten Abzug wieder im Kampf (Nordkorea → Russland)",
    ),
    (
        days_apart(claim("KOR"), claim("a driver")),
        "a driver says so too",
        "das sagt jetzt auch eine weitere Quelle (a driver)",
    ),
    (UNHEARD, "not reported since 2024-10-01", "zuletzt am 1. Oktober 2024 gemeldet"),
    (
        days_apart(claim(None, actor=None, destination=None, certainty="denied")),
        "an unnamed source denies that forces of an unnamed country are in an unnamed country",
        "die Quelle (ungenannt) bestreitet, dass Kräfte dort sind (unbekannt → unbekannt)",
    ),
]
MONTH = LedgerSettings(timedelta(days=30))


@pytest.mark.parametrize(("articles", "english", "german"), CASES)
def test_each_reason_has_its_sentence_in_both_languages(articles, english, german):
    data = last(*articles, settings=MONTH)
    assert why_in_words(data, Words(ENGLISH)) == english
    assert why_in_words(data, Words(GERMAN)) == german


def test_every_reason_is_among_them():
    assert {last(*articles, settings=MONTH)["because"] for articles, *_ in CASES} == set(Because)


def test_an_event_of_before_keeps_its_sentence():
    data = last(*EDITED)
    del data["because"]
    assert why_in_words(data, Words(GERMAN)) == data["why"]
