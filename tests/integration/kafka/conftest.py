"""What the tests of this folder share."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.buses import BusUnderTest, kafka_bus
from tests.fakes.kafka_broker import KafkaBroker


@pytest.fixture
async def kafka(kafka_broker: KafkaBroker) -> AsyncIterator[BusUnderTest]:
    async with kafka_bus(kafka_broker, partitions=6) as opened:
        yield opened
