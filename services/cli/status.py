"""`vedette status`: is it working?"""

import asyncio
from typing import Any

from services.cli.api_client import api_client
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, Server, print_json, print_table


def status(server: Server = None, as_json: AsJson = False) -> None:
    """Feeds, lag, claims, deliveries and dead letters at a glance."""

    async def run() -> Any:
        async with api_client(server) as api:
            return await api.get("/status")

    with failures_as_exit_status():
        document = asyncio.run(run())
        if as_json:
            print_json(document)
        else:
            _print(document)


def _print(document: dict[str, Any]) -> None:
    oldest = document["oldest_unprocessed_seconds"]
    print(f"oldest unprocessed: {'nothing' if oldest is None else f'{oldest:.0f} s'}")
    for name in ("lag", "claims", "deliveries", "dead_letters"):
        if name not in document:
            continue  # a single service tells of its own part only
        counts = ", ".join(f"{key} {value}" for key, value in document[name].items()) or "none"
        print(f"{name.replace('_', ' ')}: {counts}")
    if "feeds" not in document:
        return
    print()
    columns = {
        "url": "FEED",
        "state": "STATE",
        "last_fetched": "LAST FETCHED",
        "next_due": "NEXT DUE",
        "error": "ERROR",
    }
    print_table(document["feeds"], columns, "No feeds. Add one with: vedette feeds add URL")
