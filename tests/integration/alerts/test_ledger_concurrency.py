"""Two alert services on one PostgreSQL: what they decide side by side is what one of them would have decided alone."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.decide.replay import Ledger
from services.alerts.record_decisions import RecordDecisions
from services.alerts.repository.events import Event, events_after
from services.alerts.repository.ledger import lock_ledger
from services.alerts.repository.subscriptions import SubscriptionState, draw_sequences, set_subscription_state
from services.alerts.tables import HISTORY
from shared.bus.consumer_loop import Outcome
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from shared.events.identity import message_id
from shared.events.statements import ArticleStatements, Certainty, Source, Stage
from tests.fakes.statements import NOON, article, claim
from tests.integration.alerts.test_record_decisions import subscribe

SEED = int(os.environ.get("VEDETTE_TEST_SEED", "20250301"))


@dataclass
class AlertService:
    """As much of one as decides."""

    database: Database

    async def record(self, revision: ArticleStatements) -> Outcome:
        recorder = RecordDecisions(self.database, "alerts", LedgerSettings(), None, lambda _kind: None)
        reference = revision.article
        return await recorder.record(message_id(reference.id, reference.revision), revision, NOON)


@pytest.fixture
async def services(postgres_url: str) -> AsyncIterator[tuple[AlertService, AlertService]]:
    one, other = open_database(postgres_url), open_database(postgres_url)
    await migrate(one, [HISTORY])
    yield AlertService(one), AlertService(other)
    await one.close()
    await other.close()


async def events(database: Database, after: int = 0) -> list[Event]:
    async with database.reading() as connection:
        return await events_after(connection, after, 10_000)


@asynccontextmanager
async def held_before_the_last_step(database: Database) -> AsyncIterator[None]:
    """Whoever has decided waits for its positions, uncommitted, until the block ends."""
    async with database.unit_of_work() as connection:
        await connection.execute(text("SELECT 1 FROM alerts_counters FOR UPDATE"))
        yield


async def waiting(database: Database, kind: str, count: int) -> None:
    """Until `count` transactions wait for a lock of this kind: advisory, or transactionid (a row's holder)."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = :kind")
    async with asyncio.timeout(10):
        while True:
            async with database.reading() as connection:
                if await connection.scalar(query, {"kind": kind}) == count:
                    return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        (claim(count=400), claim(count=400), ["new"]),
        (claim(count=400), claim(count=400, source=Source(name="Paris", code="FRA")), ["new", "corroborated"]),
        (claim(count=400), claim(None, count=400), ["new"]),
        (claim(None, count=400), claim(None, count=410), ["new"]),
    ],
    ids=["same", "another source", "actor unknown to the second", "actor unknown to both"],
)
async def test_the_same_claim_is_new_once_however_close_its_articles(
    services: tuple[AlertService, AlertService], first: Any, second: Any, kinds: list[str]
) -> None:
    one, other = services
    async with held_before_the_last_step(one.database):
        early = asyncio.create_task(one.record(article("a", first)))
        await waiting(one.database, "transactionid", 1)
        late = asyncio.create_task(other.record(article("b", second)))
        await waiting(one.database, "advisory", 1)
        assert not late.done()
    await asyncio.gather(early, late)
    assert [event.kind for event in await events(one.database)] == kinds


async def test_two_revisions_of_one_article_wait_for_each_other(services: tuple[AlertService, AlertService]) -> None:
    one, other = services
    async with held_before_the_last_step(one.database):
        early = asyncio.create_task(one.record(article("a", claim(count=400))))
        await waiting(one.database, "transactionid", 1)
        late = asyncio.create_task(other.record(article("a", claim("RWA", count=900), revision=2)))
        await waiting(one.database, "advisory", 1)
    await asyncio.gather(early, late)
    assert [event.kind for event in await events(one.database)] == ["new", "new"]


async def test_articles_about_others_do_not_wait(services: tuple[AlertService, AlertService]) -> None:
    one, other = services
    async with one.database.unit_of_work() as connection:
        await lock_ledger(connection, article("a", claim("KEN"), claim("RWA")))
        await asyncio.wait_for(other.record(article("b", claim("UGA", count=5))), 5)


async def test_a_message_that_two_services_hold_has_one_effect(services: tuple[AlertService, AlertService]) -> None:
    revision = article("a", claim(count=400))
    outcomes = await asyncio.gather(*(service.record(revision) for service in services * 4))
    assert sorted(outcomes) == [Outcome.DUPLICATE] * 7 + [Outcome.PROCESSED]
    assert [event.kind for event in await events(services[0].database)] == ["new"]


async def test_no_reader_of_the_event_stream_misses_one(services: tuple[AlertService, AlertService]) -> None:
    await subscribe(services[0].database, "s")
    seen: list[int] = []
    done = asyncio.Event()

    async def follow() -> None:
        while True:
            last_look = done.is_set()
            found = await events(services[0].database, seen[-1] if seen else 0)
            seen.extend(event.position for event in found)
            if last_look:
                return

    following = asyncio.create_task(follow())
    lanes = [_lane(services[lane % 2], range(lane, 120, 6)) for lane in range(6)]
    await asyncio.gather(*lanes)
    done.set()
    await following
    assert seen == list(range(1, 121))
    async with services[0].database.reading() as connection:
        rows = await connection.execute(text("SELECT sequence, position FROM alerts_deliveries ORDER BY sequence"))
        assert [tuple(row) for row in rows] == [(number, number) for number in range(1, 121)]


async def _lane(service: AlertService, numbers: Sequence[int]) -> None:
    for number in numbers:
        await service.record(article(f"n{number}", claim(f"A{number}", count=10)))


def random_articles(draw: random.Random, count: int) -> list[ArticleStatements]:
    """Few actors and destinations, so that nearly all articles touch one another; one in eight has no actor."""

    def one_claim() -> Any:
        denied = {"certainty": Certainty.DENIED} if draw.random() < 0.15 else {}
        source = draw.choice(["KEN", "MOZ", "USA", "FRA"])
        return claim(
            draw.choice(["KEN", "RWA", "UGA", "TZA", "ZMB", "MWI", "BDI", None]),
            draw.choice(["MOZ", "SOM", None]),
            draw.choice([None, 400, 430, 900, 5000]),
            stage=draw.choice(list(Stage)),
            source=Source(name=source, code=source),
            **denied,
        )

    def name(number: int) -> str:
        return f"edited{number // 2}" if draw.random() < 0.3 else f"a{number}"

    return [
        article(name(number), *(one_claim() for _ in range(draw.randint(0, 5))), revision=1 + number % 2)
        for number in range(count)
    ]


async def test_two_hundred_articles_at_once_end_as_if_they_had_come_one_after_another(
    services: tuple[AlertService, AlertService],
) -> None:
    draw = random.Random(SEED)
    articles = {message_id(one.article.id, one.article.revision): one for one in random_articles(draw, 200)}
    slots = asyncio.Semaphore(24)

    async def record(revision: ArticleStatements) -> None:
        async with slots:
            await services[draw.randint(0, 1)].record(revision)

    await asyncio.gather(*(record(revision) for revision in articles.values()))

    in_order = "SELECT message_id FROM alerts_inbox ORDER BY pg_xact_commit_timestamp(xmin)"
    async with services[0].database.reading() as connection:
        committed = list(await connection.scalars(text(in_order)))
    assert sorted(committed) == sorted(articles)
    ledger = Ledger(LedgerSettings())
    expected: dict[str, list[tuple[str, str, str]]] = {}
    for one in committed:
        decisions = ledger.decide(articles[one])
        expected.setdefault(articles[one].article.id, []).extend(
            (decision.kind.value, decision.claim_id, decision.why)
            for decision in decisions
            if decision.kind.value != "repeated"
        )
    told: dict[str, list[tuple[str, str, str]]] = {name: [] for name in expected}
    for event in await events(services[0].database):
        told[event.article_id].append((event.kind, event.claim_id, event.body["data"]["why"]))
    assert told == expected
    assert sum(map(len, told.values())) > 100


async def test_a_subscription_that_ends_meanwhile_gets_no_number(services: tuple[AlertService, AlertService]) -> None:
    one, other = services
    await subscribe(one.database, "s")
    async with one.database.unit_of_work() as connection:
        await set_subscription_state(connection, "s", SubscriptionState.DISABLED)
        drawing = asyncio.create_task(other.record(article("a", claim(count=400))))
        await waiting(one.database, "transactionid", 1)
    assert await drawing is Outcome.PROCESSED
    async with one.database.unit_of_work() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM alerts_deliveries")) == 0
        assert await draw_sequences(connection, {"s": 3, "unknown": 1}) == {}
