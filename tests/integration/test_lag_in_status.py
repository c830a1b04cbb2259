"""What waits on the bus shows in `/status` and `/metrics`, whichever bus it is: how much, and since when."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.extractor.settings import ExtractorSettings
from services.extractor.wiring import NEEDED_TOPICS, build_extractor
from services.one_process.present_status import present_status
from shared.events.envelope import Message
from shared.events.topics import ARTICLES
from shared.ops.metrics import Metrics
from tests.fakes.buses import BusUnderTest, kafka_bus, sqlite_bus

KAFKA = pytest.param("kafka", marks=pytest.mark.xdist_group("kafka"))


@pytest.fixture(params=["sqlite_log", KAFKA])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    if request.param == "sqlite_log":
        opening = sqlite_bus(tmp_path)
    else:
        opening = kafka_bus(request.getfixturevalue("kafka_broker"))
    async with opening as bus:
        yield bus


async def test_lag_and_age_of_the_oldest_unprocessed_message(opened: BusUnderTest) -> None:
    bus, metrics = opened.bus, Metrics()
    await bus.create_topics(NEEDED_TOPICS)
    extractor = build_extractor(ExtractorSettings(), bus, metrics, opened.now)
    before = present_status(metrics, [await extractor.status()], opened.now)
    assert (before["lag"], before["oldest_unprocessed_seconds"]) == ({"extract": 0}, None)

    await bus.publish([Message(ARTICLES, f"k{number}", b"{}", ()) for number in range(3)])
    after = present_status(metrics, [await extractor.status()], lambda: opened.now() + timedelta(seconds=90))
    assert after["lag"] == {"extract": 3}
    assert 90 <= after["oldest_unprocessed_seconds"] < 120
    gauges = {sample.name: sample for family in metrics.registry.collect() for sample in family.samples}
    assert gauges["vedette_lag_messages"].value == 3
    assert gauges["vedette_oldest_unprocessed_seconds"].value == pytest.approx(
        after["oldest_unprocessed_seconds"], abs=0.1
    )
    assert gauges["vedette_lag_messages"].labels == {"step": "extract"}
    await extractor.close()
