"""The values given to aiokafka are decisions: whoever changes one changes this test knowingly."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from shared.bus.kafka.settings import KafkaSettings
from shared.events.topics import ARTICLES, dead_letter_topic

SETTINGS = KafkaSettings(servers=("kafka-1:9092", "kafka-2:9092"))
CLIENT = {
    "bootstrap_servers": ["kafka-1:9092", "kafka-2:9092"],
    "client_id": "vedette",
    "request_timeout_ms": 30_000,
    "retry_backoff_ms": 200,
}


def test_the_producer_loses_nothing_and_batches() -> None:
    assert SETTINGS.producer_values() == CLIENT | {
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": "zstd",
        "linger_ms": 0,
        "max_batch_size": 262_144,
        "max_request_size": 1_048_576,
    }


def test_the_consumer_commits_only_by_hand_and_begins_at_the_beginning() -> None:
    assert SETTINGS.consumer_values("g") == CLIENT | {
        "group_id": "g",
        "group_instance_id": None,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "max_partition_fetch_bytes": 262_144,
        "fetch_max_wait_ms": 500,
        "session_timeout_ms": 10_000,
        "heartbeat_interval_ms": 2_000,
        "rebalance_timeout_ms": 25_000,
        "max_poll_interval_ms": 300_000,
        "partition_assignment_strategy": (StickyPartitionAssignor,),
    }


def test_membership_is_static_only_where_the_operator_names_the_instance() -> None:
    named = SETTINGS.model_copy(update={"instance": "alerts-1"})
    assert named.consumer_values("g")["group_instance_id"] == "alerts-1"


def test_deadlines_end_before_whoever_waits_for_them() -> None:
    assert SETTINGS.publish_deadline < 10, "the outbox's lease"
    assert SETTINGS.check_deadline < 2, "the probe of /readyz"
    assert SETTINGS.commit_deadline + SETTINGS.close_deadline <= 4, "the time a stopping process has"
    assert SETTINGS.drain < SETTINGS.rebalance < SETTINGS.join_deadline
    assert SETTINGS.heartbeat * 5 <= SETTINGS.session
    assert SETTINGS.keep_polling < SETTINGS.poll_interval / 2


def test_topics_have_partitions_copies_and_an_end() -> None:
    articles = SETTINGS.topic_values(ARTICLES, brokers=3)
    assert (articles["num_partitions"], articles["replication_factor"]) == (12, 3)
    assert articles["topic_configs"] == {
        "cleanup.policy": "delete",
        "retention.ms": str(30 * 86_400_000),
        "min.insync.replicas": "2",
        "message.timestamp.type": "LogAppendTime",
    }
    dead = SETTINGS.topic_values(dead_letter_topic(ARTICLES, "g"), brokers=1)
    assert (dead["num_partitions"], dead["replication_factor"]) == (1, 1)
    assert dead["topic_configs"]["retention.ms"] == str(90 * 86_400_000)
    assert dead["topic_configs"]["min.insync.replicas"] == "1"


async def test_aiokafka_knows_every_value() -> None:
    producer = AIOKafkaProducer(**SETTINGS.producer_values())
    consumer = AIOKafkaConsumer(**SETTINGS.consumer_values("g"))
    await producer.stop()
    await consumer.stop()
