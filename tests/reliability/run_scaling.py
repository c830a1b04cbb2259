"""Extractors 1 → 3 → 1 while revisions flow: each article's revisions come out in the order in which they went in."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.settings import KafkaSettings
from shared.events.article import Article, Outlet
from shared.events.envelope import Attributes, Message, to_message
from shared.events.identity import identity, message_id
from shared.events.topics import ARTICLES, STATEMENTS
from tests.fakes.deployment_articles import deployment_articles
from tests.fakes.feeds import Item
from tests.reliability.history import BUS, read_lines
from tests.reliability.supervised import Run, supervised

KEYS, REVISIONS = 250, 32
PER_SECOND = 150
ONE_SECONDS, THREE_SECONDS = 12.0, 25.0
"""How long one extractor works alone, then three; then one again, to the end."""

DONE_WITHIN_SECONDS = 240.0


def run_scaling(folder: Path, seed: int) -> bool:
    """Whether order was kept and nothing lost; prints the figures."""
    print(
        f"extractors 1 → 3 → 1: {REVISIONS} revisions of {KEYS} articles, {PER_SECOND} a second, "
        f"load average {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    with supervised(folder, seed, "extractor-1") as run:
        worked = asyncio.run(_scale(run))
        run.write_down_bus()
    came = [line for line in read_lines(folder / BUS) if line["topic"] == STATEMENTS]
    orders = orders_by_article(came)
    disordered = sum(not is_in_order(revisions) for revisions in orders.values())
    missing = KEYS * REVISIONS - sum(len(set(revisions)) for revisions in orders.values())
    repeated = sum(len(revisions) - len(set(revisions)) for revisions in orders.values())
    times = sorted(line["at"] for line in came)
    print(f"messages each of the three had worked off before they became one: {', '.join(map(str, worked))}")
    print(
        f"{disordered} articles out of order, {missing} revisions missing, {repeated} repeated; "
        f"longest pause of the whole flow {max(after - before for before, after in pairwise(times)):.1f} s"
    )
    return not disordered and not missing and all(worked)


def orders_by_article(lines: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """The revisions of each article as they stand in its partition; the id of a message tells which one it is."""
    revision_of = {message_id(key, number): number for key in _keys() for number in range(1, REVISIONS + 1)}
    orders: dict[str, list[int]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line["partition"], line["offset"])):
        orders[line["key"]].append(revision_of[line["id"]])
    return orders


def is_in_order(revisions: Sequence[int]) -> bool:
    """Whether each one comes for the first time only after the one before it; repetitions begin anew from anywhere."""
    first_times = list(dict.fromkeys(revisions))
    return first_times == sorted(first_times)


async def _scale(run: Run) -> list[int]:
    """Returns what each of the three had worked off when two of them were told to go."""
    bus = KafkaBus(KafkaSettings(servers=(run.stack.broker.address,)))
    publishing = asyncio.create_task(_publish(bus))
    await asyncio.sleep(ONE_SECONDS)
    for name in ("extractor-2", "extractor-3"):
        run.start(name)
    await asyncio.sleep(THREE_SECONDS)
    names = ("extractor-1", "extractor-2", "extractor-3")
    worked = [int(sum(run.stack.running[name].samples("vedette_messages_total").values())) for name in names]
    for name in names[1:]:
        assert await asyncio.to_thread(run.stop, name) == 0
    await publishing
    async with asyncio.timeout(DONE_WITHIN_SECONDS):
        while (await bus.lag("extractor", ARTICLES)).messages:
            await asyncio.sleep(0.5)
    await bus.close()
    return worked


async def _publish(bus: KafkaBus) -> None:
    """All articles' first revisions, then all their second ones, and so on."""
    messages = [
        _message(key, revision, item)
        for revision in range(1, REVISIONS + 1)
        for key, item in zip(_keys(), deployment_articles(KEYS), strict=True)
    ]
    for start in range(0, len(messages), PER_SECOND):
        await bus.publish(messages[start : start + PER_SECOND])
        await asyncio.sleep(1)


def _keys() -> list[str]:
    return [identity("article", f"scaling {number}") for number in range(KEYS)]


def _message(key: str, revision: int, item: Item) -> Message:
    now = datetime.now(UTC)
    article = Article(
        id=key,
        revision=revision,
        url=item.link,
        outlet=Outlet(name="Outlet"),
        feed="https://outlet.example/feed",
        title=item.title,
        text=f"{item.text}\nThis is edition {revision} of the text.",
        published=now,
        fetched=now,
    )
    attributes = Attributes(message_id(key, revision), "vedette/fetcher", "vedette.article", key, now)
    return to_message(ARTICLES, key, attributes, article)
