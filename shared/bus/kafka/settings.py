"""Every value that aiokafka is given, in one place: its own defaults lose and repeat messages.

Times are seconds, sizes bytes. The reasons beside the values were measured with aiokafka 0.14.0 and Kafka 4.1.1.
"""

from datetime import timedelta
from typing import Any

from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from pydantic import BaseModel, ConfigDict, Field

from shared.events.topics import DEAD_LETTER_SUFFIX

MOST_REPLICAS = 3


class KafkaSettings(BaseModel):
    """How Vedette speaks to Kafka. Only `servers` and `instance` differ between installations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    servers: tuple[str, ...] = Field(min_length=1)
    instance: str | None = None
    """A name that no other running process has. With it a restart within `session` moves no partitions; two members
    of one name would take the partitions from each other for ever, so nothing is made up where none is given."""

    # topics: more partitions later would move keys to other partitions, so there are enough from the start
    partitions: int = 12
    dead_letter_partitions: int = 1
    retention: timedelta = timedelta(days=30)
    dead_letter_retention: timedelta = timedelta(days=90)

    # the client: it retries by itself within these, and the deadlines below bound it from outside
    request: float = 30.0
    retry_backoff: float = 0.2
    # an idempotent send never gives up on its own; shorter than the lease under which the outbox is relayed
    publish_deadline: float = 8.0
    commit_deadline: float = 3.0
    check_deadline: float = 1.5
    query_deadline: float = 5.0
    close_deadline: float = 0.5

    # producer: the batch size is the lever for many at once (10,000 to 40,000 messages a second); to wait before
    # sending gains nothing there, and the extractor publishes one by one: 700 a second at once, 150 after 5 ms each
    linger: float = 0.0
    batch: int = 256 * 1024
    largest_request: int = 1024 * 1024

    # consumer
    # a killed member is waited for so long by all others, and so are alerts; heartbeats go on while records are worked
    # off and while a revoked member finishes, so only a dead or frozen process misses five of them
    session: float = 10.0
    heartbeat: float = 2.0
    # what a revoked member may still finish, and how long the group waits for it
    drain: float = 20.0
    rebalance: float = 25.0
    join_deadline: float = 60.0
    # never reached: a consumer whose records are being worked off polls on, paused
    poll_interval: float = 300.0
    keep_polling: float = 1.0
    records: int = 500
    # memory is at most this times the partitions, before decompression
    partition_fetch: int = 256 * 1024
    fetch_wait: float = 0.5

    def client_values(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": list(self.servers),
            "client_id": f"vedette-{self.instance}" if self.instance else "vedette",
            "request_timeout_ms": _ms(self.request),
            "retry_backoff_ms": _ms(self.retry_backoff),
        }

    def producer_values(self) -> dict[str, Any]:
        return self.client_values() | {
            "acks": "all",
            "enable_idempotence": True,
            "compression_type": "zstd",
            "linger_ms": _ms(self.linger),
            "max_batch_size": self.batch,
            "max_request_size": self.largest_request,
        }

    def reader_values(self) -> dict[str, Any]:
        """A consumer outside of any group."""
        return self.client_values() | {
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "isolation_level": "read_committed",
            "max_partition_fetch_bytes": self.partition_fetch,
            "fetch_max_wait_ms": _ms(self.fetch_wait),
        }

    def consumer_values(self, group: str) -> dict[str, Any]:
        return self.reader_values() | {
            "group_id": group,
            "group_instance_id": self.instance,
            "session_timeout_ms": _ms(self.session),
            "heartbeat_interval_ms": _ms(self.heartbeat),
            "rebalance_timeout_ms": _ms(self.rebalance),
            "max_poll_interval_ms": _ms(self.poll_interval),
            "partition_assignment_strategy": (StickyPartitionAssignor,),
        }

    def topic_values(self, topic: str, brokers: int) -> dict[str, Any]:
        """Partitions, copies and configuration of a topic on a cluster of so many brokers."""
        dead_letters = topic.endswith(DEAD_LETTER_SUFFIX)
        copies = min(MOST_REPLICAS, brokers)
        kept = self.dead_letter_retention if dead_letters else self.retention
        return {
            "num_partitions": self.dead_letter_partitions if dead_letters else self.partitions,
            "replication_factor": copies,
            "topic_configs": {
                "cleanup.policy": "delete",
                "retention.ms": str(_ms(kept.total_seconds())),
                # with all copies required, one broker's restart would stop the flow
                "min.insync.replicas": str(max(copies - 1, 1)),
                # ages are measured by one clock, the broker's
                "message.timestamp.type": "LogAppendTime",
            },
        }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
