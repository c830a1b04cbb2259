"""The kind of article that Vedette was started for, in words of our own: many voices, one video, several numbers.

The article that the project started from must not stand here; this one has its shape and other facts: a country's
soldiers in a neighbour's barracks, a confirmation, two videos that nobody could verify, and three figures.
"""

from datetime import UTC, datetime
from pathlib import Path

from services.alerts.decide.decide_article import Decision
from services.alerts.decide.replay import Ledger
from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import Lexicon
from shared.events.article import Outlet
from shared.events.statements import ArticleReference, ArticleStatements, Extractor
from tests.unit.extractor import lexicon_fixture

TITLE = "Kubanische Soldaten in Nicaragua: Washington spricht von Beweisen"
TEXT = Path(__file__).with_name("paraphrase-de.txt").read_text(encoding="utf-8")


def statements(article_id: str, lexicon: Lexicon) -> ArticleStatements:
    published = datetime(2025, 1, 15, 9, tzinfo=UTC)
    extraction = extract_article(ArticleText(TITLE, TEXT, published), lexicon)
    return ArticleStatements(
        article=ArticleReference(
            id=article_id,
            revision=1,
            title=TITLE,
            outlet=Outlet(name=article_id),
            published=published,
            fetched=published,
        ),
        language=extraction.language,
        extractor=Extractor(name="rules", version="test"),
        statements=extraction.statements,
    )


def told(decisions: tuple[Decision, ...]) -> list[tuple[object, ...]]:
    alerting = [decision for decision in decisions if decision.kind.value in ("new", "revised", "denied")]
    claims = [decision.report.claim for decision in alerting]
    return [
        (
            one.actor,
            one.destination,
            one.count_min,
            one.stage.value,
            one.certainty.value,
            one.source and one.source.code,
        )
        for one in claims
    ]


def test_each_claim_of_the_article_alerts_once_and_nothing_else() -> None:
    lexicon, ledger = lexicon_fixture.lexicon(), Ledger()
    assert told(ledger.decide(statements("first", lexicon))) == [
        ("CUB", "NIC", None, "deployed", "confirmed", "FRA"),
        ("CUB", "NIC", None, "deployed", "suspected", "HND"),
        ("CUB", "NIC", 8000, "planned", "claimed", "COL"),
        ("CUB", "NIC", 2000, "deployed", "claimed", "COL"),
        ("CUB", "NIC", 9500, "planned", "claimed", "HND"),
    ]
    assert told(ledger.decide(statements("second", lexicon))) == []
