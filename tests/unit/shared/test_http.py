"""Problems, the key, and what operators' probes see."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from prometheus_client import Gauge
from pydantic import BaseModel, Field

from shared.http.auth import RequireKey, fingerprint, read_fingerprint, write_fingerprint
from shared.http.health import health_router
from shared.http.problems import Problem, describe_problems
from shared.http.status_page import render_status
from shared.ops.metrics import Metrics
from shared.ops.unavailable import Unavailable

KEY = "a-key-of-twenty-four-letters"


class Order(BaseModel):
    number: int = Field(ge=1)


def build(check: Any = None) -> httpx.AsyncClient:
    app = FastAPI()
    describe_problems(app)
    metrics = Metrics()
    gauge = Gauge("cups", "cups on the table", registry=metrics.registry)

    async def database() -> None:
        if check:
            raise check

    async def status() -> dict[str, Any]:
        if isinstance(check, Unavailable):
            raise check
        gauge.set(3)
        return {
            "feeds": [{"url": "<b>", "state": "failing", "last_fetched": None, "next_due": None, "error": "no answer"}],
            "lag": {},
            "oldest_unprocessed_seconds": None,
        }

    app.include_router(health_router({"database": database}, status, metrics, render_status))
    router = APIRouter(dependencies=[Depends(RequireKey(frozenset([fingerprint(KEY)])))])

    @router.post("/orders")
    async def order(order: Order) -> int:
        if order.number == 13:
            raise Problem(409, "Sold out", "There is no number 13.")
        if order.number == 99:
            raise RuntimeError("secret detail")
        return order.number

    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://vedette")


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), {"Authorization": f"Basic {KEY}"}, bearer("")])
async def test_without_the_key_there_is_a_problem_that_says_how(headers: dict[str, str]) -> None:
    async with build() as client:
        response = await client.post("/orders", json={"number": 1}, headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert "VEDETTE_ADMIN_KEY" in response.json()["detail"]


@pytest.mark.parametrize(
    ("number", "status", "detail"),
    [(0, 422, "number: "), (13, 409, "There is no number 13."), (99, 500, "Vedette failed; its log says why.")],
)
async def test_every_error_is_a_problem_document(number: int, status: int, detail: str) -> None:
    async with build() as client:
        response = await client.post("/orders", json={"number": number}, headers=bearer(KEY))
    assert (response.status_code, response.json()["status"]) == (status, status)
    assert response.json()["detail"].startswith(detail)


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "detail"),
    [
        (b'{"number": 7}', {}, 415, "Send the body as JSON, with `Content-Type: application/json`."),
        (b'{"number": 7}', {"Content-Type": "text/plain"}, 415, "Send the body as JSON"),
        (b'{"number": 7', JSON, 422, "the body is no JSON: Expecting ',' delimiter (character 12)"),
        (b"", JSON, 422, "body: Field required"),
        (b"[]", JSON, 422, "body: Input should be a valid dictionary"),
        (b"{}", JSON, 422, "number: Field required"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told_how(
    body: bytes, headers: dict[str, str], status: int, detail: str
) -> None:
    async with build() as client:
        response = await client.post("/orders", content=body, headers=bearer(KEY) | headers)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["detail"].startswith(detail)


async def test_a_path_that_is_none_is_named() -> None:
    async with build() as client:
        response = await client.get("/api/v1/claims", headers=bearer(KEY))
    assert (response.status_code, response.json()["detail"]) == (404, "There is nothing at /api/v1/claims here.")


async def test_the_key_opens() -> None:
    async with build() as client:
        assert (await client.post("/orders", json={"number": 7}, headers=bearer(KEY))).json() == 7


def test_only_the_fingerprint_of_a_key_is_kept(tmp_path: Any) -> None:
    file = tmp_path / "key"
    assert read_fingerprint(file) is None
    write_fingerprint(file, KEY)
    assert read_fingerprint(file) == fingerprint(KEY)
    assert KEY not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


async def test_ready_only_if_every_check_passes() -> None:
    async with build() as client:
        assert (await client.get("/readyz")).status_code == 200
    async with build(ConnectionError("the database is away")) as client:
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"] == {"database": {"status": "fail", "output": "the database is away"}}
        assert (await client.get("/livez")).status_code == 200, "alive all the same"


async def test_metrics_are_brought_up_to_date_when_read() -> None:
    async with build() as client:
        text = (await client.get("/metrics")).text
    assert "cups 3.0" in text
    assert 'vedette_check_passed{check="database"} 1.0' in text


async def test_with_a_neighbour_away_metrics_go_on_and_status_says_so() -> None:
    async with build(Unavailable("Kafka does not answer")) as client:
        text = (await client.get("/metrics")).text
        assert "cups 0.0" in text
        assert 'vedette_check_passed{check="database"} 0.0' in text
        answer = await client.get("/status")
        assert (answer.status_code, answer.json()["detail"]) == (503, "Kafka does not answer")


async def test_status_is_json_for_programs_and_a_page_for_browsers() -> None:
    async with build() as client:
        assert (await client.get("/status", headers={"Accept": "application/json"})).json()["lag"] == {}
        page = await client.get("/status", headers={"Accept": "text/html,*/*"})
    assert "1 feed fails" in page.text
    assert "&lt;b&gt;" in page.text, "foreign text is escaped"
    assert "script" not in page.headers["content-security-policy"]


FAILED = {"deliveries": {"failed": 1}}
WORSE = {"deliveries": {"failed": 2}, "dead_letters": {"alerts": 1}}


@pytest.mark.parametrize(
    ("document", "verdict"),
    [
        ({}, "Working. Nothing is overdue."),
        ({"oldest_unprocessed_seconds": 12.4}, "Working. The oldest unprocessed work is 12 s old."),
        ({"oldest_unprocessed_seconds": 300.0}, "Behind. The oldest unprocessed work is 5 min old."),
        ({"oldest_unprocessed_seconds": 180_000.0}, "Behind. The oldest unprocessed work is 2 d old."),
        (FAILED, "Working, but 1 delivery failed. Nothing is overdue."),
        (
            WORSE | {"oldest_unprocessed_seconds": 9_000.0},
            "Behind, and 1 message could not be processed, 2 deliveries failed. "
            "The oldest unprocessed work is 2 h old.",
        ),
    ],
)
def test_the_status_page_opens_with_what_is_wrong(document: dict[str, Any], verdict: str) -> None:
    assert f"<h1>{verdict}</h1>" in render_status(document)


def test_the_page_of_events_is_linked_where_it_is_served() -> None:
    assert '<a href="/">' in render_status({"claims": {"known": 0}})
    assert '<a href="/">' not in render_status({"feeds": []})
