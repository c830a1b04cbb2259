"""The demo beside a Vedette that is slow: no step may overtake the one before it."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI, Request

from services.cli.api_client import ApiClient
from services.cli.demo_story import tell_elsewhere as module
from services.cli.demo_story.news_server import Newsroom
from services.cli.demo_story.story import load_story
from services.cli.demo_story.tell_elsewhere import tell_elsewhere
from services.cli.failures import CommandFailed

STEPS = [step for step in load_story() if step.letter in "ac"]


class SlowVedette:
    """Takes feeds and one subscription; tells of an article only when `tell` is called."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.events: list[dict[str, object]] = []
        self.asked = asyncio.Event()

        @self.app.get("/api/v1/feeds")
        @self.app.get("/api/v1/subscriptions")
        def nothing() -> dict[str, object]:
            return {"items": [], "next": None}

        @self.app.post("/api/v1/feeds")
        async def add(request: Request) -> dict[str, object]:
            return {"added": (await request.json())["urls"], "refused": []}

        @self.app.post("/api/v1/subscriptions")
        def subscribe() -> dict[str, object]:
            return {"id": "desk"}

        @self.app.get("/api/v1/subscriptions/desk/events")
        def listed() -> dict[str, object]:
            self.asked.set()
            return {"items": self.events, "next": None}

    def tell(self, kind: str, url: str) -> None:
        self.events.append({"data": {"kind": kind, "article": {"url": url}}})

    async def looked_again(self) -> None:
        for _ in range(2):
            self.asked.clear()
            await asyncio.wait_for(self.asked.wait(), 5)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://vedette")


@pytest.fixture
def newsroom():
    return Newsroom("http://news", datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 0.01)


async def test_the_next_step_is_published_when_the_alert_of_the_one_before_is_there(newsroom):
    vedette, said = SlowVedette(), []
    async with vedette.client() as http:
        api = ApiClient(http)
        telling = asyncio.create_task(tell_elsewhere(STEPS, newsroom, api, api, said.append))
        await vedette.looked_again()
        assert [line[:3] for line in said] == ["(a)"]
        vedette.tell("new", "http://news/courier/of-somebody-else")
        vedette.tell("revised", "http://news/morgenblatt/kuba-nicaragua")
        await vedette.looked_again()
        assert [line[:3] for line in said] == ["(a)"]
        vedette.tell("new", "http://news/morgenblatt/kuba-nicaragua")
        await vedette.looked_again()
        assert [line[:3] for line in said] == ["(a)", "(c)"]
        vedette.tell("new", "http://news/courier/colombia-estimate")
        await asyncio.wait_for(telling, 5)
    assert said[-1].startswith("The story is told")


async def test_an_alert_that_never_comes_ends_the_story_with_a_sentence(newsroom, monkeypatch):
    monkeypatch.setattr(module, "TOLD_WITHIN_SECONDS", 0.1)
    async with SlowVedette().client() as http:
        api = ApiClient(http)
        with pytest.raises(CommandFailed, match="step a raised no alert within"):
            await tell_elsewhere(STEPS, newsroom, api, api, lambda _line: None)
