"""The application as it is served: what strangers get without the key, and what is wired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from services.fetcher.settings import FetcherSettings
from services.fetcher.tables import feeds
from services.one_process.application import Application, ServiceSettings, open_application
from shared.database.unit_of_work import Database, open_database
from shared.events.statements import Certainty, Interval
from shared.http.gate import LONGEST_BODY
from shared.ops.settings import CommonSettings
from tests.fakes.json_schema import Described
from tests.fakes.statements import NOON, article, claim

KEY = "a-key-of-twenty-four-letters"
HELD = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def settings(tmp_path: Path) -> CommonSettings:
    return CommonSettings(data_dir=tmp_path / "data", admin_key=SecretStr(KEY))


@pytest.fixture
async def application(settings: CommonSettings) -> AsyncIterator[Application]:
    async with open_application(settings, ServiceSettings(fetcher=FetcherSettings(starter_feeds=False))) as opened:
        yield opened


@pytest.fixture
async def database(settings: CommonSettings) -> AsyncIterator[Database]:
    opened = open_database(settings.database)
    yield opened
    await opened.close()


@asynccontextmanager
async def speaking_to(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://vedette") as http:
        yield http


async def unread() -> AsyncIterator[bytes]:
    raise AssertionError("the body was read")
    yield b""


async def test_no_api_reads_a_body_before_it_has_seen_the_key(application: Application) -> None:
    async with speaking_to(application) as http:
        described = (await http.get("/openapi.json")).json()["paths"]
        keyed = {(path, method) for path, methods in described.items() for method in methods if "/api/" in path}
        assert {"/api/v1/feeds", "/api/v1/subscriptions", "/api/v1/events"} <= {path for path, _ in keyed}
        for path, method in keyed:
            assert described[path][method]["security"] == [{"key": []}]
            answer = await http.request(method.upper(), path, content=unread())
            assert (path, answer.status_code) == (path, 401)


async def test_no_api_takes_a_query_parameter_that_it_does_not_know(application: Application) -> None:
    async with speaking_to(application) as http:
        described = (await http.get("/openapi.json")).json()["paths"]
        for path, methods in described.items():
            for method, operation in methods.items():
                if "/api/" not in path:
                    continue
                answer = await http.request(method.upper(), path, params={"actr": "PRK"}, headers=HELD)
                assert (path, answer.status_code) == (path, 422)
                assert answer.json()["detail"].startswith("actr: there is no such query parameter")
                known = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
                assert all(name in answer.json()["detail"] for name in known)


async def test_what_is_described_is_what_is_answered(application: Application) -> None:
    async with speaking_to(application) as http:
        described = (await http.get("/openapi.json")).json()["paths"]
        for path in ("/livez", "/readyz", "/metrics", "/status", "/api/v1/feeds/export", "/api/v1/events"):
            answers = described[path]["get"]["responses"]
            for accept in ("*/*", "text/html"):
                answer = await http.get(path, headers=HELD | {"Accept": accept})
                assert answer.headers["content-type"].split(";")[0] in {
                    kind.split(";")[0] for kind in answers["200"]["content"]
                }
        refused = await http.get("/api/v1/events", params={"after": -1}, headers=HELD)
        errors = described["/api/v1/events"]["get"]["responses"]["default"]["content"]
        assert set(errors[refused.headers["content-type"]]["schema"]["properties"]) == set(refused.json())


async def test_answers_are_as_described(application: Application) -> None:
    target = {"channel": "webhook", "target": "https://receiver.example/hook"}
    outline = b'<opml><body><outline xmlUrl="https://feed.example/rss"/></body></opml>'
    async with speaking_to(application) as http:
        http.headers.update(HELD)
        described = (await http.get("/openapi.json")).json()
        schema = Described(described["components"]["schemas"])

        async def valid(method: str, path: str, template: str | None = None, **arguments: Any) -> Any:
            answer = await http.request(method, f"/api/v1{path}", **arguments)
            operation = described["paths"][f"/api/v1{template or path}"][method.lower()]
            content = operation["responses"][str(answer.status_code)]["content"]["application/json"]
            schema.validate(answer.json(), content["schema"], path)
            return answer.json()

        await valid("POST", "/feeds", json={"urls": ["https://feed.example/rss", "ftp://feed.example"]})
        await valid("POST", "/feeds/import", content=outline)
        assert (await valid("GET", "/feeds"))["items"]
        made = (await valid("POST", "/subscriptions", json=target))["id"]
        await tell(application.database)
        assert (await valid("GET", "/subscriptions"))["items"]
        await valid("GET", f"/subscriptions/{made}", "/subscriptions/{subscription_id}")
        events = (await valid("GET", "/events"))["items"]
        assert {event["data"]["kind"] for event in events} == {"new", "revised", "denied"}
        matched = await valid("GET", f"/subscriptions/{made}/events", "/subscriptions/{subscription_id}/events")
        assert len(matched["items"]) == len(events)
        assert len((await valid("GET", "/deliveries"))["items"]) == len(events)
        await valid("GET", f"/subscriptions/{made}/deliveries", "/subscriptions/{subscription_id}/deliveries")
        (listed,) = (await valid("GET", "/claims"))["items"]
        assert (await valid("GET", f"/claims/{listed['claim_id']}", "/claims/{claim_id}"))["reports"]


async def tell(database: Database) -> None:
    """A first report, an edit of it and a denial."""
    recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
    denial = claim(count=300, certainty=Certainty.DENIED, source=None)
    for name, told in {
        "first": article("a", claim(count=100, when=Interval(to=NOON.date()))),
        "edit": article("a", claim(count=300, place="Palma", place_key="MOZ:palma"), revision=2),
        "denial": article("b", denial, published=None),
    }.items():
        await recorder.record(name, told, NOON)


async def test_bodies_are_capped_where_they_are_read(application: Application) -> None:
    async with speaking_to(application) as http:
        for path in ("/api/v1/feeds", "/api/v1/subscriptions"):
            answer = await http.post(path, content=b" " * (LONGEST_BODY + 1), headers=HELD)
            assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        outlines = b'<outline xmlUrl="https://feed.example/rss"/>' + b" " * 2 * LONGEST_BODY
        opml = b"<opml><body>" + outlines + b"</body></opml>"
        assert len((await http.post("/api/v1/feeds/import", content=opml, headers=HELD)).json()["added"]) == 1
        assert (await http.post("/api/v1/feeds/import", content=b" " * 5_000_001, headers=HELD)).status_code == 413


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/metrics", "/status", "/alerts/livez"])
async def test_probes_may_ask_by_head(application: Application, path: str) -> None:
    async with speaking_to(application) as http:
        head, got = await http.head(path), await http.get(path)
    assert (head.status_code, head.headers["content-type"]) == (got.status_code, got.headers["content-type"])


async def test_status_tells_no_key_of_a_paid_feed(application: Application, database: Database) -> None:
    url = "https://paid.invalid/rss?token=SECRET123"
    async with speaking_to(application) as http:
        await http.post("/api/v1/feeds", json={"urls": [url]}, headers=HELD)
        async with database.unit_of_work() as connection:
            sentence = f"{url}&page=1 answered 403 Forbidden; 'https://me:SECRET@paid.invalid/' too."
            await connection.execute(feeds.update().values(error=sentence))
        document = (await http.get("/status")).json()
        page = (await http.get("/status", headers={"Accept": "text/html"})).text
        (kept,) = (await http.get("/api/v1/feeds", headers=HELD)).json()["items"]
    (shown,) = document["feeds"]
    assert shown["url"] == "https://paid.invalid/rss?…"
    assert shown["error"] == "https://paid.invalid/rss?… answered 403 Forbidden; 'https://paid.invalid/' too."
    assert "SECRET" not in page
    assert kept["url"] == url
