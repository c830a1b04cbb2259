"""Constructs the alert service."""

import random
from datetime import timedelta
from typing import Any

from services.alerts import tables
from services.alerts.api import alerts_router
from services.alerts.channels.email import EmailChannel
from services.alerts.channels.smtp_server import parse_smtp_url, sender_address
from services.alerts.channels.webhook import WebhookChannel
from services.alerts.consume_statements import GROUP, consume_statements
from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.decide.verdict import Kind
from services.alerts.messages.mail import MailWriter
from services.alerts.record_decisions import RecordDecisions
from services.alerts.repository.claims import count_claims
from services.alerts.repository.deliveries import count_deliveries, overdue
from services.alerts.repository.events import count_events
from services.alerts.send_due_deliveries import DeliverySender
from services.alerts.settings import AlertsSettings
from services.alerts.web.latest_events import page_router
from shared.bus.consumer_loop import ConsumerLoop, Outcome
from shared.bus.dead_letters import REDRIVE_GROUP
from shared.bus.port import Bus
from shared.database.inbox import prune_inbox
from shared.database.migrate import verify_schema
from shared.database.unit_of_work import Database
from shared.events.topics import STATEMENTS, dead_letter_topic
from shared.http.auth import Authorise
from shared.http.safe_client import SafeClient
from shared.http.service import Service
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics
from shared.ops.periodic import every
from shared.ops.settings import CommonSettings

DEAD_LETTERS = dead_letter_topic(STATEMENTS, GROUP)
NEEDED_TOPICS = (STATEMENTS, DEAD_LETTERS)

KEEP_INBOX = timedelta(days=60)
"""Twice as long as the bus keeps messages: what is no longer there cannot come again."""

PRUNE_EVERY_SECONDS = 6 * 3600


def build_alerts(
    settings: AlertsSettings,
    common: CommonSettings,
    database: Database,
    bus: Bus,
    client: SafeClient,
    metrics: Metrics,
    clock: Clock,
    authorise: Authorise,
) -> Service:
    """The alert service: a loop over statements, a loop over deliveries, the API and the page."""
    channels = build_channels(settings, common, client, clock)
    sender = DeliverySender(database, channels, metrics, clock, random.random)

    def decided(kind: Kind) -> None:
        metrics.decisions.labels(kind.value).inc()

    def count(topic: str, outcome: Outcome) -> None:
        metrics.messages.labels(GROUP, topic, outcome.value).inc()

    recorder = RecordDecisions(database, GROUP, LedgerSettings(settings.renew_after), settings.max_age, decided)
    handler = consume_statements(recorder, clock, sender.wake)
    loop = ConsumerLoop(bus, bus.consumer(GROUP, [STATEMENTS]), GROUP, handler, count, clock)

    async def prune() -> None:
        async with database.unit_of_work() as connection:
            await prune_inbox(connection, tables.inbox, clock() - KEEP_INBOX)

    async def check_bus() -> None:
        await bus.check(NEEDED_TOPICS)

    async def check_migrations() -> None:
        await verify_schema(database, [tables.HISTORY])

    async def close() -> None:
        return None

    return Service(
        "alerts",
        {"decide": loop.run, "send": sender.run, "prune": every(PRUNE_EVERY_SECONDS, "alerts.prune", prune)},
        {
            "database": database.check,
            "bus": check_bus,
            "migrations": check_migrations,
            "progress": loop.check_progress,
        },
        lambda: read_status(database, bus, clock),
        close,
        [
            alerts_router(
                database, {name: channel.check_target for name, channel in channels.items()}, clock, authorise
            ),
            page_router(database),
        ],
    )


def build_channels(
    settings: AlertsSettings, common: CommonSettings, client: SafeClient, clock: Clock
) -> dict[str, EmailChannel | WebhookChannel]:
    """The channels that are set up; e-mail only with a server and a sender."""
    channels: dict[str, EmailChannel | WebhookChannel] = {
        "webhook": WebhookChannel(client, clock, common.allow_networks)
    }
    if settings.smtp_url is not None and settings.mail_from is not None:
        name, address = sender_address(settings.mail_from)
        server = parse_smtp_url(settings.smtp_url.get_secret_value())
        channels["email"] = EmailChannel(server, MailWriter(address, name, common.public_url or None))
    return channels


async def read_status(database: Database, bus: Bus, clock: Clock) -> dict[str, Any]:
    """What operators see of the alert service."""
    lag = await bus.lag(GROUP, STATEMENTS)
    async with database.reading() as connection:
        events = await count_events(connection)
        claims, repeated = await count_claims(connection)
        deliveries = await count_deliveries(connection)
        due, oldest_due = await overdue(connection, clock())
    return {
        "lag": {"decide": lag.messages, "send": due},
        "oldest": {"decide": lag.oldest, "send": oldest_due},
        "claims": {"known": claims, **events, "repeated": repeated},
        "deliveries": deliveries,
        "dead_letters": {"alerts": (await bus.lag(REDRIVE_GROUP, DEAD_LETTERS)).messages},
    }
