"""A migrated database with the alert service's tables."""

import pytest

from services.alerts.tables import HISTORY
from shared.database.migrate import migrate
from shared.database.unit_of_work import Database
from tests.fakes.clock import FakeClock
from tests.fakes.statements import NOON


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
async def database(empty_database: Database) -> Database:
    await migrate(empty_database, [HISTORY])
    return empty_database
