"""Events, subscriptions and sendings for channel tests."""

from dataclasses import replace

from services.alerts.decide.replay import Ledger
from services.alerts.match_subscriptions import Filter
from services.alerts.messages.webhook_body import event_body
from services.alerts.repository.deliveries import LeasedDelivery, Sending
from services.alerts.repository.events import Event
from services.alerts.repository.subscriptions import Subscription, SubscriptionState
from tests.unit.alerts.told import START, article, claim

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I="

SUBSCRIPTION = Subscription(
    subscription_id="subscription-1",
    channel="webhook",
    target="https://desk.example/hook",
    mail_language="en",
    secret=SECRET,
    filter=Filter(),
    state=SubscriptionState.ACTIVE,
    reason=None,
    last_sequence=0,
    created_at=START,
)


def by_mail(language="en", target="desk@paper.example"):
    return replace(SUBSCRIPTION, channel="email", target=target, mail_language=language, secret=None)


def events_of(*claims):
    """The events of one article with these claims, "Füße" in its evidence."""
    told = article("a", *claims)
    statements = tuple(one.model_copy(update={"text": f"Füße: {one.text}"}) for one in told.statements)
    decisions = Ledger().decide(told.model_copy(update={"statements": statements}))
    return [
        Event(number, one.event_id, one.kind.value, one.claim_id, "a", False, START, event_body(one, START))
        for number, one in enumerate(decisions, 1)
    ]


def sending_of(events, matched="destination=RUS"):
    leased = tuple(LeasedDelivery(16 + event.position, event.position, matched) for event in events)
    return Sending("sending-1", SUBSCRIPTION.subscription_id, 0, START, leased)


ONE = (claim("KOR", (3000, None), place="Kursk oblast"),)
TWO = (claim("KOR", 3000), claim("RUS", certainty="denied"))
