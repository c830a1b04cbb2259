"""The status document as a readable page."""

from typing import Any

from jinja2 import PackageLoader

from shared.http.pages import page_environment


def render_status(document: dict[str, Any]) -> str:
    """HTML of the document that `/status` gives as JSON; only the sections it has are shown."""
    page = page_environment(PackageLoader("shared.http", "templates"))
    page.filters["moment"] = _moment
    return page.get_template("status.html").render(status=document, verdict=_verdict(document))


def _verdict(document: dict[str, Any]) -> str:
    """One sentence: does it work, and what is wrong if not."""
    failing = sum(feed["state"] in ("failing", "gone") for feed in document.get("feeds", ()))
    dead = sum(document.get("dead_letters", {}).values())
    failed = document.get("deliveries", {}).get("failed", 0)
    worries = [
        f"{count} {what}"
        for count, what in (
            (failing, "feeds fail"),
            (dead, "messages could not be processed"),
            (failed, "deliveries failed"),
        )
        if count
    ]
    oldest = document.get("oldest_unprocessed_seconds")
    pending = "Nothing is waiting." if oldest is None else f"The oldest unprocessed work is {oldest:.0f} s old."
    return f"Working, but {', '.join(worries)}. {pending}" if worries else f"Working. {pending}"


def _moment(iso: str | None) -> str:
    """`2026-11-25 09:46:50 UTC`; nothing for no moment."""
    return f"{iso[:19].replace('T', ' ')} UTC" if iso else ""
