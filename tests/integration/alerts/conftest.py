"""A migrated database with the alert service's tables."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.alerts.tables import HISTORY
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database, open_database
from tests.fakes.clock import FakeClock
from tests.fakes.statements import NOON


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(f"sqlite+aiosqlite:///{tmp_path}/alerts.db")
    await migrate(opened, [HISTORY])
    yield opened
    await opened.close()
