"""`vedette deliveries`: what was sent to whom, and what is still to be sent."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.api_client import api_client
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, Limit, Server, print_json, print_table

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
    limit: Limit = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Deliveries, newest first."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items("/api/v1/deliveries", limit, state=state, subscription=subscription)

    with failures_as_exit_status():
        rows = asyncio.run(run())
        if as_json:
            print_json({"items": rows})
        else:
            print_table(rows, COLUMNS, "No deliveries.")


@app.command()
def retry(
    deliveries: Annotated[list[str] | None, typer.Argument(help="these; or all in a state, with --state")] = None,
    state: Annotated[str | None, typer.Option(help="all that are pending, failed or dropped")] = None,
    subscription: Annotated[str | None, typer.Option(help="with --state: only this subscription's")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Send deliveries again now, also failed ones."""
    if bool(deliveries) == bool(state) or (subscription and not state):
        raise typer.BadParameter("give either deliveries, or --state failed, which --subscription ID may narrow")

    async def run() -> int:
        async with api_client(server) as api:
            if state:
                answer = await api.post("/api/v1/deliveries/retry", state=state, subscription=subscription)
                return int(answer["count"])
            for delivery in deliveries or []:
                await api.post(f"/api/v1/deliveries/{delivery}/retry")
            return len(deliveries or [])

    with failures_as_exit_status():
        count = asyncio.run(run())
        if as_json:
            print_json({"count": count})
        else:
            print(f"{count} to be sent again now")
