"""The key is asked for and the body capped before anything is read; HEAD where GET is."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel

from shared.http.auth import RequireKey, fingerprint
from shared.http.gate import LONGEST_BODY, Gate
from shared.http.problems import describe_problems

KEY = "a-key-of-twenty-four-letters"
HELD = {"Authorization": f"Bearer {KEY}"}


class Order(BaseModel):
    name: str


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    authorise = RequireKey(frozenset([fingerprint(KEY)]))
    app = FastAPI()
    describe_problems(app)
    app.add_middleware(Gate, authorise=authorise, longer={"/api/v1/raw": 2 * LONGEST_BODY})
    keyed = APIRouter(prefix="/api/v1", dependencies=[Depends(authorise)])

    @keyed.post("/orders")
    async def order(order: Order) -> int:
        return len(order.name)

    @keyed.get("/orders")
    async def orders() -> list[str]:
        return []

    @keyed.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    app.include_router(keyed)

    @app.get("/open")
    async def opened() -> str:
        return "open"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vedette") as client:
        yield client


class Body:
    """Sent in chunks, without a length; `read` counts the bytes that were taken."""

    def __init__(self, data: bytes) -> None:
        self.read = 0
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), 64_000):
            chunk = self._data[start : start + 64_000]
            self.read += len(chunk)
            yield chunk


@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/raw", "/api/v1/none"])
async def test_without_the_key_no_byte_of_a_body_is_read(api: httpx.AsyncClient, path: str) -> None:
    body = Body(b"{" * 200_000)
    answer = await api.post(path, content=body.__aiter__())
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert body.read == 0


@pytest.mark.parametrize(("path", "cap"), [("/api/v1/orders", LONGEST_BODY), ("/api/v1/raw", 2 * LONGEST_BODY)])
async def test_a_body_is_read_up_to_its_cap(api: httpx.AsyncClient, path: str, cap: int) -> None:
    around = len(b'{"name":""}')
    whole = b'{"name":"' + b"x" * (cap - around) + b'"}'
    json = {**HELD, "Content-Type": "application/json"}
    assert (await api.post(path, content=whole, headers=json)).status_code == 200
    for too_long in (whole + b" " * 1000, whole + b" " * 5_000_000):
        body = Body(too_long)
        answer = await api.post(path, content=body.__aiter__(), headers=json)
        assert (answer.status_code, answer.json()["status"]) == (413, 413)
        assert answer.headers["content-type"] == "application/problem+json"
        assert f"{cap:,} bytes" in answer.json()["detail"]
        assert body.read <= cap + 64_000


async def test_head_is_answered_where_get_is(api: httpx.AsyncClient) -> None:
    assert (await api.head("/open")).status_code == 200
    assert (await api.head("/api/v1/orders", headers=HELD)).status_code == 200
    assert (await api.head("/api/v1/orders")).status_code == 401
    assert (await api.head("/api/v1/raw", headers=HELD)).status_code == 405


async def test_405_names_every_method_that_the_path_answers(api: httpx.AsyncClient) -> None:
    answer = await api.delete("/api/v1/orders", headers=HELD)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await api.delete("/api/v1/raw", headers=HELD)).headers["allow"] == "POST"


async def test_the_description_of_the_api_names_the_key(api: httpx.AsyncClient) -> None:
    described = (await api.get("/openapi.json")).json()
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert described["paths"]["/api/v1/orders"]["post"]["security"] == [{"key": []}]
    assert "security" not in described["paths"]["/open"]["get"]
