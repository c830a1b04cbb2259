"""Tests that need what only a cluster does. All run on one broker, in one worker of pytest-xdist."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.buses import BusUnderTest, kafka_bus
from tests.fakes.kafka_broker import KafkaBroker

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("kafka"))


@pytest.fixture
async def kafka(kafka_broker: KafkaBroker) -> AsyncIterator[BusUnderTest]:
    async with kafka_bus(kafka_broker, partitions=6) as opened:
        yield opened
