"""What the ledger loads for an article: the threads that can bear on it, and no others."""

import pytest

from services.alerts.decide.decide_article import LedgerSettings, decide_article
from services.alerts.decide.state import ArticleRecord, LedgerState
from services.alerts.decide.threads_needed import threads_needed
from services.alerts.repository.ledger import load_state, store_outcome
from shared.database.unit_of_work import Database
from shared.events.statements import ArticleStatements
from tests.unit.alerts.told import article, claim

TOLD = [
    claim("KOR", 3000, actor=actor, destination=destination, place=place)
    for actor in ("PRK", "USA", None)
    for destination, place in (("RUS", None), ("IRQ", "Baghdad"), ("POL", None), (None, "Middle East"), (None, None))
]


@pytest.mark.parametrize("one", [pytest.param(one, id=f"{one.actor}-{one.destination or one.place}") for one in TOLD])
async def test_exactly_the_threads_needed_are_loaded(database: Database, one) -> None:
    full = LedgerState()
    async with database.unit_of_work() as connection:
        for number, told in enumerate(TOLD):
            outcome = decide_article(full, article(f"a{number}", told), LedgerSettings())
            assert outcome is not None
            await store_outcome(connection, full, outcome)
    again: ArticleStatements = article("b", one, day=1)
    async with database.reading() as connection:
        loaded = await load_state(connection, again)
    needed = threads_needed(again)
    assert loaded.threads == {key: thread for key, thread in full.threads.items() if needed.names(thread)}
    if one.actor and one.destination:
        assert len(loaded.threads) < len(full.threads) / 2
    assert decide_article(loaded, again, LedgerSettings()) == decide_article(full, again, LedgerSettings())


async def test_the_threads_of_an_earlier_revision_are_loaded(database: Database) -> None:
    full = LedgerState()
    async with database.unit_of_work() as connection:
        outcome = decide_article(full, article("a", TOLD[0]), LedgerSettings())
        assert outcome is not None
        await store_outcome(connection, full, outcome)
    async with database.reading() as connection:
        loaded = await load_state(connection, article("a", TOLD[7], revision=2))
    assert loaded.threads == full.threads
    assert isinstance(loaded.articles["a"], ArticleRecord)
