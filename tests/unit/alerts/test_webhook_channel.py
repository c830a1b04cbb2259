"""Signed webhooks: what is sent, and what becomes of each answer."""

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from services.alerts.channels.outcome import Accepted, Gone, InvalidTarget, Retry
from services.alerts.channels.sign_webhook import signed_headers
from services.alerts.channels.webhook import WebhookChannel
from shared.http.safe_client import AddressRefused, DeadlineExceeded, SafeResponse
from tests.unit.alerts.sendings import ONE, SECRET, SUBSCRIPTION, events_of, sending_of


class Receiver:
    """Answers every POST alike, or fails alike, and keeps what it got."""

    def __init__(self, status=204, headers=None, error=None):
        self.status, self.headers, self.error = status, headers or {}, error
        self.got = []

    async def post(self, url, content, headers, *, deadline):
        self.got.append((url, content, headers))
        if self.error is not None:
            raise self.error
        return SafeResponse(self.status, httpx.Headers(self.headers), b"", url)


def now():
    return datetime.now(UTC)


async def outcome_of(receiver, clock=now):
    events = events_of(*ONE)
    return await WebhookChannel(receiver, clock).send(SUBSCRIPTION, sending_of(events), events)


@pytest.mark.parametrize(
    ("key", "message_id", "timestamp", "body", "signature"),
    [
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            "plJ3nmyCDGBKInavdOK15jsl",
            "msg_loFOjxBNrRLzqYUf",
            1731705121,
            b'{"event_type":"ping","data":{"success":true}}',
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        ),
    ],
)
def test_the_published_vectors_come_out(key, message_id, timestamp, body, signature):
    at = datetime.fromtimestamp(timestamp, UTC)
    assert signed_headers(f"whsec_{key}", message_id, at, body) == {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature,
    }


def test_a_secret_that_is_no_base64_is_named_without_being_shown():
    with pytest.raises(ValueError, match="whsec_ and Base64") as caught:
        signed_headers("whsec_not base64!", "id", now(), b"")
    assert "not base64" not in str(caught.value)


async def test_the_official_client_accepts_what_is_sent():
    receiver = Receiver()
    assert await outcome_of(receiver) == Accepted()
    ((url, content, headers),) = receiver.got
    told = Webhook(SECRET).verify(content, headers)
    assert url == SUBSCRIPTION.target
    assert headers["content-type"] == "application/json"
    assert told == json.loads(content)
    assert told["data"]["evidence"]["text"].startswith("Füße")
    assert told["data"]["subscription"] == {"id": "subscription-1", "sequence": 17, "matched": "destination=RUS"}


async def test_a_retry_has_the_same_id_and_bytes_and_a_new_timestamp():
    receiver = Receiver(status=500)
    await outcome_of(receiver)
    await outcome_of(receiver, clock=lambda: now() + timedelta(seconds=90))
    (_, first, one), (_, second, other) = receiver.got
    assert first == second
    assert one["webhook-id"] == other["webhook-id"] == events_of(*ONE)[0].event_id
    assert int(other["webhook-timestamp"]) - int(one["webhook-timestamp"]) >= 89
    Webhook(SECRET).verify(second, other)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_success(status):
    assert await outcome_of(Receiver(status)) == Accepted()


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
async def test_anything_else_is_tried_again(status):
    outcome = await outcome_of(Receiver(status))
    assert isinstance(outcome, Retry)
    assert str(status) in outcome.reason


async def test_410_ends_the_subscription():
    assert isinstance(await outcome_of(Receiver(410)), Gone)


@pytest.mark.parametrize("error", [AddressRefused("x leads to 10.0.0.1."), DeadlineExceeded("x did not answer.")])
async def test_a_failed_exchange_is_tried_again_and_says_why(error):
    assert await outcome_of(Receiver(error=error)) == Retry(None, str(error))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Wed, 23 Oct 2024 14:10:00 GMT", 300.0),
        ("999999999999", 86400.0),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
async def test_retry_after_is_obeyed_up_to_a_day(value, seconds):
    at = datetime(2024, 10, 23, 14, 5, tzinfo=UTC)
    outcome = await outcome_of(Receiver(503, {"retry-after": value.encode()}), clock=lambda: at)
    assert outcome == Retry(seconds, "The receiver answered 503.")


@pytest.mark.parametrize(
    "url",
    [
        "https://desk.example/hook?key=1",
        "http://desk.example:8080/",
        "https://8.8.8.8/",
        "https://bücher.example/",
        "https://my_desk.example./",
    ],
)
def test_good_targets_pass(url):
    WebhookChannel(Receiver(), now).check_target(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("desk.example/hook", "begins with https://"),
        ("ftp://desk.example", "begins with https://"),
        ("https://", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("http://desk.example:port/", "is no webhook URL"),
        ("https://desk example.org/", "cannot be the name of a host"),
        ("https://desk..example/", "cannot be the name of a host"),
        ("https://" + "d" * 64 + ".example/", "cannot be the name of a host"),
        ("http://desk.example:0/", "0 is no port"),
        ("http://desk.example:70000/", "70000 is no port"),
        ("https://me:secret@desk.example/", "must not carry a user name"),
        ("https://desk.example/#part", "fragment"),
        ("https://desk.example/" + "x" * 2000, "at most 2000 characters"),
        ("http://127.0.0.1/hook", "private or special address"),
        ("http://10.1.2.3/", "private or special address"),
        ("http://169.254.169.254/", "private or special address"),
        ("http://[::1]/", "private or special address"),
        ("http://[::ffff:10.0.0.1]/", "private or special address"),
        ("http://localhost:9000/", "private or special address"),
        ("http://localhost./", "private or special address"),
        ("http://api.localhost/", "private or special address"),
        ("http://127.1/", "private or special address"),
        ("http://2130706433/", "private or special address"),
        ("http://0x7f.1/", "private or special address"),
    ],
)
def test_bad_targets_say_what_is_wrong(url, reason):
    with pytest.raises(InvalidTarget, match=reason):
        WebhookChannel(Receiver(), now).check_target(url)


def test_allowed_networks_may_be_targets():
    channel = WebhookChannel(Receiver(), now, [ip_network("127.0.0.0/8")])
    channel.check_target("http://127.0.0.1:9000/hook")
    channel.check_target("http://localhost:9000/hook")
    with pytest.raises(InvalidTarget):
        channel.check_target("http://10.0.0.1/")
