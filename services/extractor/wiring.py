"""Constructs the extractor."""

from typing import Any

from services.extractor.consume_articles import GROUP, consume_articles
from services.extractor.extract_article import ArticleText, Extraction
from services.extractor.settings import ExtractorSettings
from services.extractor.worker import extract, prepare
from shared.bus.consumer_loop import ConsumerLoop, Outcome
from shared.bus.dead_letters import REDRIVE_GROUP
from shared.bus.port import Bus
from shared.events.statements import Extractor
from shared.events.topics import ARTICLES, STATEMENTS, dead_letter_topic
from shared.http.service import Service
from shared.ops.clock import Clock
from shared.ops.metrics import Metrics
from shared.ops.process_pool import ProcessPool
from shared.version import vedette_version

DEAD_LETTERS = dead_letter_topic(ARTICLES, GROUP)
NEEDED_TOPICS = (ARTICLES, STATEMENTS, DEAD_LETTERS)


def build_extractor(settings: ExtractorSettings, bus: Bus, metrics: Metrics, clock: Clock) -> Service:
    """The extractor: one loop over articles, its work done in a pool of processes."""
    pool = ProcessPool(settings.extractor_workers, settings.extractor_deadline_seconds, prepare)

    async def extract_in_pool(article: ArticleText) -> Extraction:
        return await pool.run(extract, article)

    def count(topic: str, outcome: Outcome) -> None:
        metrics.messages.labels(GROUP, topic, outcome.value).inc()

    loop = ConsumerLoop(
        bus,
        bus.consumer(GROUP, [ARTICLES]),
        GROUP,
        consume_articles(bus, extract_in_pool, Extractor(name="rules", version=vedette_version())),
        count,
        clock,
        concurrency=settings.extractor_workers,
    )

    async def check_bus() -> None:
        await bus.check(NEEDED_TOPICS)

    async def status() -> dict[str, Any]:
        lag = await bus.lag(GROUP, ARTICLES)
        return {
            "lag": {"extract": lag.messages},
            "oldest": {"extract": lag.oldest},
            "dead_letters": {"extractor": (await bus.lag(REDRIVE_GROUP, DEAD_LETTERS)).messages},
        }

    async def close() -> None:
        pool.close()

    return Service(
        "extractor", {"extract": loop.run}, {"bus": check_bus, "progress": loop.check_progress}, status, close
    )
