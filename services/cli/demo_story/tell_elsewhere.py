"""The story for a Vedette that runs elsewhere: its outlets publish a step when the step before it has been told."""

import asyncio
from collections.abc import Callable, Sequence

from services.cli.api_client import ApiClient
from services.cli.demo_story.news_server import Newsroom
from services.cli.demo_story.run_story import SUBSCRIBER
from services.cli.demo_story.story import Step
from services.cli.failures import CommandFailed

TOLD_WITHIN_SECONDS = 120.0
"""From publication to the alert: a busy machine needs half a minute, and the next step must not overtake this one."""

SETTLE_SECONDS = 5.0
"""After the download of what raises no alert, which nothing tells the end of."""

LOOK_EVERY_SECONDS = 0.5


async def tell_elsewhere(
    steps: Sequence[Step],
    newsroom: Newsroom,
    fetcher: ApiClient,
    alerts: ApiClient,
    say: Callable[[str], None],
    settle: float = SETTLE_SECONDS,
) -> None:
    """Subscribe `desk@example.org` to everything, add the outlets' feeds and publish step after step.

    A story that was told to its end before is published at once. Raises CommandFailed where the API refuses, or if an
    alert does not come.
    """
    feeds = {feed["url"] for feed in await fetcher.items("/api/v1/feeds")}
    told = all(newsroom.feed_url(entry.outlet) in feeds for step in steps for entry in step.entries)
    subscription = await _subscribe(alerts)
    for step in steps:
        for entry in step.entries:
            newsroom.publish(entry)
        say(f"({step.letter}) {step.about}")
        new = {newsroom.feed_url(entry.outlet) for entry in step.entries} - feeds
        if new:
            await _add_feeds(fetcher, new)
            feeds |= new
        if told:
            continue
        if step.expected:
            await _until_told(step, newsroom, alerts, subscription)
        else:
            await _until_fetched(newsroom, {entry.outlet.slug for entry in step.entries})
            await asyncio.sleep(settle)
    say(f"The story is told; its alerts went to {SUBSCRIBER}.")


async def _subscribe(alerts: ApiClient) -> str:
    """The subscription's id."""
    for subscription in await alerts.items("/api/v1/subscriptions"):
        if subscription["target"] == SUBSCRIBER:
            return str(subscription["id"])
    made = await alerts.post("/api/v1/subscriptions", {"channel": "email", "target": SUBSCRIBER})
    return str(made["id"])


async def _add_feeds(fetcher: ApiClient, urls: set[str]) -> None:
    answer = await fetcher.post("/api/v1/feeds", {"urls": sorted(urls)})
    for refused in answer["refused"]:
        raise CommandFailed(f"the feed {refused['url']} was refused: {refused['error']}")


async def _until_fetched(newsroom: Newsroom, outlets: set[str]) -> None:
    while not outlets <= newsroom.fetched:
        newsroom.downloaded.clear()
        await newsroom.downloaded.wait()


async def _until_told(step: Step, newsroom: Newsroom, alerts: ApiClient, subscription: str) -> None:
    """Until the subscription has the alert of one of the step's articles."""
    urls = {f"{newsroom.home(entry.outlet)}/{entry.slug}" for entry in step.entries}
    try:
        async with asyncio.timeout(TOLD_WITHIN_SECONDS):
            while True:
                if await _has_told(alerts, subscription, urls, step.expected):
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    except TimeoutError:
        raise CommandFailed(f"step {step.letter} raised no alert within {TOLD_WITHIN_SECONDS:g} s") from None


async def _has_told(alerts: ApiClient, subscription: str, urls: set[str], kind: str | None) -> bool:
    events = [event["data"] for event in await alerts.items(f"/api/v1/subscriptions/{subscription}/events")]
    return any(event["kind"] == kind and event["article"]["url"] in urls for event in events)
