"""The sentences of each language's cases.jsonl: minimal pairs, a third of them without any claim.

A case is {"id", "title"?, "text", "published"?, "claims"}; an expected claim holds only the slots it is about, `source`
as a code. Exactly the expected claims must come out.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon
from services.extractor.steps.segment import detect_language
from shared.events.statements import Claim

Case = dict[str, Any]


def all_cases() -> list[Any]:
    cases = []
    for path in sorted(LANGUAGES_DIR.glob("*/cases.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = {"language": path.parent.name, **json.loads(line)}
            cases.append(pytest.param(case, id=f"{case['language']}-{case['id']}"))
    return cases


def slots(claim: Claim) -> dict[str, Any]:
    found = claim.model_dump(mode="json")
    return {**found, "source": claim.source.code if claim.source else None}


def is_met(expected: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(found[slot] == value for slot, value in expected.items())


@pytest.mark.parametrize("case", all_cases())
def test_exactly_the_expected_claims_come_out(case: Case, lexicon: Lexicon) -> None:
    published = date.fromisoformat(case["published"]) if case.get("published") else None
    article = ArticleText(case.get("title"), case["text"], published, language_hint=case["language"])
    found = [slots(claim) for s in extract_article(article, lexicon).statements for claim in s.claims]
    unmet = [expected for expected in case["claims"] if not any(is_met(expected, claim) for claim in found)]
    assert not unmet, f"not found: {unmet} among {found}"
    assert len(found) == len(case["claims"]), f"too many: {found}"


LEAST_CASES = {"de": 150, "en": 150}
"""Of the first two languages; a further one needs the same constructions in fewer sentences."""


def test_every_language_has_its_sentences(lexicon: Lexicon) -> None:
    assert {"de", "en", "fr"} <= set(lexicon.languages)
    for code in lexicon.languages:
        path = LANGUAGES_DIR / code / "cases.jsonl"
        assert path.is_file(), f"{code} has no cases.jsonl"
        assert len(path.read_text(encoding="utf-8").splitlines()) >= LEAST_CASES.get(code, 60), code


@pytest.mark.parametrize("path", sorted(LANGUAGES_DIR.glob("*/cases.jsonl")), ids=lambda path: path.parent.name)
def test_the_language_of_its_sentences_is_recognised_without_a_hint(path: Path, lexicon: Lexicon) -> None:
    frequent = {code: language.orthography.frequent_words for code, language in lexicon.languages.items()}
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    articles = [" ".join(texts[first : first + 3]) for first in range(0, len(texts), 3)]
    assert {detect_language(article, None, frequent) for article in articles} == {path.parent.name}


@pytest.mark.parametrize("path", sorted(LANGUAGES_DIR.glob("*/cases.jsonl")), ids=lambda path: path.parent.name)
def test_a_third_of_the_cases_is_negative(path: Path) -> None:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({case["id"] for case in cases}) == len(cases)
    assert sum(not case["claims"] for case in cases) * 3 >= len(cases)
