"""The pages in a real browser. Needs Chromium (`apt-get install chromium`); skipped where there is none."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Page, Route, async_playwright

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from services.alerts.tables import HISTORY
from services.alerts.web.latest_events import page_router
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from shared.http.health import health_router
from shared.http.status_page import render_status
from shared.ops.metrics import Metrics
from tests.fakes.statements import NOON, article, claim

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""As root in a container, and asking nobody but the page."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

ENDLESS = "X" * 400
HOSTILE = f'<img src="https://elsewhere.example/pixel"><script>document.title = "taken over"</script>{ENDLESS}'

STATUS = {
    "lag": {"extract": 0},
    "feeds": [
        {
            "url": f"https://feed.example/{ENDLESS}",
            "state": "failing",
            "error": HOSTILE,
            "last_fetched": None,
            "next_due": None,
        }
    ],
    "claims": {"known": 1},
    "oldest_unprocessed_seconds": None,
}


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """A telephone's window; whatever it asks for is answered by the application or, elsewhere, by an error."""
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    await migrate(database, [HISTORY])
    told = article("a", claim(count=100), outlet=HOSTILE)
    told = told.model_copy(update={"article": told.article.model_copy(update={"title": HOSTILE})})
    statement = told.statements[0].model_copy(update={"text": HOSTILE})
    told = told.model_copy(update={"statements": (statement,)})
    await RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None).record("m", told, NOON)

    async def status() -> dict[str, object]:
        return STATUS

    app = FastAPI()
    app.include_router(page_router(database))
    app.include_router(health_router({}, status, Metrics(), render_status))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://vedette") as http, async_playwright() as tool:

        async def answer(route: Route) -> None:
            got = await http.get(route.request.url, headers={"Accept": "text/html"})
            await route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        window = await browser.new_page(viewport={"width": 360, "height": 640})
        await window.route("**/*", answer)
        yield window
        await browser.close()
    await database.close()


@pytest.mark.parametrize(("path", "title"), [("/", "Latest events"), ("/status", "Status")])
async def test_foreign_text_is_text_and_fits_the_window(page: Page, path: str, title: str) -> None:
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(f"http://vedette{path}")
    assert (asked, complaints) == ([f"http://vedette{path}"], [])
    assert await page.title() == f"{title} · Vedette"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.get_by_role("heading", level=1).count() == 1


async def test_an_event_is_read_as_it_is_seen_and_the_keyboard_reaches_all(page: Page) -> None:
    await page.goto("http://vedette/")
    assert await page.get_by_role("article", name="new Kenya → Mozambique: 100").count() == 1
    await page.goto("http://vedette/status")
    reached = []
    for _ in range(4):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))
    assert reached == ["Events", "Status", "API", "Feeds"]
