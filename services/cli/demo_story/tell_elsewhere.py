"""The story for a Vedette that runs elsewhere: its outlets publish a step when the step before it has been fetched."""

import asyncio
from collections.abc import Callable, Sequence

from services.cli.api_client import ApiClient
from services.cli.demo_story.news_server import Newsroom
from services.cli.demo_story.run_story import SUBSCRIBER
from services.cli.demo_story.story import Step
from services.cli.failures import CommandFailed

SETTLE_SECONDS = 5.0
"""From the download of a feed to the decision on its articles; the next step would otherwise overtake this one."""


async def tell_elsewhere(
    steps: Sequence[Step],
    newsroom: Newsroom,
    fetcher: ApiClient,
    alerts: ApiClient,
    say: Callable[[str], None],
    settle: float = SETTLE_SECONDS,
) -> None:
    """Subscribe `desk@example.org` to everything, add the outlets' feeds and publish step after step.

    A story that was told to its end before is published at once. Raises CommandFailed where the API refuses.
    """
    feeds = {feed["url"] for feed in await fetcher.items("/api/v1/feeds")}
    told = all(newsroom.feed_url(entry.outlet) in feeds for step in steps for entry in step.entries)
    await _subscribe(alerts)
    for step in steps:
        for entry in step.entries:
            newsroom.publish(entry)
        say(f"({step.letter}) {step.about}")
        new = {newsroom.feed_url(entry.outlet) for entry in step.entries} - feeds
        if new:
            await _add_feeds(fetcher, new)
            feeds |= new
        if not told:
            await _until_fetched(newsroom, {entry.outlet.slug for entry in step.entries})
            await asyncio.sleep(settle)
    say(f"The story is told; its alerts went to {SUBSCRIBER}.")


async def _subscribe(alerts: ApiClient) -> None:
    subscriptions = await alerts.items("/api/v1/subscriptions")
    if not any(subscription["target"] == SUBSCRIBER for subscription in subscriptions):
        await alerts.post("/api/v1/subscriptions", {"channel": "email", "target": SUBSCRIBER})


async def _add_feeds(fetcher: ApiClient, urls: set[str]) -> None:
    answer = await fetcher.post("/api/v1/feeds", {"urls": sorted(urls)})
    for refused in answer["refused"]:
        raise CommandFailed(f"the feed {refused['url']} was refused: {refused['error']}")


async def _until_fetched(newsroom: Newsroom, outlets: set[str]) -> None:
    while not outlets <= newsroom.fetched:
        newsroom.downloaded.clear()
        await newsroom.downloaded.wait()
