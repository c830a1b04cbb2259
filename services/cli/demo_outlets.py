"""`vedette demo-outlets`: the demo's invented outlets as a server, for a Vedette that runs elsewhere (compose)."""

import asyncio
import socket
from datetime import UTC, datetime
from typing import Annotated

import typer

from services.cli.api_client import api_client
from services.cli.demo_story.news_server import Newsroom, news_app
from services.cli.demo_story.story import load_story
from services.cli.demo_story.tell_elsewhere import tell_elsewhere
from services.cli.failures import CommandFailed, failures_as_exit_status
from services.one_process.serve import http_loop
from shared.ops.lifecycle import run_loops, stop_on_signals
from shared.ops.settings import CommonSettings


def demo_outlets(
    url: Annotated[str, typer.Option(help="where the fetcher reaches this server")],
    fetcher: Annotated[str, typer.Option(help="URL of the fetcher, which gets the feeds")],
    alerts: Annotated[str, typer.Option(help="URL of the alert service, which gets the subscription")],
) -> None:
    """Serve the demo's feeds on VEDETTE_HOST, VEDETTE_PORT and tell its story to a running Vedette."""

    async def run(settings: CommonSettings) -> None:
        stop = asyncio.Event()
        stop_on_signals(stop)
        newsroom = Newsroom(url.rstrip("/"), datetime.now(UTC))

        async def tell(stop: asyncio.Event) -> None:
            async with api_client(fetcher) as feeds, api_client(alerts) as subscriptions:
                telling = asyncio.create_task(tell_elsewhere(load_story(), newsroom, feeds, subscriptions, _say))
                stopping = asyncio.create_task(stop.wait())
                await asyncio.wait({telling, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not telling.done():
                    telling.cancel()
                    return
                telling.result()
                await stopping

        with _listening(settings) as listening:
            await run_loops({"outlets": http_loop(news_app(newsroom), listening), "story": tell}, stop)

    with failures_as_exit_status():
        asyncio.run(run(CommonSettings()))


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _listening(settings: CommonSettings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise CommandFailed(f"cannot listen on {settings.host} port {settings.port}: {error.strerror}") from error
