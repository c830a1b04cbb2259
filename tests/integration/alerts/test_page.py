"""The page of the latest events, which shows texts and links of strangers to everybody."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from services.alerts.web.latest_events import page_router
from shared.database.unit_of_work import Database
from tests.fakes.statements import NOON, article, claim


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(page_router(database))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vedette") as http:
        yield http


async def happen(database: Database, url: str, title: str | None) -> None:
    told = article("a", claim(count=100))
    told = told.model_copy(update={"article": told.article.model_copy(update={"url": url, "title": title})})
    await RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None).record("m", told, NOON)


async def test_no_script_can_run_and_no_address_is_told(browser: httpx.AsyncClient) -> None:
    headers = (await browser.get("/")).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert not any(name.startswith("script-src") for name in policy)
    for name in ("base-uri", "form-action", "frame-ancestors"):
        assert policy[name] == "'none'"
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_a_good_link_may_be_followed(browser: httpx.AsyncClient, database: Database) -> None:
    await happen(database, "https://courier.example/a?b=1&c=2", "Title")
    page = (await browser.get("/")).text
    assert '<a href="https://courier.example/a?b=1&amp;c=2" rel="noreferrer">Title</a>' in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<b>", "//elsewhere.example/", "https://"])
async def test_a_link_that_is_none_is_text(browser: httpx.AsyncClient, database: Database, url: str) -> None:
    await happen(database, url, '<img src="x" onerror="alert(1)">')
    page = (await browser.get("/")).text
    assert "&lt;img src=" in page
    assert "<img" not in page
    assert url not in page


async def test_no_text_turns_the_direction_of_what_stands_beside_it(
    browser: httpx.AsyncClient, database: Database
) -> None:
    await happen(database, "https://courier.example/", "A title \u202ethat turns\u2066 round")
    page = (await browser.get("/")).text
    assert ">A title that turns round</a>" in page


@pytest.mark.parametrize("title", [None, "", "\u202e"])
async def test_an_article_without_a_title_goes_by_its_link(
    browser: httpx.AsyncClient, database: Database, title: str | None
) -> None:
    await happen(database, "https://courier.example/a", title)
    assert ">https://courier.example/a</a>" in (await browser.get("/")).text


async def test_the_kind_is_a_word_of_its_own_in_the_heading(browser: httpx.AsyncClient, database: Database) -> None:
    await happen(database, "https://courier.example/a", "Title")
    assert '<span class="kind">new</span> Kenya' in (await browser.get("/")).text
