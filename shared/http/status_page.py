"""The status document as a readable page."""

from typing import Any

from jinja2 import PackageLoader

from shared.http.pages import page_environment

BEHIND_SECONDS = 300.0
"""As in the alert rule VedetteBehind."""


def render_status(document: dict[str, Any]) -> str:
    """HTML of the document that `/status` gives as JSON; only the sections it has are shown."""
    page = page_environment(PackageLoader("shared.http", "templates"))
    page.filters["moment"] = _moment
    return page.get_template("status.html").render(status=document, verdict=_verdict(document))


def _verdict(document: dict[str, Any]) -> str:
    """One or two sentences: does it work, and what is wrong if not."""
    failing = sum(feed["state"] in ("failing", "gone") for feed in document.get("feeds", ()))
    dead = sum(document.get("dead_letters", {}).values())
    failed = document.get("deliveries", {}).get("failed", 0)
    worries = [
        f"{count} {one if count == 1 else several}"
        for count, one, several in (
            (failing, "feed fails", "feeds fail"),
            (dead, "message could not be processed", "messages could not be processed"),
            (failed, "delivery failed", "deliveries failed"),
        )
        if count
    ]
    oldest = document.get("oldest_unprocessed_seconds")
    behind = oldest is not None and oldest >= BEHIND_SECONDS
    opening = ("Behind, and " if behind else "Working, but ") + ", ".join(worries) if worries else None
    pending = "Nothing is overdue." if oldest is None else f"The oldest unprocessed work is {_span(oldest)} old."
    return f"{opening or ('Behind' if behind else 'Working')}. {pending}"


def _span(seconds: float) -> str:
    """`12 s`, `5 min`, `3 h`, `2 d`: the largest unit of which there are two, rounded down."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds / length)} {unit}"
    return f"{seconds:.0f} s"


def _moment(iso: str | None) -> str:
    """`2026-11-25 09:46:50 UTC`; nothing for no moment."""
    return f"{iso[:19].replace('T', ' ')} UTC" if iso else ""
