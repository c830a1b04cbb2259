#!/vedette/.venv/bin/python
"""The health check's program of apache/kafka: exit status 0 if the broker answers a request."""

import asyncio
import sys

from aiokafka.admin import AIOKafkaAdminClient


async def ask() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=sys.argv[sys.argv.index("--bootstrap-server") + 1])
    try:
        await admin.start()
        await admin.list_topics()
    finally:
        await admin.close()


asyncio.run(asyncio.wait_for(ask(), 10))
