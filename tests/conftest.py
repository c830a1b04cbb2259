"""Real neighbours that tests share. They are started when the first test asks for them."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.fakes.kafka_broker import KafkaBroker, why_no_broker

# Examples are not timed: a busy machine is no finding.
settings.register_profile("vedette", deadline=None)
settings.load_profile("vedette")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """An Apache Kafka broker, started but perhaps not ready yet: `kafka_bus` waits for that.

    Tests that ask for it belong to the xdist group `kafka`, so that one broker serves all.
    """
    if reason := why_no_broker():
        pytest.skip(reason)
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.kill()
