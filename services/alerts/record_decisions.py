"""Transaction T3: one article revision into the ledger, with its events and what is owed to subscribers, or nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables
from services.alerts.decide.decide_article import Decision, LedgerSettings, decide_article
from services.alerts.decide.verdict import Kind
from services.alerts.match_subscriptions import match
from services.alerts.messages.webhook_body import event_body
from services.alerts.repository.deliveries import NewDelivery, add_deliveries
from services.alerts.repository.events import Event, add_events, draw_positions
from services.alerts.repository.ledger import load_state, lock_ledger, store_outcome
from services.alerts.repository.subscriptions import (
    Subscription,
    SubscriptionState,
    draw_sequences,
    list_subscriptions,
)
from shared.bus.consumer_loop import Outcome
from shared.database.inbox import receive
from shared.database.unit_of_work import Database
from shared.events.identity import identity
from shared.events.statements import ArticleReference, ArticleStatements

MAIL = "email"


@dataclass(frozen=True)
class RecordDecisions:
    """`max_age`: an article older than this at fetching is no alarm, its events are late (None: no limit)."""

    database: Database
    group: str
    ledger: LedgerSettings
    max_age: timedelta | None
    decided: Callable[[Kind], None]

    async def record(self, message_id: str, article: ArticleStatements, now: datetime) -> Outcome:
        """Decide and store in one transaction; `now` is only noted down, no decision depends on it."""
        async with self.database.unit_of_work() as connection:
            if not await receive(connection, tables.inbox, self.group, message_id, now):
                return Outcome.DUPLICATE
            await lock_ledger(connection, article)
            decisions = await self._decide(connection, article)
            events = await self._add_events(connection, decisions, article.article, now)
            await _add_deliveries(connection, events, now)
        for decision in decisions:
            self.decided(decision.kind)
        return Outcome.PROCESSED

    async def _decide(self, connection: AsyncConnection, article: ArticleStatements) -> Sequence[Decision]:
        state = await load_state(connection, article)
        outcome = decide_article(state, article, self.ledger)
        if outcome is None:
            return ()
        await store_outcome(connection, state, outcome)
        return outcome.decisions

    async def _add_events(
        self, connection: AsyncConnection, decisions: Sequence[Decision], article: ArticleReference, now: datetime
    ) -> list[Event]:
        telling = [decision for decision in decisions if decision.kind is not Kind.REPEATED]
        if not telling:
            return []
        first = await draw_positions(connection, len(telling))
        late = self._is_late(article)
        events = [
            Event(
                position=first + index,
                event_id=decision.event_id,
                kind=decision.kind.value,
                claim_id=decision.claim_id,
                article_id=article.id,
                late=late,
                decided_at=now,
                body=event_body(decision, now, late=late),
            )
            for index, decision in enumerate(telling)
        ]
        await add_events(connection, events)
        return events

    def _is_late(self, article: ArticleReference) -> bool:
        if self.max_age is None or article.published is None:
            return False
        return article.fetched - article.published > self.max_age


async def _add_deliveries(connection: AsyncConnection, events: Sequence[Event], now: datetime) -> None:
    in_time = [event for event in events if not event.late]
    if not in_time:
        return
    subscriptions = await list_subscriptions(connection, SubscriptionState.ACTIVE)
    matches = [
        (subscription, event, matched)
        for subscription in subscriptions
        for event in in_time
        if (matched := match(subscription.filter, event.body)) is not None
    ]
    if not matches:
        return
    next_sequence = await draw_sequences(connection, Counter(item[0].subscription_id for item in matches))
    deliveries = []
    for subscription, event, matched in matches:
        if (sequence := next_sequence.get(subscription.subscription_id)) is not None:
            deliveries.append(_delivery(subscription, event, sequence, matched))
            next_sequence[subscription.subscription_id] = sequence + 1
    if deliveries:
        await add_deliveries(connection, deliveries, now)


def _delivery(subscription: Subscription, event: Event, sequence: int, matched: str) -> NewDelivery:
    delivery_id = identity("delivery", subscription.subscription_id, event.event_id)
    together = identity(
        "mail", subscription.subscription_id, event.article_id, event.body["data"]["article"]["revision"]
    )
    return NewDelivery(
        delivery_id=delivery_id,
        sending_id=together if subscription.channel == MAIL else delivery_id,
        subscription_id=subscription.subscription_id,
        sequence=sequence,
        position=event.position,
        matched=matched,
    )
