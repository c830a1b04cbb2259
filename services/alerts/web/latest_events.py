"""`/`: the latest events with their evidence, as one plain page."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, PackageLoader

from services.alerts.repository.events import Event, latest_events
from shared.database.unit_of_work import Database
from shared.http.pages import PAGE_HEADERS, page_environment

SHOWN = 50


def page_router(database: Database) -> APIRouter:
    """The page needs no key: it shows what was published anyway."""
    router = APIRouter(include_in_schema=False)
    own, common = PackageLoader("services.alerts.web", "templates"), PackageLoader("shared.http", "templates")
    loader = ChoiceLoader([own, common])
    template = page_environment(loader).get_template("latest_events.html")

    @router.get("/")
    async def latest() -> HTMLResponse:
        async with database.reading() as connection:
            events = await latest_events(connection, SHOWN)
        return HTMLResponse(template.render(events=[_shown(event) for event in events]), headers=PAGE_HEADERS)

    return router


def _shown(event: Event) -> dict[str, Any]:
    data = event.body["data"]
    return {
        **data,
        "decided": event.decided_at.strftime("%Y-%m-%d %H:%M UTC"),
        "late": event.late,
        "headline": headline(data["claim"]),
        "link": link(data["article"]["url"]),
    }


def headline(claim: dict[str, Any]) -> str:
    """The claim in one line: who, how many, where, at which stage."""
    where = claim["place"] or claim["destination"] or "an unnamed place"
    if claim["place"] and claim["destination"]:
        where = f"{claim['place']} ({claim['destination']})"
    people = count_in_words(claim["count_min"], claim["count_max"])
    return f"{claim['actor'] or 'unnamed'} → {where}: {people}{claim['stage']}, {claim['certainty']}"


def count_in_words(low: int | None, high: int | None) -> str:
    """`10,000, `, `at least 3,000, `, `up to 500, `, `1,000 to 2,000, ` or nothing."""
    if low is None and high is None:
        return ""
    if low == high:
        return f"{low:,}, "
    if high is None:
        return f"at least {low:,}, "
    return f"up to {high:,}, " if low is None else f"{low:,} to {high:,}, "


def link(url: str | None) -> str | None:
    """Only web addresses become links: an entry may carry `javascript:`."""
    return url if url and url.startswith(("http://", "https://")) else None
