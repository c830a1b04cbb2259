"""The bus of the grown way to run: Apache Kafka 4 through aiokafka."""

from collections.abc import AsyncIterator, Sequence

from shared.bus.kafka.background import Closing
from shared.bus.kafka.consumer import KafkaConsumer
from shared.bus.kafka.observer import KafkaObserver
from shared.bus.kafka.producer import KafkaPublisher
from shared.bus.kafka.settings import KafkaSettings
from shared.bus.port import Lag, Record
from shared.events.envelope import Message


class KafkaBus:
    """Adapter of `shared.bus.port.Bus`. Connects when it is first asked for something."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._closing = Closing(settings.close_deadline)
        self._observer = KafkaObserver(settings, self._closing)
        self._publisher = KafkaPublisher(settings, self._closing, self._observer.check)

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._publisher.publish(messages)

    def consumer(self, group: str, topics: Sequence[str]) -> KafkaConsumer:
        return KafkaConsumer(self._settings, group, topics, self._observer, self._closing)

    def browse(self, topic: str, group: str | None = None) -> AsyncIterator[Record]:
        return self._observer.browse(topic, group)

    async def create_topics(self, topics: Sequence[str]) -> list[str]:
        return await self._observer.create_topics(topics)

    async def check(self, topics: Sequence[str]) -> None:
        await self._observer.check(topics)

    async def lag(self, group: str, topic: str) -> Lag:
        return await self._observer.lag(group, topic)

    async def size(self, topic: str) -> int:
        return await self._observer.size(topic)

    async def close(self) -> None:
        self._publisher.close()
        self._observer.close()
        await self._closing.wait()
