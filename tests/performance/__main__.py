"""`make performance`: how fast, on this machine. Reports figures beside a yardstick of the same run; asserts none.

Without arguments it measures on texts of its own; with a JSON Lines file of articles (`python -m tests.performance
FILE`) on those.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from services.alerts.decide.decide_article import LedgerSettings
from services.alerts.record_decisions import RecordDecisions
from services.alerts.tables import HISTORY
from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import load_lexicon
from shared.database.migrate import migrate
from shared.database.unit_of_work import open_database
from tests.fakes.statements import article, claim
from tests.performance.bus import measure_buses
from tests.performance.chain import measure_chain

ORDINARY = (
    "The council of the town agreed on Tuesday to widen the bridge over the river. Work is to begin in spring and last "
    "two years, the mayor said; lorries will take the road through the valley until then. Shopkeepers fear for trade."
)
MILITARY = (
    "Kenya has sent 400 soldiers to Mozambique, the Kenyan defence ministry said on Tuesday. The first 50 of them had "
    "arrived in Pemba, a spokesman said. Mozambique denied that there were any Kenyan troops in the country."
)
LEDGER_ARTICLES = 500


def main(arguments: list[str]) -> None:
    texts = _read(Path(arguments[0])) if arguments else [ORDINARY * 5] * 900 + [MILITARY * 2] * 100
    _extraction(texts)
    _memory()
    asyncio.run(_ledger())
    asyncio.run(measure_buses())
    measure_chain()


def _read(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]


def _extraction(texts: list[str]) -> None:
    started = time.perf_counter()
    lexicon = load_lexicon()
    print(f"language data loaded in {time.perf_counter() - started:.2f} s")
    now = datetime.now(UTC)

    def extract(text: str) -> int:
        return len(extract_article(ArticleText(None, text, now), lexicon).statements)

    scan = _rate(lambda text: sum(map(str.isupper, text)), texts)
    mixed = _rate(extract, texts)
    opened = [text for text in texts if extract(text)]
    print(
        f"extraction, one core: {mixed:,.0f} articles/s over {len(texts)} mixed ones ({mixed / scan:.3f} of a plain "
        f"scan of their characters)"
    )
    if opened:
        print(f"  {len(opened)} of them have statements: {_rate(extract, opened):,.0f} articles/s over those")


def _rate(work: Callable[[str], object], texts: Iterable[str]) -> float:
    texts = list(texts)
    started = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - started)


def _memory() -> None:
    """Resident memory before and after many articles: flat means that nothing is kept."""
    lexicon = load_lexicon()
    marks = []
    for round_ in range(2):
        for number in range(2_000):
            text = f"{MILITARY} Case {round_}-{number} in the town of Xa{number}."
            extract_article(ArticleText(None, text, None), lexicon)
        marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    print(f"memory: {marks[0]} MiB after 2,000 articles, {marks[1]} MiB after 4,000")


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
