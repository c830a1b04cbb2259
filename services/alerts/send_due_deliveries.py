"""Send what is due: lease (T4), send outside any transaction, record the attempt (T5) if the lease still holds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

import structlog

from services.alerts.channels.outcome import Accepted, Gone, Outcome, Retry
from services.alerts.repository.deliveries import (
    DeliveryState,
    Room,
    Sending,
    drop_pending,
    lease_due,
    release_leases,
    settle,
)
from services.alerts.repository.events import Event, events_at
from services.alerts.repository.subscriptions import (
    Subscription,
    SubscriptionState,
    get_subscription,
    lock_subscription,
    set_subscription_state,
)
from services.alerts.retry_schedule import next_try_after
from shared.database.unit_of_work import Database
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics
from shared.ops.unavailable import Unavailable
from shared.ops.waiting import any_set, once_available

log = structlog.get_logger()

LEASE = timedelta(seconds=40)
"""Longer than any channel's deadline; an attempt cut off by a kill is tried again when it has run out."""

IN_FLIGHT = 64
IN_FLIGHT_PER_SUBSCRIPTION = 4
IN_FLIGHT_PER_ENDPOINT = 8
"""Eight endpoints would have to hang at once before the others find no room; the mail server is one."""

IDLE_POLL_SECONDS = 0.5


class Channel(Protocol):
    """A way to reach a subscriber. Never raises for what the other side does: that is an outcome."""

    async def send(self, subscription: Subscription, sending: Sending, events: Sequence[Event]) -> Outcome: ...


@dataclass(frozen=True)
class _Consequence:
    state: DeliveryState
    outcome: str
    detail: str | None
    due_at: datetime | None = None


class DeliverySender:
    """The loop that empties the deliveries. `draw` gives random numbers in [0, 1) for jitter."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        metrics: Metrics,
        clock: Clock,
        draw: Callable[[], float],
    ) -> None:
        self._database = database
        self._channels = channels
        self._metrics = metrics
        self._clock = clock
        self._draw = draw
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something due: look at once."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Lease and send until `stop`; what is under way then is finished or cut off by the lifecycle's deadline."""
        if self._database.is_sqlite:  # one process serves a data directory
            await once_available(self._release_leases, stop)
        try:
            while not stop.is_set():
                self._wake.clear()
                if not await self._lease_and_start():
                    await any_set(IDLE_POLL_SECONDS, self._wake, stop)
            await asyncio.gather(*self._under_way, return_exceptions=True)
        finally:
            for task in self._under_way:
                task.cancel()

    async def _release_leases(self) -> None:
        async with self._database.unit_of_work() as connection:
            await release_leases(connection)

    async def _lease_and_start(self) -> bool:
        room = Room(IN_FLIGHT - len(self._under_way), IN_FLIGHT_PER_SUBSCRIPTION, IN_FLIGHT_PER_ENDPOINT)
        if room.sendings <= 0:
            return False
        token = str(uuid4())
        try:
            async with self._database.unit_of_work() as connection:
                sendings = await lease_due(connection, self._clock(), LEASE, token, room)
        except Unavailable as error:
            log.warning("sending_waits", error=str(error)[:500])
            return False
        for sending in sendings:
            task = asyncio.create_task(self._send(sending, token), name=f"sending {sending.sending_id}")
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return bool(sendings)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # the database went away: the lease runs out and the sending is tried again
            log.error("sending_failed", sending=task.get_name(), error=repr(error)[:500])

    async def _send(self, sending: Sending, token: str) -> None:
        async with self._database.reading() as connection:
            subscription = await get_subscription(connection, sending.subscription_id)
            events = await events_at(connection, [delivery.position for delivery in sending.deliveries])
        if subscription is None:
            return  # removed with its deliveries while this one was leased
        outcome = await self._try(subscription, sending, [events[delivery.position] for delivery in sending.deliveries])
        await self._record(subscription, sending, token, outcome)

    async def _try(self, subscription: Subscription, sending: Sending, events: Sequence[Event]) -> Outcome:
        """A channel that breaks is a fault of ours; it counts as a try, or it would be met again for ever."""
        channel = self._channels.get(subscription.channel)
        if channel is None:
            return Retry(None, f"the channel {subscription.channel} is not set up")
        try:
            return await channel.send(subscription, sending, events)
        except Exception as error:
            log.exception("channel_broke", sending=sending.sending_id, channel=subscription.channel)
            return Retry(None, f"Vedette failed on this delivery ({type(error).__name__}); its log says why.")

    async def _record(self, subscription: Subscription, sending: Sending, token: str, outcome: Outcome) -> None:
        now = self._clock()
        consequence = self._consequence(sending, outcome, now)
        async with self._database.unit_of_work() as connection:
            if isinstance(outcome, Gone):
                await lock_subscription(connection, subscription.subscription_id)
            held = await settle(
                connection, sending, token, now, consequence.state, consequence.detail, consequence.due_at
            )
            if held and isinstance(outcome, Gone):
                await set_subscription_state(
                    connection, subscription.subscription_id, SubscriptionState.DISABLED, outcome.reason
                )
                await drop_pending(connection, subscription.subscription_id, now, outcome.reason)
        self._metrics.attempts.labels(subscription.channel, consequence.outcome).inc()
        if isinstance(outcome, Accepted):
            seconds = (now - sending.created_at).total_seconds()
            self._metrics.seconds_to_alert.labels(subscription.channel).observe(seconds)
        else:
            log.warning(
                "delivery_not_accepted",
                subscription=subscription.subscription_id,
                channel=subscription.channel,
                attempt=sending.attempts + 1,
                state=consequence.state.value,
                reason=consequence.detail,
            )

    def _consequence(self, sending: Sending, outcome: Outcome, now: datetime) -> _Consequence:
        if isinstance(outcome, Accepted):
            return _Consequence(DeliveryState.DELIVERED, "accepted", None)
        if isinstance(outcome, Gone):
            return _Consequence(DeliveryState.FAILED, "gone", outcome.reason)
        pause = next_try_after(sending.attempts + 1, outcome.after, self._draw())
        if pause is None:
            return _Consequence(DeliveryState.FAILED, "given_up", outcome.reason)
        return _Consequence(DeliveryState.PENDING, "retry", outcome.reason, now + pause)
