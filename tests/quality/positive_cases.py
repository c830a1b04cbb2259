"""The cases of a language that tell something, to be told in another way."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from services.extractor.lexicon import LANGUAGES_DIR


def positive_cases(language: str) -> Iterator[tuple[str | None, str, date]]:
    """Title, text and date of publication of every case that tells a claim."""
    for line in (LANGUAGES_DIR / language / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case: dict[str, Any] = json.loads(line)
        if case["claims"]:
            yield case.get("title"), case["text"], date.fromisoformat(case.get("published", "2025-05-14"))
