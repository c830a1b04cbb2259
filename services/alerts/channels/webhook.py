"""The webhook channel: one signed POST for each event."""

import socket
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Address
from typing import Protocol

import httpx

from services.alerts.channels.outcome import Accepted, Gone, InvalidTarget, Outcome, Retry
from services.alerts.channels.sign_webhook import signed_headers
from services.alerts.messages.webhook_body import body_bytes, webhook_body
from services.alerts.repository.deliveries import Sending
from services.alerts.repository.events import Event
from services.alerts.repository.subscriptions import Subscription
from shared.http.addresses import IPAddress, IPNetwork, can_be_host, can_be_port, is_allowed, parse_address
from shared.http.retry_after import parse_retry_after
from shared.http.safe_client import SafeClientError, SafeResponse
from shared.ops.clock import Clock

DEADLINE_SECONDS = 15.0
LONGEST_RETRY_AFTER = timedelta(days=1)
MAX_URL_LENGTH = 2_000


class Poster(Protocol):
    """The one thing the channel needs of shared.http.safe_client.SafeClient."""

    async def post(self, url: str, content: bytes, headers: dict[str, str], *, deadline: float) -> SafeResponse: ...


class WebhookChannel:
    """`allow_networks`: private networks that receivers may live in."""

    def __init__(self, client: Poster, clock: Clock, allow_networks: Sequence[IPNetwork] = ()) -> None:
        self._client = client
        self._clock = clock
        self._allow_networks = tuple(allow_networks)

    def check_target(self, target: str) -> None:
        """Raises InvalidTarget if `target` is no URL that events may be posted to.

        Names are looked up when something is sent, and vetted then, every time.
        """
        url = _parsed(target)
        if url.scheme not in ("http", "https") or not url.host:
            raise InvalidTarget(f"{target[:200]!r} is no webhook URL: write one that begins with https:// or http://.")
        if url.userinfo:
            raise InvalidTarget("A webhook URL must not carry a user name or password: its events are signed instead.")
        if url.fragment:
            raise InvalidTarget("A webhook URL must not have a fragment (#…): it is never sent.")
        if not can_be_host(url.raw_host.decode("ascii")):
            raise InvalidTarget(f"{url.host!r} cannot be the name of a host: write the one of your receiver.")
        if not can_be_port(url.port):
            raise InvalidTarget(f"{url.port} is no port a server can have: write the one your receiver listens on.")
        address = _literal_address(url.host)
        if address is not None and not is_allowed(address, self._allow_networks):
            raise InvalidTarget(
                f"{url.host} is a private or special address; if it is meant, add its network to "
                "VEDETTE_ALLOW_NETWORKS."
            )

    async def send(self, subscription: Subscription, sending: Sending, events: Sequence[Event]) -> Outcome:
        """POST the sending's one event; any 2xx is success, 410 ends the subscription, redirects are not followed."""
        (event,), (delivery,) = events, sending.deliveries
        document = webhook_body(event.body, subscription.subscription_id, delivery.sequence, delivery.matched)
        body = body_bytes(document)
        if subscription.secret is None:
            raise ValueError(f"subscription {subscription.subscription_id} has no secret to sign with")
        headers = {
            "content-type": "application/json",
            **signed_headers(subscription.secret, event.event_id, self._clock(), body),
        }
        try:
            answer = await self._client.post(subscription.target, body, headers, deadline=DEADLINE_SECONDS)
        except SafeClientError as error:
            return Retry(None, str(error))
        return self._outcome(answer)

    def _outcome(self, answer: SafeResponse) -> Outcome:
        if 200 <= answer.status < 300:
            return Accepted()
        if answer.status == httpx.codes.GONE:
            return Gone("The receiver answered 410 Gone.")
        reason = f"The receiver answered {answer.status}."
        if 300 <= answer.status < 400:
            reason = f"The receiver answered {answer.status}; redirects are not followed."
        wait = parse_retry_after(answer.headers.get("retry-after"), self._clock(), LONGEST_RETRY_AFTER)
        return Retry(wait.total_seconds() if wait is not None else None, reason)


def _parsed(target: str) -> httpx.URL:
    if len(target) > MAX_URL_LENGTH:
        raise InvalidTarget(f"A webhook URL has at most {MAX_URL_LENGTH} characters.")
    try:
        return httpx.URL(target)
    except (httpx.InvalidURL, ValueError) as error:
        raise InvalidTarget(f"{target[:200]!r} is no webhook URL: write one that begins with https://.") from error


def _literal_address(host: str) -> IPAddress | None:
    """The address a host stands for without a look-up: localhost, 127.0.0.1, but also 127.1 and 2130706433."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    address = parse_address(host)
    if address is None and name[:1].isdigit():
        try:
            return IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    return address
