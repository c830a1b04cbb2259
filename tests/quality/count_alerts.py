"""Streams of annotated reports through extractor and ledger: who was told what was new, and who what was not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.alerts.decide.replay import Ledger
from services.alerts.match_subscriptions import DEFAULT_KINDS
from services.cli.read_articles import ArticleLine
from services.cli.replay import Found, article_statements
from services.extractor.lexicon import Lexicon

STREAMS = Path(__file__).parent / "streams"


@dataclass
class Alerts:
    """Reports that alert and should, that alert needlessly, that should and do not."""

    right: int = 0
    needless: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.needless + self.missed)


def streams(kind: str) -> Iterator[Path]:
    yield from sorted((STREAMS / kind).glob("*.jsonl"))


def count_alerts(stream: Path, lexicon: Lexicon, statements_of: Callable[[ArticleLine, Lexicon], Found]) -> Alerts:
    """`statements_of`: from the texts (`extracted`) or, to try the ledger alone, the annotated claims (`given`).

    Reports of which only an optional claim is new count neither way."""
    ledger, alerts = Ledger(), Alerts()
    for line in stream.read_text(encoding="utf-8").splitlines():
        expected = json.loads(line)["expect_alert"]
        article = ArticleLine.model_validate_json(line)
        decisions = ledger.decide(article_statements(article, lexicon, statements_of))
        told = any(decision.kind in DEFAULT_KINDS for decision in decisions)
        if expected is not None:
            alerts.right += expected and told
            alerts.needless += told and not expected
            alerts.missed += expected and not told
    return alerts
