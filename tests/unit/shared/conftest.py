from collections.abc import AsyncIterator

import pytest

from shared.http.safe_client import SafeClient
from tests.fakes.name_server import LOOPBACK


@pytest.fixture
async def client() -> AsyncIterator[SafeClient]:
    client = SafeClient("test", allow_networks=LOOPBACK)
    yield client
    await client.aclose()
