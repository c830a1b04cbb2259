"""Topics as a real broker made them."""

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import BusUnavailable
from shared.events.topics import dead_letter_topic
from tests.fakes.buses import fresh_topic
from tests.fakes.kafka_broker import KafkaBroker

pytestmark = pytest.mark.xdist_group("kafka")


async def test_topics_have_the_partitions_and_the_retention_of_the_settings(kafka_broker: KafkaBroker) -> None:
    await kafka_broker.wait_ready()
    bus = KafkaBus(KafkaSettings(servers=(kafka_broker.address,)))
    topic = fresh_topic()
    dead = dead_letter_topic(topic, "g")
    assert await bus.create_topics([topic, dead, topic]) == [topic, dead]
    assert await bus.create_topics([topic, dead]) == []
    await bus.close()
    assert await described(kafka_broker, topic) == (12, str(30 * 86_400_000), "LogAppendTime")
    assert await described(kafka_broker, dead) == (1, str(90 * 86_400_000), "LogAppendTime")


async def test_a_topic_that_the_broker_refuses_is_no_silent_success(kafka_broker: KafkaBroker) -> None:
    await kafka_broker.wait_ready()
    bus = KafkaBus(KafkaSettings(servers=(kafka_broker.address,)))
    with pytest.raises(BusUnavailable, match=r"refuses.*no/such name"):
        await bus.create_topics(["no/such name"])
    await bus.close()


async def described(broker: KafkaBroker, topic: str) -> tuple[int, str, str]:
    """Number of partitions, retention, kind of timestamps."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    (description,) = await admin.describe_topics([topic])
    (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    await admin.close()
    configured = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    return len(description["partitions"]), configured["retention.ms"], configured["message.timestamp.type"]
