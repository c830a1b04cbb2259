"""`make performance`: how fast, on this machine. Reports figures beside a yardstick of the same run; asserts none.

Without arguments it measures on texts of its own; with a JSON Lines file of articles (`python -m tests.performance
FILE`) on those.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from services.alerts.tables import HISTORY
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from tests.fakes.statements import article, claim
from tests.performance.bus import measure_buses
from tests.performance.chain import measure_chain
from tests.performance.extraction import measure_extraction

LEDGER_ARTICLES = 500


def main(arguments: list[str]) -> None:
    measure_extraction(Path(arguments[0]) if arguments else None)
    asyncio.run(_ledger())
    asyncio.run(measure_buses())
    measure_chain()


async def _ledger() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{folder}/t.db")
        await migrate(database, [HISTORY])
        recorder = RecordDecisions(database, "alerts", LedgerSettings(), None, lambda _kind: None)
        bare = await _per_second(lambda number: recorder.record(f"e{number}", article(f"e{number}"), datetime.now(UTC)))
        full = await _per_second(
            lambda number: recorder.record(
                f"f{number}", article(f"f{number}", claim(f"X{number % 50}", count=100 + number)), datetime.now(UTC)
            )
        )
        print(
            f"ledger on SQLite: {full:,.0f} articles with a claim a second, {bare:,.0f} without one "
            f"({full / bare:.2f} of it)"
        )
        await database.close()


async def _per_second(work: Callable[[int], object]) -> float:
    started = time.perf_counter()
    for number in range(LEDGER_ARTICLES):
        await work(number)  # type: ignore[misc]
    return LEDGER_ARTICLES / (time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:])
