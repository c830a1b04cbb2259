"""The story against the real services: publish a step, wait until it is decided and told, publish the next."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from services.alerts.settings import AlertsSettings
from services.cli.api_client import ApiClient
from services.cli.demo_story.inboxes import Mail, MailInbox, Webhook, WebhookInbox, mail_server
from services.cli.demo_story.news_server import Newsroom, news_app
from services.cli.demo_story.story import Step
from services.cli.failures import CommandFailed
from services.extractor.settings import ExtractorSettings
from services.fetcher.settings import FetcherSettings
from services.one_process.application import ServiceSettings
from services.one_process.serve import Serving, http_loop, serve
from shared.bus.port import Bus
from shared.events.topics import STATEMENTS
from shared.ops.lifecycle import run_loops
from shared.ops.settings import CommonSettings

LOOPBACK = "127.0.0.1"
SUBSCRIBER = "desk@example.org"
SENDER = "Vedette <vedette@example.org>"

START_DEADLINE_SECONDS = 20.0
STEP_DEADLINE_SECONDS = 45.0
STORY_DEADLINE_SECONDS = 52.0
"""Leaves time to end within the promised minute."""

LOOK_EVERY_SECONDS = 0.1

NO_ENVIRONMENT: dict[str, Any] = {"_env_prefix": "VEDETTE_DEMO_IGNORES_THE_ENVIRONMENT_"}


class Audience(Protocol):
    """Is shown what happens, as it happens."""

    def published(self, step: Step) -> None: ...

    def webhook(self, webhook: Webhook) -> None: ...

    def mail(self, mail: Mail) -> None: ...


@dataclass
class StepResult:
    step: Step
    webhooks: list[Webhook] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [webhook.body["data"]["kind"] for webhook in self.webhooks]

    @property
    def mistake(self) -> str | None:
        """What subscribers were told of the step that they should not have been, or the reverse."""
        expected = [self.step.expected] if self.step.expected else []
        told_by_mail = [mail.event_id for mail in self.mails]
        if self.kinds != expected:
            return f"step {self.step.letter} should raise {_in_words(expected)}, but it raised {_in_words(self.kinds)}"
        if sorted(told_by_mail) != sorted(webhook.event_id for webhook in self.webhooks):
            return f"step {self.step.letter} should be told by one mail an alert, but {len(told_by_mail)} mails came"
        return None


@dataclass
class Outcome:
    """`failure` is a sentence, None if all went as it should; `interrupted`: somebody pressed Ctrl-C.

    `unread`: whoever read standard output has gone.
    """

    results: list[StepResult] = field(default_factory=list)
    articles: int = 0
    seconds: float = 0.0
    failure: str | None = None
    interrupted: bool = False
    unread: bool = False

    def judge(self, refused: int) -> None:
        mistakes = [result.mistake for result in self.results if result.mistake]
        if refused:
            mistakes.append(f"{refused} webhooks had a signature that does not verify")
        self.failure = self.failure or "; ".join(mistakes) or None


async def run_story(steps: Sequence[Step], audience: Audience, data_dir: Path, stop: asyncio.Event) -> Outcome:
    """Runs outlets, subscribers and Vedette on free ports of this machine until the story is told or `stop` is set."""
    outcome, began = Outcome(), time.monotonic()

    def shown(show: Callable[[], None]) -> None:
        try:
            show()
        except BrokenPipeError:  # nobody reads on: that is no reason to refuse the webhook or the mail
            outcome.unread = True
            stop.set()

    def webhook_came(webhook: Webhook) -> None:
        outcome.results[-1].webhooks.append(webhook)
        shown(lambda: audience.webhook(webhook))

    def mail_came(mail: Mail) -> None:
        outcome.results[-1].mails.append(mail)
        shown(lambda: audience.mail(mail))

    inbox = WebhookInbox(webhook_came)
    serving: asyncio.Future[Serving] = asyncio.get_running_loop().create_future()
    with _free_port() as news, _free_port() as webhooks:
        async with mail_server(MailInbox(mail_came)) as mail_port:
            newsroom = Newsroom(_url(news), datetime.now(UTC))

            async def vedette(stop: asyncio.Event) -> None:
                await serve(_settings(data_dir), stop, serving.set_result, _settings_of_services(mail_port))

            servers = {"news": http_loop(news_app(newsroom), news), "webhooks": http_loop(inbox.app(), webhooks)}
            telling = _tell(steps, newsroom, inbox, webhooks, serving, audience, outcome)
            outcome.interrupted = not await _beside(run_loops({"vedette": vedette} | servers, stop), telling, stop)
    outcome.seconds = time.monotonic() - began
    if not outcome.interrupted:
        outcome.judge(inbox.refused)
    return outcome


async def _beside(running: Coroutine[Any, Any, None], telling: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Ends `running` by `stop` when `telling` is over, or both when `stop` is set. True if all was told.

    Raises what a service raised, and CommandFailed if one ended unasked.
    """
    tasks = [asyncio.create_task(coroutine) for coroutine in (running, telling, stop.wait())]
    services, story, _ = tasks
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        told, asked = story.done(), stop.is_set()
        stop.set()
        story.cancel()
        await services
        await asyncio.gather(story, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
    if told:
        story.result()
    elif not asked:
        raise CommandFailed("a part of Vedette ended before the story did; what it logged says why")
    return told


async def _tell(
    steps: Sequence[Step],
    newsroom: Newsroom,
    inbox: WebhookInbox,
    webhooks: socket.socket,
    serving: asyncio.Future[Serving],
    audience: Audience,
    outcome: Outcome,
) -> None:
    try:
        async with asyncio.timeout(STORY_DEADLINE_SECONDS):
            async with asyncio.timeout(START_DEADLINE_SECONDS):
                running = await asyncio.shield(serving)
            async with _api(running) as http:
                api = ApiClient(http)
                subscribed = await api.post(
                    "/api/v1/subscriptions", {"channel": "webhook", "target": f"{_url(webhooks)}/alerts"}
                )
                inbox.secret = subscribed["secret"]
                await api.post("/api/v1/subscriptions", {"channel": "email", "target": SUBSCRIBER})
                for step in steps:
                    await _publish(step, newsroom, api, audience, outcome)
                    await _until_told(step, api, running.application.bus, outcome.articles)
    except TimeoutError:
        where = f"step {outcome.results[-1].step.letter}" if outcome.results else "the start"
        outcome.failure = f"{where} took too long"
    except CommandFailed as failure:
        outcome.failure = str(failure)


async def _publish(step: Step, newsroom: Newsroom, api: ApiClient, audience: Audience, outcome: Outcome) -> None:
    known = {entry.outlet for result in outcome.results for entry in result.step.entries}
    outcome.results.append(StepResult(step))
    outcome.articles += len(step.entries)
    audience.published(step)
    for entry in step.entries:
        newsroom.publish(entry)
    added = {entry.outlet for entry in step.entries} - known
    if added:
        answer = await api.post("/api/v1/feeds", {"urls": [newsroom.feed_url(outlet) for outlet in added]})
        for refused in answer["refused"]:
            raise CommandFailed(f"the feed {refused['url']} was refused: {refused['error']}")


async def _until_told(step: Step, api: ApiClient, bus: Bus, articles: int) -> None:
    """Until every article revision published so far is decided and no delivery is pending."""
    status: dict[str, Any] = {}
    try:
        async with asyncio.timeout(STEP_DEADLINE_SECONDS):
            while True:
                extracted = await bus.size(STATEMENTS)
                status = await api.get("/status")
                waiting = status["lag"]["decide"] + status["deliveries"].get("pending", 0)
                if extracted >= articles and not waiting:
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    except TimeoutError:
        errors = [feed["error"] for feed in status.get("feeds", ()) if feed["error"]]
        detail = f"{articles - extracted} articles not extracted, waiting: {status.get('lag')}, feed errors: {errors}"
        raise CommandFailed(
            f"step {step.letter} was not decided within {STEP_DEADLINE_SECONDS:g} s ({detail})"
        ) from None


def _api(running: Serving) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {running.new_key}"}
    return httpx.AsyncClient(base_url=running.url, headers=headers, timeout=STEP_DEADLINE_SECONDS, trust_env=False)


def _settings(data_dir: Path) -> CommonSettings:
    return CommonSettings(
        data_dir=data_dir, host=LOOPBACK, port=0, allow_networks=(ip_network("127.0.0.0/8"),), **NO_ENVIRONMENT
    )


def _settings_of_services(mail_port: int) -> ServiceSettings:
    return ServiceSettings(
        fetcher=FetcherSettings(min_poll_seconds=1, max_poll_seconds=2, starter_feeds=False, **NO_ENVIRONMENT),
        extractor=ExtractorSettings(**NO_ENVIRONMENT),
        alerts=AlertsSettings(smtp_url=SecretStr(f"smtp://{LOOPBACK}:{mail_port}"), mail_from=SENDER, **NO_ENVIRONMENT),
    )


@contextmanager
def _free_port() -> Iterator[socket.socket]:
    with socket.create_server((LOOPBACK, 0)) as listening:
        yield listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    return f"http://{host}:{port}"


def _in_words(kinds: Sequence[str]) -> str:
    return " and ".join(kinds) if kinds else "no alert"
