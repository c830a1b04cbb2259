"""`vedette deliveries`: what was sent to whom, and what is still to be sent."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.api_client import api_client
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, Server, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Deliveries: list them, try failed ones again.")

COLUMNS = {
    "id": "DELIVERY",
    "subscription": "SUBSCRIPTION",
    "sequence": "NO.",
    "kind": "KIND",
    "state": "STATE",
    "attempts": "TRIES",
    "due": "NEXT TRY",
    "error": "LAST ERROR",
}


@app.command(name="list")
def list_deliveries(
    state: Annotated[str | None, typer.Option(help="pending, delivered, failed or dropped")] = None,
    subscription: Annotated[str | None, typer.Option(help="only this subscription")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """All deliveries, newest first."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items("/api/v1/deliveries", state=state, subscription=subscription)

    with failures_as_exit_status():
        rows = asyncio.run(run())
        if as_json:
            print_json({"items": rows})
        else:
            print_table(rows, COLUMNS, "No deliveries.")


@app.command()
def retry(deliveries: list[str], server: Server = None) -> None:
    """Send these deliveries again now, also failed ones."""

    async def run() -> None:
        async with api_client(server) as api:
            for delivery in deliveries:
                await api.post(f"/api/v1/deliveries/{delivery}/retry")

    with failures_as_exit_status():
        asyncio.run(run())
