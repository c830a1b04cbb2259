"""Deliveries on a real database, with channels that behave: accept, hang, refuse, go away."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.alerts.channels import email, webhook
from services.alerts.channels.outcome import Accepted, Gone, Outcome, Retry
from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.match_subscriptions import Filter
from services.alerts.record_decisions import RecordDecisions
from services.alerts.repository.deliveries import (
    DeliveryState,
    Room,
    Sending,
    lease_due,
    list_deliveries,
    overdue,
    retry_now,
    settle,
)
from services.alerts.repository.events import Event
from services.alerts.repository.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    get_subscription,
    set_subscription_state,
)
from services.alerts.retry_schedule import PAUSES
from services.alerts.send_due_deliveries import LEASE, DeliverySender
from shared.database.unit_of_work import Database
from shared.ops.metrics import Metrics
from tests.fakes.clock import FakeClock
from tests.fakes.statements import NOON, article, claim


class FakeChannel:
    """Answers by script; keeps what it was given."""

    def __init__(self, answer: Callable[[Subscription], Outcome]) -> None:
        self.answer = answer
        self.hold: asyncio.Event | None = None
        self.hangs = lambda subscription: subscription == "slow"
        self.sent: list[tuple[str, list[str]]] = []

    async def send(self, subscription: Subscription, sending: Sending, events: Sequence[Event]) -> Outcome:
        self.sent.append((subscription.subscription_id, [event.event_id for event in events]))
        if self.hold is not None and self.hangs(subscription.subscription_id):
            await self.hold.wait()
        return self.answer(subscription)


async def subscribe(database: Database, name: str, channel: str = "webhook", target: str | None = None) -> None:
    async with database.unit_of_work() as connection:
        await add_subscription(
            connection,
            Subscription(
                subscription_id=name,
                channel=channel,
                target=target or f"https://{name}.example/",
                mail_language="en",
                secret="whsec_eA==",
                filter=Filter(),
                state=SubscriptionState.ACTIVE,
                reason=None,
                last_sequence=0,
                created_at=NOON,
            ),
        )


async def happen(database: Database, count: int, prefix: str = "a", now: datetime = NOON) -> None:
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    for number in range(count):
        revision = article(f"{prefix}{number}", claim(f"X{prefix}{number}", count=100))
        await recorder.record(f"{prefix}{number}", revision, now)


async def rows(database: Database) -> list[Any]:
    async with database.reading() as connection:
        return await list_deliveries(connection, state=None, subscription_id=None, before=None, limit=1000)


async def states(database: Database) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in await rows(database):
        counted[row.state] = counted.get(row.state, 0) + 1
    return counted


@asynccontextmanager
async def sending(database: Database, channel: FakeChannel, clock: FakeClock) -> Any:
    stop = asyncio.Event()
    sender = DeliverySender(database, {"webhook": channel, "email": channel}, Metrics(), clock, lambda: 0.5)
    running = asyncio.create_task(sender.run(stop))
    try:
        yield sender
    finally:
        stop.set()
        if channel.hold:
            channel.hold.set()
        await asyncio.wait_for(running, 5)


async def until(holds: Callable[[], Any], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.01)


async def test_each_event_is_sent_once_in_order(database: Database, clock: FakeClock) -> None:
    await subscribe(database, "s")
    await happen(database, 6)
    channel = FakeChannel(lambda _s: Accepted())
    async with sending(database, channel, clock):
        await until(lambda: _all(database, {"delivered": 6}))
    assert len({ids[0] for _, ids in channel.sent}) == 6 == len(channel.sent)


async def _all(database: Database, expected: dict[str, int]) -> bool:
    return await states(database) == expected


async def test_what_is_refused_is_tried_by_the_schedule_under_the_same_id(database: Database, clock: FakeClock) -> None:
    await subscribe(database, "s")
    await happen(database, 1)
    channel = FakeChannel(lambda _s: Retry(None, "The receiver answered 500."))
    async with sending(database, channel, clock) as sender:
        for tries, pause in enumerate(PAUSES, 1):
            await until(lambda tries=tries: _tried(database, tries))
            (row,) = await rows(database)
            assert row.due_at == clock() + pause
            clock.advance(pause - timedelta(seconds=1))
            sender.wake()
            await asyncio.sleep(0.05)
            assert len(channel.sent) == tries, "not before it is due"
            clock.advance(timedelta(seconds=1))
            sender.wake()
        await until(lambda: _all(database, {"failed": 1}))
    assert len(channel.sent) == len(PAUSES) + 1 == 8
    assert len({tuple(ids) for _, ids in channel.sent}) == 1
    (row,) = await rows(database)
    assert row.last_error == "The receiver answered 500."


async def test_a_channel_that_breaks_counts_as_a_try(database: Database, clock: FakeClock) -> None:
    def broken(_s: Subscription) -> Outcome:
        raise OverflowError("year 10000000000")

    await subscribe(database, "s")
    await happen(database, 1)
    async with sending(database, FakeChannel(broken), clock):
        await until(lambda: _tried(database, 1))
    (row,) = await rows(database)
    assert (row.state, row.due_at) == ("pending", clock() + PAUSES[0])
    assert row.last_error == "Vedette failed on this delivery (OverflowError); its log says why."


def test_a_lease_outlasts_whatever_a_channel_may_take() -> None:
    longest = max(webhook.DEADLINE_SECONDS, email.DEADLINE_SECONDS + email.GOODBYE_SECONDS)
    assert longest < LEASE.total_seconds() < 60, "nobody else sends meanwhile; after a kill, again within a minute"


async def _tried(database: Database, tries: int) -> bool:
    (row,) = await rows(database)
    return bool(row.attempts == tries and row.lease_token is None)


async def test_a_failed_delivery_can_be_sent_again(database: Database, clock: FakeClock) -> None:
    await subscribe(database, "s")
    await happen(database, 1)
    async with database.unit_of_work() as connection:
        await connection.execute(text("UPDATE alerts_deliveries SET state = 'failed', attempts = 8"))
        (row,) = await list_deliveries(connection, state=None, subscription_id=None, before=None, limit=10)
        assert await retry_now(connection, row.delivery_id, clock())
        assert not await retry_now(connection, "unknown", clock())
    async with sending(database, FakeChannel(lambda _s: Accepted()), clock):
        await until(lambda: _all(database, {"delivered": 1}))


async def test_gone_ends_the_subscription_and_drops_the_rest(database: Database, clock: FakeClock) -> None:
    await subscribe(database, "s")
    await happen(database, 30)
    async with sending(database, FakeChannel(lambda _s: Gone("The receiver answered 410 Gone.")), clock):
        await until(lambda: _none_pending(database))
    async with database.reading() as connection:
        subscription = await get_subscription(connection, "s")
    assert subscription is not None
    assert (subscription.state, subscription.reason) == (SubscriptionState.DISABLED, "The receiver answered 410 Gone.")
    counted = await states(database)
    assert counted["failed"] >= 1
    assert counted["dropped"] >= 20


async def _none_pending(database: Database) -> bool:
    return "pending" not in await states(database)


async def test_a_slow_receiver_holds_up_nobody_else(database: Database, clock: FakeClock) -> None:
    for name in ("slow", "quick"):
        await subscribe(database, name)
    await happen(database, 50)
    channel = FakeChannel(lambda _s: Accepted())
    channel.hold = asyncio.Event()
    async with sending(database, channel, clock):
        await until(lambda: _all(database, {"delivered": 50, "pending": 50}))
        assert sum(name == "slow" for name, _ in channel.sent) <= 4
        channel.hold.set()
        await until(lambda: _all(database, {"delivered": 100}))


@pytest.mark.parametrize("channel", ["webhook", "email"])
async def test_an_endpoint_that_hangs_holds_up_no_other(database: Database, clock: FakeClock, channel: str) -> None:
    hung = [f"hung{number}" for number in range(40)]
    for name in hung:
        target = f"https://Hung.example:443/{name}" if channel == "webhook" else f"{name}@{name}.example"
        await subscribe(database, name, channel, target)
    await happen(database, 1, "before")
    channels = FakeChannel(lambda _s: Accepted())
    channels.hold, channels.hangs = asyncio.Event(), lambda subscription: subscription.startswith("hung")
    async with sending(database, channels, clock) as sender:
        await until(lambda: _sent(channels, 8))
        await subscribe(database, "other", target="http://other.example/")
        await happen(database, 1, "after")
        sender.wake()
        await until(lambda: _all(database, {"delivered": 1, "pending": 80}))
        assert len(channels.sent) == 8 + 1
        channels.hold.set()
        await until(lambda: _all(database, {"delivered": 81}))


async def _sent(channel: FakeChannel, count: int) -> bool:
    return len(channel.sent) == count


async def test_a_backlog_of_one_leaves_room_for_others_of_its_endpoint(database: Database) -> None:
    await subscribe(database, "full", "email")
    await happen(database, 20, "before")
    await subscribe(database, "fresh", "email")
    await happen(database, 1, "after")
    async with database.unit_of_work() as connection:
        leased = await lease_due(connection, NOON, timedelta(seconds=40), "t", Room(3, 4, 8))
    assert sorted(one.subscription_id for one in leased) == ["fresh", "full", "full"]


async def test_what_a_paused_subscription_has_matched_waits_until_it_is_resumed(
    database: Database, clock: FakeClock
) -> None:
    for name in ("paused", "other"):
        await subscribe(database, name)
    await happen(database, 3)
    async with database.unit_of_work() as connection:
        await set_subscription_state(connection, "paused", SubscriptionState.PAUSED)
    channel = FakeChannel(lambda _s: Accepted())
    async with sending(database, channel, clock) as sender:
        await until(lambda: _all(database, {"delivered": 3, "pending": 3}))
        clock.advance(timedelta(days=2))
        async with database.reading() as connection:
            assert await overdue(connection, clock()) == (0, None), "nobody has to look after them"
        sender.wake()
        await asyncio.sleep(0.1)
        assert await states(database) == {"delivered": 3, "pending": 3}
        async with database.unit_of_work() as connection:
            await set_subscription_state(connection, "paused", SubscriptionState.ACTIVE)
        async with database.reading() as connection:
            assert (await overdue(connection, clock()))[0] == 3
        sender.wake()
        await until(lambda: _all(database, {"delivered": 6}))


async def test_a_mail_carries_all_events_of_its_article(database: Database, clock: FakeClock) -> None:
    await subscribe(database, "m", channel="email")
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    await recorder.record("1", article("a", claim("KEN", count=10), claim("RWA", count=20)), NOON)
    channel = FakeChannel(lambda _s: Accepted())
    async with sending(database, channel, clock):
        await until(lambda: _all(database, {"delivered": 2}))
    assert [len(ids) for _, ids in channel.sent] == [2]


async def test_a_lease_that_ran_out_belongs_to_the_next(database: Database) -> None:
    await subscribe(database, "s")
    await happen(database, 1)
    lease = timedelta(seconds=40)

    async def lease_all(now: datetime, token: str) -> list[Sending]:
        async with database.unit_of_work() as connection:
            return await lease_due(connection, now, lease, token, Room(10, 4, 8))

    (first,) = await lease_all(NOON, "first")
    assert await lease_all(NOON + timedelta(seconds=39), "second") == []
    (again,) = await lease_all(NOON + timedelta(seconds=40), "second")
    async with database.unit_of_work() as connection:
        assert not await settle(connection, first, "first", NOON, DeliveryState.DELIVERED), "fenced"
        assert await settle(connection, again, "second", NOON, DeliveryState.DELIVERED)
    assert await states(database) == {"delivered": 1}


@pytest.mark.parametrize("slots", [1, 3])
async def test_leases_are_shared_out_evenly(database: Database, slots: int) -> None:
    for name in ("a", "b", "c"):
        await subscribe(database, name)
    await happen(database, 10)
    async with database.unit_of_work() as connection:
        leased = await lease_due(connection, NOON, timedelta(seconds=40), "t", Room(100, slots, 8))
    by_subscription: dict[str, list[int]] = {}
    for one in leased:
        by_subscription.setdefault(one.subscription_id, []).append(one.deliveries[0].sequence)
    assert {name: sorted(sequences) for name, sequences in by_subscription.items()} == {
        name: list(range(1, slots + 1)) for name in ("a", "b", "c")
    }
