"""`vedette claims`: what has been claimed."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.api_client import api_client
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, Limit, Server, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Claims: list them, show one with its history.")

COLUMNS = {
    "claim_id": "CLAIM",
    "actor": "ACTOR",
    "destination": "IN",
    "place": "PLACE",
    "count": "PEOPLE",
    "stage": "STAGE",
    "certainty": "CERTAINTY",
    "source": "SOURCE",
    "stands": "STANDS",
    "last_heard": "LAST HEARD",
}
HISTORY = {
    "at": "TIME",
    "kind": "DECISION",
    "outlet": "OUTLET",
    "source": "SOURCE",
    "count": "PEOPLE",
    "text": "EVIDENCE",
}


@app.command(name="list")
def list_claims(
    actor: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-3 or organisation")] = None,
    destination: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-3 or organisation")] = None,
    stage: Annotated[str | None, typer.Option(help="planned, deployed, engaged or withdrawn")] = None,
    limit: Limit = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Claims, last heard first."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items("/api/v1/claims", limit, actor=actor, destination=destination, stage=stage)

    with failures_as_exit_status():
        items = asyncio.run(run())
        if as_json:
            print_json({"items": items})
        else:
            nothing = "No such claims." if actor or destination or stage else "No claims yet."
            print_table([_head(item) for item in items], COLUMNS, nothing)


@app.command()
def show(claim: str, server: Server = None, as_json: AsJson = False) -> None:
    """One claim with every report of it."""

    async def run() -> Any:
        async with api_client(server) as api:
            return await api.get(f"/api/v1/claims/{claim}")

    with failures_as_exit_status():
        found = asyncio.run(run())
        if as_json:
            print_json(found)
            return
        print_table([_head(found)], COLUMNS, "")
        print()
        rows = [
            {
                **_slots(report["claim"]),
                "at": report["at"],
                "kind": f"{report['kind']} (superseded)" if report["superseded"] else report["kind"],
                "outlet": report["article"]["outlet"],
                "text": report["evidence"]["text"],
            }
            for report in found["reports"]
        ]
        print_table(rows, HISTORY, "No reports.")


def _head(item: dict[str, Any]) -> dict[str, Any]:
    """`stands` is no where whoever said so has taken it back."""
    return {**_slots(item["claim"]), **item, "stands": "yes" if item["stands"] else "no"}


def _slots(claim: dict[str, Any]) -> dict[str, Any]:
    low, high = claim["count_min"], claim["count_max"]
    count = "" if low is None and high is None else str(low) if low == high else f"{low or ''}–{high or ''}"
    source = claim["source"] or {}
    return {**claim, "count": count, "source": source.get("name")}
