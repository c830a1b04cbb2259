"""The alert service's API over HTTP: shapes, pages, and what is said to those who err."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.alerts.api import alerts_router
from services.alerts.channels.webhook import WebhookChannel
from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from shared.database.unit_of_work import Database
from shared.events.statements import Claim
from shared.http.auth import RequireKey, fingerprint
from shared.http.cursors import write_cursor
from shared.http.problems import describe_problems
from shared.http.safe_client import SafeClient
from shared.ops.clock import Clock
from tests.fakes.clock import FakeClock
from tests.fakes.statements import NOON, article, claim

KEY = "a-key-of-twenty-four-letters"

ACTORS = {"a": "FRA", "b": "PRK", "c": "WAGNER"}


@pytest.fixture
async def api(database: Database, clock: FakeClock) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    describe_problems(app)
    client = SafeClient("test")
    webhook = WebhookChannel(client, clock)
    authorise = RequireKey(frozenset([fingerprint(KEY)]))
    app.include_router(alerts_router(database, {"webhook": webhook.check_target}, clock, authorise))
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://v/api/v1", headers=headers
    ) as http:
        yield http
    await client.aclose()


async def happen(database: Database, clock: Clock, *names: str) -> None:
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    for name in names:
        await recorder.record(name, article(name, claim(ACTORS[name], count=100)), clock())


async def subscribe(api: httpx.AsyncClient, **slots: Any) -> Any:
    document = {"channel": "webhook", "target": "https://receiver.example/hook", "filter": slots}
    return (await api.post("/subscriptions", json=document)).json()


async def test_events_come_in_commit_order_page_by_page(api: httpx.AsyncClient, database: Database) -> None:
    await happen(database, lambda: NOON, "a", "b", "c")
    first = (await api.get("/events", params={"after": 0, "limit": 2})).json()
    assert [item["position"] for item in first["items"]] == [1, 2]
    second = (await api.get("/events", params={"after": first["next"]})).json()
    assert [item["position"] for item in second["items"]] == [3]
    assert (await api.get("/events", params={"after": second["next"]})).json() == {"items": [], "next": 3}
    item = second["items"][0]
    assert set(item) == {"id", "position", "type", "timestamp", "data"}
    assert "subscription" not in item["data"]


async def test_a_subscriber_can_prove_that_it_missed_nothing(api: httpx.AsyncClient, database: Database) -> None:
    made = await subscribe(api, actor="XA,XB")
    assert "detail" in made, "an unknown actor is refused"
    made = await subscribe(api)
    await happen(database, lambda: NOON, "a", "b")
    page = (await api.get(f"/subscriptions/{made['id']}/events", params={"after": 1})).json()
    assert [item["data"]["subscription"] for item in page["items"]] == [
        {"id": made["id"], "sequence": 2, "matched": "all"}
    ]
    assert page["next"] == 2
    path = f"/subscriptions/{made['id']}/events"
    assert (await api.get(path, params={"after": 2})).json() == {"items": [], "next": 2}


async def test_blanks_around_a_target_are_no_part_of_it(api: httpx.AsyncClient) -> None:
    document = {"channel": "webhook", "target": " https://receiver.example/hook\n"}
    assert (await api.post("/subscriptions", json=document)).json()["target"] == "https://receiver.example/hook"


async def test_the_secret_is_shown_once(api: httpx.AsyncClient) -> None:
    made = await subscribe(api)
    assert made["secret"].startswith("whsec_")
    listed = (await api.get("/subscriptions")).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert "secret" not in listed[0]


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        ({"channel": "webhook", "target": "http://10.0.0.8/hook"}, 422, "VEDETTE_ALLOW_NETWORKS"),
        ({"channel": "webhook", "target": "ftp://receiver.example"}, 422, "https://"),
        ({"channel": "email", "target": "desk@example.org"}, 422, "VEDETTE_SMTP_URL"),
        ({"channel": "pigeon", "target": "roof"}, 422, "channel"),
        ({"channel": "webhook", "target": "https://a.example", "filter": {"actor": ["Atlantis"]}}, 422, "Atlantis"),
        ({"channel": "webhook", "target": "https://a.example", "filter": {"stage": ["landed"]}}, 422, "stage"),
        ({"channel": "webhook", "target": "https://a.example", "filter": {"min_count": -1}}, 422, "min_count"),
        (
            {"channel": "webhook", "target": "https://a.example", "filter": {"colour": "red"}},
            422,
            "filter.colour: there is no such field",
        ),
    ],
)
async def test_a_bad_subscription_is_told_what_is_wrong(
    api: httpx.AsyncClient, document: dict[str, Any], status: int, words: str
) -> None:
    response = await api.post("/subscriptions", json=document)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert words in response.json()["detail"]
    assert (await api.get("/subscriptions")).json()["items"] == []


async def test_pause_resume_and_remove(api: httpx.AsyncClient, database: Database) -> None:
    made = await subscribe(api)
    path = f"/subscriptions/{made['id']}"
    assert (await api.patch(path, json={"state": "paused"})).json()["state"] == "paused"
    await happen(database, lambda: NOON, "a")
    assert (await api.get(f"{path}/events")).json()["items"] == []
    assert (await api.patch(path, json={"state": "active"})).json()["state"] == "active"
    assert (await api.delete(path)).status_code == 204
    for answer in (await api.get(path), await api.delete(path), await api.patch(path, json={"state": "paused"})):
        assert answer.status_code == 404
        assert made["id"] in answer.json()["detail"]


async def test_claims_with_their_reports(api: httpx.AsyncClient, database: Database, clock: FakeClock) -> None:
    await happen(database, clock, "a", "b", "c")
    page = (await api.get("/claims", params={"limit": 2})).json()
    rest = (await api.get("/claims", params={"limit": 2, "after": page["next"]})).json()
    assert len({item["claim_id"] for item in page["items"] + rest["items"]}) == 3
    assert rest["next"] is None
    for code in ("PRK", "prk"):
        (found,) = (await api.get("/claims", params={"actor": code})).json()["items"]
        assert found["claim"]["actor"] == "PRK"
    for slot in ("actor", "destination"):
        refused = await api.get("/claims", params={slot: "Russland"})
        assert (refused.status_code, "write RUS" in refused.json()["detail"]) == (422, True)
    claim_id = page["items"][0]["claim_id"]
    found = (await api.get(f"/claims/{claim_id}")).json()
    (report,) = found["reports"]
    assert report["kind"] == "new"
    assert not report["superseded"]
    assert report["evidence"]["text"].startswith("Sentence 0")
    assert (await api.get("/claims/unknown")).status_code == 404
    for cursor in ("%%%", write_cursor(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23))), "x")):
        assert (await api.get("/claims", params={"after": cursor})).status_code == 400


async def test_what_an_edit_says_stands_below_what_it_replaces(
    api: httpx.AsyncClient, database: Database, clock: FakeClock
) -> None:
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    for revision in range(1, 6):
        told = article("a", claim("FRA", count=100 * 2**revision), revision=revision)
        await recorder.record(f"a{revision}", told, clock())
    (found,) = (await api.get("/claims")).json()["items"]
    reports = (await api.get(f"/claims/{found['claim_id']}")).json()["reports"]
    assert [report["claim"]["count_max"] for report in reports] == [200, 400, 800, 1600, 3200]
    assert [report["superseded"] for report in reports] == [True, True, True, True, False]


async def head(api: httpx.AsyncClient) -> tuple[int | None, bool]:
    """The figure of the one claim and whether it stands; the list and the claim itself say the same."""
    (listed,) = (await api.get("/claims")).json()["items"]
    one = (await api.get(f"/claims/{listed['claim_id']}")).json()
    assert {slot: one[slot] for slot in listed} == listed
    return listed["claim"]["count_max"], listed["stands"]


async def test_a_claim_shows_the_figure_that_stands(
    api: httpx.AsyncClient, database: Database, clock: FakeClock
) -> None:
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)

    async def tell(name: str, revision: int, *claims: Claim) -> tuple[int | None, bool]:
        await recorder.record(f"{name}{revision}", article(name, *claims, revision=revision), clock())
        return await head(api)

    assert await tell("a", 1, claim("FRA", count=3000)) == (3000, True)
    assert await tell("b", 1, claim("FRA", count=3100)) == (3000, True)
    assert await tell("a", 2, claim("FRA", count=5000)) == (5000, True)
    assert await tell("c", 1, claim("FRA", certainty="denied")) == (5000, True)
    assert await tell("a", 3, claim("FRA", count=3000)) == (3000, True)
    assert await tell("a", 4) == (3100, True)
    assert await tell("b", 2) == (3000, False)


async def test_a_denial_of_what_nobody_asserts_stands_until_it_is_taken_back(
    api: httpx.AsyncClient, database: Database, clock: FakeClock
) -> None:
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    await recorder.record("a1", article("a", claim("FRA", certainty="denied")), clock())
    assert await head(api) == (None, True)
    await recorder.record("a2", article("a", revision=2), clock())
    assert await head(api) == (None, False)


async def test_deliveries_are_listed_and_sent_again(api: httpx.AsyncClient, database: Database) -> None:
    made = await subscribe(api)
    await happen(database, lambda: NOON, "a", "b")
    listed = (await api.get("/deliveries", params={"limit": 1})).json()
    more = (await api.get("/deliveries", params={"limit": 5, "after": listed["next"]})).json()
    assert {item["sequence"] for item in listed["items"] + more["items"]} == {1, 2}
    assert {item["state"] for item in listed["items"] + more["items"]} == {"pending"}
    own = (await api.get(f"/subscriptions/{made['id']}/deliveries")).json()
    assert len(own["items"]) == 2
    assert (await api.post(f"/deliveries/{own['items'][0]['id']}/retry")).status_code == 202
    assert (await api.post("/deliveries/unknown/retry")).status_code == 404
    assert (await api.get("/deliveries", params={"state": "lost"})).status_code == 422


async def test_all_deliveries_in_a_state_are_sent_again(api: httpx.AsyncClient, database: Database) -> None:
    one, other = await subscribe(api), await subscribe(api)
    await happen(database, lambda: NOON, "a", "b")
    async with database.unit_of_work() as connection:
        await connection.execute(text("UPDATE alerts_deliveries SET state = 'failed', attempts = 8"))
        await connection.execute(text("UPDATE alerts_deliveries SET state = 'delivered' WHERE sequence = 1"))

    async def retry(**query: str) -> httpx.Response:
        return await api.post("/deliveries/retry", params=query)

    assert (await retry(state="failed", subscription=one["id"])).json() == {"count": 1}
    assert (await retry(state="failed")).json() == {"count": 1}
    assert (await retry(state="failed", subscription=other["id"])).json() == {"count": 0}
    listed = (await api.get("/deliveries")).json()["items"]
    assert sorted((item["sequence"], item["state"]) for item in listed) == [(1, "delivered")] * 2 + [(2, "pending")] * 2
    assert (await retry(state="failed", subscription="unknown")).status_code == 404
    for refused in ({"state": "delivered"}, {}):
        assert (await retry(**refused)).status_code == 422
