"""Transaction T3 on a real database: effects once, in order, whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.decide.replay import Ledger
from services.alerts.match_subscriptions import Filter
from services.alerts.record_decisions import RecordDecisions
from services.alerts.repository.claims import count_claims, list_claims, reports_of_claim
from services.alerts.repository.deliveries import deliveries_after
from services.alerts.repository.events import events_after
from services.alerts.repository.subscriptions import Subscription, SubscriptionState, add_subscription
from shared.bus.consumer_loop import Outcome
from shared.database.unit_of_work import Database
from shared.events.identity import message_id
from shared.events.statements import ArticleStatements, Certainty, Source, Stage
from tests.fakes.statements import NOON, article, claim

RENEW = timedelta(days=365)


def recorder(database: Database, max_age: timedelta | None = timedelta(hours=96)) -> RecordDecisions:
    return RecordDecisions(database, "alerts", LedgerSettings(RENEW), max_age, lambda _kind: None)


async def record(database: Database, revision: ArticleStatements, **settings: Any) -> Outcome:
    reference = revision.article
    return await recorder(database, **settings).record(message_id(reference.id, reference.revision), revision, NOON)


async def kinds(database: Database) -> list[str]:
    async with database.reading() as connection:
        return [event.kind for event in await events_after(connection, 0, 100)]


async def subscribe(database: Database, name: str, channel: str = "webhook", **slots: Any) -> None:
    async with database.unit_of_work() as connection:
        await add_subscription(
            connection,
            Subscription(
                subscription_id=name,
                channel=channel,
                target="https://receiver.example/",
                mail_language="en",
                secret=None,
                filter=Filter(**slots),
                state=SubscriptionState.ACTIVE,
                reason=None,
                last_sequence=0,
                created_at=NOON,
            ),
        )


async def sent_to(database: Database, name: str) -> list[Any]:
    async with database.reading() as connection:
        return await deliveries_after(connection, name, 0, 100)


async def test_a_repeated_message_has_no_effect(database: Database) -> None:
    revision = article("a", claim(count=400))
    assert await record(database, revision) is Outcome.PROCESSED
    assert await record(database, revision) is Outcome.DUPLICATE
    assert await kinds(database) == ["new"]


async def test_an_error_inside_leaves_nothing_behind(database: Database) -> None:
    async with database.unit_of_work() as connection:
        await connection.execute(text("DROP TABLE alerts_deliveries"))
    await subscribe(database, "s")
    with pytest.raises(Exception, match="alerts_deliveries"):
        await record(database, article("a", claim(count=400)))
    async with database.reading() as connection:
        for table in ("inbox", "threads", "claims", "words", "articles", "reports", "events"):
            assert await connection.scalar(text(f"SELECT count(*) FROM alerts_{table}")) == 0, table
        assert await connection.scalar(text("SELECT last_sequence FROM alerts_subscriptions")) == 0


async def test_positions_and_sequences_are_gapless_in_commit_order(database: Database) -> None:
    await subscribe(database, "all")
    await subscribe(database, "many", min_count=1000)
    await record(database, article("a", claim(count=400), claim(count=5000)))
    await record(database, article("b", claim("RWA", count=2000)))
    await record(database, article("c", claim("UGA", count=10)))
    async with database.reading() as connection:
        events = await events_after(connection, 0, 100)
    assert [event.position for event in events] == [1, 2, 3, 4]
    assert [(row.sequence, row.position) for row in await sent_to(database, "all")] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert [(row.sequence, row.position) for row in await sent_to(database, "many")] == [(1, 2), (2, 3)]
    assert {row.matched for row in await sent_to(database, "many")} == {"min_count=1000"}


async def test_all_events_of_an_article_are_one_mail_but_single_webhooks(database: Database) -> None:
    await subscribe(database, "mail", channel="email")
    await subscribe(database, "hook")
    await record(database, article("a", claim(count=400), claim("RWA", count=5000)))
    assert len({row.sending_id for row in await sent_to(database, "mail")}) == 1
    assert len({row.sending_id for row in await sent_to(database, "hook")}) == 2


async def test_an_old_article_enters_the_ledger_but_alerts_nobody(database: Database) -> None:
    await subscribe(database, "s")
    await record(database, article("old", claim(count=400), published=NOON - timedelta(hours=97)))
    async with database.reading() as connection:
        (event,) = await events_after(connection, 0, 10)
    assert event.late
    assert event.body["data"]["late"] is True
    assert await sent_to(database, "s") == []
    await record(database, article("fresh", claim(count=400)))
    assert await kinds(database) == ["new"], "the fresh article repeats what the old one told"


@pytest.mark.parametrize(("published", "max_age"), [(None, timedelta(hours=96)), (NOON - timedelta(days=900), None)])
async def test_without_date_or_without_limit_nothing_is_late(
    database: Database, published: Any, max_age: timedelta | None
) -> None:
    await subscribe(database, "s")
    await record(database, article("a", claim(count=400), published=published), max_age=max_age)
    assert len(await sent_to(database, "s")) == 1


async def test_paused_subscriptions_match_nothing(database: Database) -> None:
    await subscribe(database, "s")
    async with database.unit_of_work() as connection:
        await connection.execute(text("UPDATE alerts_subscriptions SET state = 'paused'"))
    await record(database, article("a", claim(count=400)))
    assert await sent_to(database, "s") == []


async def test_an_edit_revises_and_the_old_report_is_shown_superseded(database: Database) -> None:
    await record(database, article("a", claim(count=400)))
    await record(database, article("a", claim(count=900), revision=2))
    assert await kinds(database) == ["new", "revised"]
    async with database.reading() as connection:
        (found,) = await list_claims(connection, actor="KEN", destination=None, stage=None, after=None, limit=10)
        reports = await reports_of_claim(connection, found.claim_id)
    shown = {(report.body["claim"]["count_min"], report.kind, report.superseded) for report in reports}
    assert shown == {(400, "new", True), (900, "revised", False)}


async def test_an_earlier_revision_that_comes_late_decides_nothing(database: Database) -> None:
    await record(database, article("a", claim(count=900), revision=2))
    await record(database, article("a", claim(count=400), revision=1))
    assert await kinds(database) == ["new"]


async def test_repetitions_are_only_counted(database: Database) -> None:
    for name in ("a", "b", "c"):
        await record(database, article(name, claim(count=400), outlet=name))
    async with database.reading() as connection:
        assert await count_claims(connection) == (1, 2)
        (found,) = await list_claims(connection, actor=None, destination=None, stage=None, after=None, limit=10)
    assert found.state["outlets"] == ["a", "b", "c"]


def story() -> list[ArticleStatements]:
    """Several threads, unknown sides, denials, edits, places: what a partial load could get wrong."""
    usa, mozambique = Source(name="Washington", code="USA"), Source(name="Maputo", code="MOZ")
    denied = {"certainty": Certainty.DENIED}
    places = {"place": "Pemba", "place_key": "MZ-P:pemba", "place_within": ("MZ-P", "MOZ")}
    return [
        article("1", claim(None, count=400)),
        article("2", claim(count=410, source=usa)),
        article("3", claim(count=None, **places)),
        article("4", claim(count=3000, stage=Stage.PLANNED), claim("RWA", count=90)),
        article("5", claim(source=mozambique, **denied)),
        article("2", claim(count=800, source=usa), revision=2),
        article("6", claim("RWA", None, place="Sahel", place_key="sahel", count=95)),
        article("7", claim(stage=Stage.WITHDRAWN)),
        article("8", claim(stage=Stage.ENGAGED, source=mozambique)),
        article("9", claim(source=mozambique)),
        article("10", claim(None, None, count=95)),
        article("4", claim("RWA", count=90), revision=2),
        article("11", claim(None, certainty=Certainty.DENIED, source=mozambique)),
    ]


async def test_the_database_decides_like_the_ledger_in_memory(database: Database) -> None:
    ledger = Ledger(LedgerSettings(RENEW))
    for revision in story():
        await record(database, revision)
    expected = [
        (decision.kind.value, decision.claim_id, decision.why)
        for revision in story()
        for decision in ledger.decide(revision)
        if decision.kind.value != "repeated"
    ]
    async with database.reading() as connection:
        events = await events_after(connection, 0, 100)
    assert [(event.kind, event.claim_id, event.body["data"]["why"]) for event in events] == expected
    assert len(expected) > 8


async def test_a_thousand_bytes_of_hostile_text_are_stored_as_they_are(database: Database) -> None:
    hostile = "'; DROP TABLE alerts_claims; -- \u202e\u0000<script>"
    await record(database, article("a", claim(source=Source(name=hostile), place=hostile, place_key=hostile)))
    assert await kinds(database) == ["new"]
