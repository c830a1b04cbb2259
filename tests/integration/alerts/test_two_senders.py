"""Two alert services send from one PostgreSQL: each delivery by one of them, and shares that hold over both."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.alerts.channels.outcome import Accepted, Gone
from services.alerts.repository.deliveries import Room, lease_due
from services.alerts.repository.subscriptions import remove_subscription
from services.alerts.tables import HISTORY
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from tests.fakes.clock import FakeClock
from tests.fakes.statements import NOON
from tests.integration.alerts.test_send_due_deliveries import (
    FakeChannel,
    _all,
    _none_pending,
    happen,
    sending,
    states,
    subscribe,
    until,
)


@pytest.fixture
async def databases(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    one, other = open_database(postgres_url), open_database(postgres_url)
    await migrate(one, [HISTORY])
    yield one, other
    await one.close()
    await other.close()


async def test_no_delivery_is_sent_by_both(databases: tuple[Database, Database], clock: FakeClock) -> None:
    one, other = databases
    for name in "abc":
        await subscribe(one, name)
    await happen(one, 60)
    channel = FakeChannel(lambda _s: Accepted())
    async with sending(one, channel, clock), sending(other, channel, clock):
        await until(lambda: _all(one, {"delivered": 180}), 20)
    sent = Counter((subscription, *events) for subscription, events in channel.sent)
    assert len(sent) == 180
    assert set(sent.values()) == {1}
    async with one.reading() as connection:
        assert await connection.scalar(text("SELECT sum(attempts) FROM alerts_deliveries")) == 180


async def test_leases_taken_at_once_never_overlap_and_keep_to_the_share(databases: tuple[Database, Database]) -> None:
    for name in ("a", "b", "c", "d"):
        await subscribe(databases[0], name, target=f"https://{'alone' if name == 'd' else 'shared'}.example/{name}")
    await happen(databases[0], 30)

    async def lease(number: int) -> list[str]:
        async with databases[number % 2].unit_of_work() as connection:
            leased = await lease_due(connection, NOON, timedelta(seconds=40), f"t{number}", Room(3, 5, 8))
        return [one.sending_id for one in leased]

    leased = [one for some in await asyncio.gather(*map(lease, range(10))) for one in some]
    assert len(leased) == len(set(leased)) == 13, "five of each subscription, eight of each endpoint, however many ask"


async def test_several_receivers_gone_at_once_do_not_deadlock(
    databases: tuple[Database, Database], clock: FakeClock
) -> None:
    one, other = databases
    await subscribe(one, "s")
    await happen(one, 40)
    channel = FakeChannel(lambda _s: Gone("The receiver answered 410 Gone."))
    async with sending(one, channel, clock), sending(other, channel, clock):
        await until(lambda: _none_pending(one), 20)
    counted = await states(one)
    assert set(counted) == {"failed", "dropped"}
    assert counted["failed"] >= 1, "each attempt that was answered is recorded"
    async with one.reading() as connection:
        attempts = await connection.scalar(text("SELECT sum(attempts) FROM alerts_deliveries"))
    assert attempts == counted["failed"]


async def test_a_subscription_is_removed_while_its_deliveries_are_sent(
    databases: tuple[Database, Database], clock: FakeClock
) -> None:
    one, other = databases
    await subscribe(one, "s")
    await happen(one, 40)
    channel = FakeChannel(lambda _s: Gone("The receiver answered 410 Gone."))

    async def remove() -> None:
        await until(lambda: _some_sent(channel))
        async with other.unit_of_work() as connection:
            await remove_subscription(connection, "s")

    async with sending(one, channel, clock), sending(other, channel, clock):
        await remove()
    assert await states(one) == {}


async def _some_sent(channel: FakeChannel) -> bool:
    return bool(channel.sent)
