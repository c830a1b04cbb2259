"""`/`: the latest events with their evidence, as one plain page."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, PackageLoader

from services.alerts.messages.mail import safe_link
from services.alerts.messages.mail_words import ENGLISH, Words, clean
from services.alerts.messages.why_in_words import why_in_words
from services.alerts.repository.events import Event, latest_events
from shared.database.unit_of_work import Database
from shared.events.statements import Claim
from shared.http.pages import PAGE_HEADERS, page_environment

SHOWN = 50


def page_router(database: Database) -> APIRouter:
    """The page needs no key: it shows what was published anyway."""
    router = APIRouter(include_in_schema=False)
    own, common = PackageLoader("services.alerts.web", "templates"), PackageLoader("shared.http", "templates")
    loader = ChoiceLoader([own, common])
    environment = page_environment(loader)
    environment.filters["clean"] = clean
    template = environment.get_template("latest_events.html")

    @router.get("/")
    async def latest() -> HTMLResponse:
        async with database.reading() as connection:
            events = await latest_events(connection, SHOWN)
        return HTMLResponse(template.render(events=[_shown(event) for event in events]), headers=PAGE_HEADERS)

    return router


def _shown(event: Event) -> dict[str, Any]:
    data = event.body["data"]
    words = Words(ENGLISH)
    return {
        **data,
        "why": why_in_words(data, words),
        "headline": words.headline(Claim.model_validate(data["claim"])),
        "published": words.moment(data["article"]["published"]) if data["article"]["published"] else None,
        "decided": words.moment(event.body["timestamp"]),
        "late": event.late,
        "link": safe_link(data["article"]["url"]),
    }
