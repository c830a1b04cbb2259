"""`vedette subscribe` and `vedette subscriptions`: who is told what."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.api_client import api_client
from services.cli.failures import failures_as_exit_status
from services.cli.output import AsJson, Server, print_json, print_table
from shared.events.statements import Certainty, Stage

app = typer.Typer(no_args_is_help=True, help="Subscriptions: list, pause, resume, remove.")

COLUMNS = {
    "id": "ID",
    "channel": "CHANNEL",
    "target": "TARGET",
    "filter": "FILTER",
    "state": "STATE",
    "reason": "REASON",
}


def _several(what: str) -> Any:
    return typer.Option(help=f"{what}; repeatable or comma-separated")


def subscribe(
    webhook: Annotated[str | None, typer.Option(metavar="URL", help="send signed webhooks there")] = None,
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="send mails there")] = None,
    mail_language: Annotated[str, typer.Option(help="language of the mails: en or de")] = "en",
    actor: Annotated[list[str] | None, _several("whose forces: PRK, NATO, WAGNER …")] = None,
    destination: Annotated[list[str] | None, _several("where they are or go: RUS, NATO …")] = None,
    place: Annotated[
        list[str] | None, _several("name or key of a place, or key of a region around it: Kursk, UA-30 …")
    ] = None,
    min_count: Annotated[int | None, typer.Option(help="people, against the highest figure that is told")] = None,
    stage: Annotated[list[str] | None, _several(", ".join(Stage))] = None,
    certainty: Annotated[list[str] | None, _several(", ".join(Certainty))] = None,
    kind: Annotated[list[str] | None, _several("new, revised, denied unless given; corroborated")] = None,
    language: Annotated[list[str] | None, _several("of the evidence: de, en …")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Tell somebody about new claims, by webhook or e-mail."""
    if bool(webhook) == bool(email):
        raise typer.BadParameter("give either --webhook URL or --email ADDRESS")
    lists = {
        "actor": actor,
        "destination": destination,
        "place": place,
        "stage": stage,
        "certainty": certainty,
        "kind": kind,
        "language": language,
    }
    wanted: dict[str, Any] = {name: ",".join(values) for name, values in lists.items() if values}
    if min_count is not None:
        wanted["min_count"] = min_count
    document = {
        "channel": "webhook" if webhook else "email",
        "target": webhook or email,
        "mail_language": mail_language,
        "filter": wanted,
    }

    async def run() -> Any:
        async with api_client(server) as api:
            return await api.post("/api/v1/subscriptions", document)

    with failures_as_exit_status():
        made = asyncio.run(run())
        if as_json:
            print_json({"id": made["id"], "secret": made["secret"]})
            return
        print(f"subscription {made['id']}")
        if made["secret"]:
            print(f"secret       {made['secret']}   (verifies the signatures; not shown again)")


@app.command(name="list")
def list_subscriptions(server: Server = None, as_json: AsJson = False) -> None:
    """All subscriptions."""

    async def run() -> list[Any]:
        async with api_client(server) as api:
            return await api.items("/api/v1/subscriptions")

    with failures_as_exit_status():
        rows = asyncio.run(run())
        if as_json:
            print_json({"items": rows})
        else:
            shown = [{**row, "filter": _in_words(row["filter"])} for row in rows]
            print_table(shown, COLUMNS, "No subscriptions. Make one with: vedette subscribe --webhook URL")


def _in_words(wanted: dict[str, Any]) -> str:
    parts = [
        f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in wanted.items() if value
    ]
    return "; ".join(parts) or "all"


@app.command()
def pause(subscription: str, server: Server = None, as_json: AsJson = False) -> None:
    """Match and send nothing until resumed; what it has matched already waits."""
    _change(subscription, "paused", server, as_json)


@app.command()
def resume(subscription: str, server: Server = None, as_json: AsJson = False) -> None:
    """Match again from now on, and send what has waited."""
    _change(subscription, "active", server, as_json)


def _change(subscription: str, state: str, server: str | None, as_json: bool) -> None:
    async def run() -> Any:
        async with api_client(server) as api:
            return await api.patch(f"/api/v1/subscriptions/{subscription}", {"state": state})

    with failures_as_exit_status():
        changed = asyncio.run(run())
        if as_json:
            print_json(changed)
        else:
            print(f"{subscription} is {state}")


@app.command()
def remove(subscription: str, server: Server = None, as_json: AsJson = False) -> None:
    """End a subscription; what is still to be sent to it is dropped."""

    async def run() -> None:
        async with api_client(server) as api:
            await api.delete(f"/api/v1/subscriptions/{subscription}")

    with failures_as_exit_status():
        asyncio.run(run())
        if as_json:
            print_json({"removed": [subscription]})
        else:
            print(f"{subscription} is removed")
