"""Publishing: acknowledged by all copies in sync, or reported as not known within the deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.bus.kafka.background import Closing
from shared.bus.kafka.records import key_bytes
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import BusUnavailable
from shared.events.envelope import Message

log = structlog.get_logger()


class KafkaPublisher:
    """One idempotent producer, replaced after every failure: some states (an unknown producer id, a lost sequence)
    are final. The old one may still deliver what it holds; the caller publishes that again, so it comes twice."""

    def __init__(
        self, settings: KafkaSettings, closing: Closing, check: Callable[[Sequence[str]], Awaitable[None]]
    ) -> None:
        self._settings = settings
        self._closing = closing
        self._check = check
        self._known: set[str] = set()
        self._producer: Any = None
        self._starting = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        topics = {message.topic for message in messages} - self._known
        if topics:  # sending to a topic that is not there loops inside the client until its timeout
            await self._check(sorted(topics))
            self._known |= topics
        producer = None
        try:
            async with asyncio.timeout(self._settings.publish_deadline):
                producer = await self._started()
                sent = [await self._send(producer, message) for message in messages]
                await asyncio.gather(*sent)
        except (KafkaError, TimeoutError, OSError) as error:
            self._retire(producer)
            raise BusUnavailable(f"Kafka has not acknowledged the messages: {error!r}") from error
        except asyncio.CancelledError:  # by a caller's own deadline, as a rule
            self._retire(producer)
            raise

    def close(self) -> None:
        self._retire(self._producer)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(**self._settings.producer_values())
                try:
                    await producer.start()
                except BaseException:
                    self._closing.begin(producer.stop())
                    raise
                self._producer = producer
            return self._producer

    async def _send(self, producer: AIOKafkaProducer, message: Message) -> "asyncio.Future[object]":
        acknowledged: asyncio.Future[object] = await producer.send(
            message.topic, message.value, key=key_bytes(message.key), headers=list(message.headers)
        )
        return acknowledged

    def _retire(self, producer: AIOKafkaProducer | None) -> None:
        self._known.clear()
        if producer is not None and producer is self._producer:
            log.info("kafka_producer_retired")
            self._producer = None
            self._closing.begin(producer.stop())
