"""What says nothing of forces changes no claim: a phrase that tells why, a sentence about something else."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon
from shared.events.statements import Claim

_FIRST_SENTENCE = re.compile(r"[^.!?“”\"„\n]+\.(?=$|\s+[A-ZÄÖÜ„“\"])")
_BESIDE = {
    "en": (
        " amid growing concern",
        " because of the fighting",
        " ahead of the elections",
        ", to the surprise of observers",
    ),
    "de": (
        ", zum Erstaunen der Nachbarn",
        ", um Stärke zu zeigen",
        ", weil die Kämpfe anhalten",
    ),
}
_BEHIND = {
    "en": ("Share prices fell.", "Opposition parties criticised the decision."),
    "de": ("Die Aktienkurse fielen.", "Die Opposition kritisierte die Entscheidung."),
}


def positive_cases(language: str) -> Iterator[tuple[str | None, str, date]]:
    """Title, text and date of publication of every case that tells a claim."""
    for line in (LANGUAGES_DIR / language / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case: dict[str, Any] = json.loads(line)
        if case["claims"]:
            yield case.get("title"), case["text"], date.fromisoformat(case.get("published", "2025-05-14"))


def claims(title: str | None, text: str, published: date, language: str, lexicon: Lexicon) -> list[Claim]:
    found = extract_article(ArticleText(title, text, published, language_hint=language), lexicon).statements
    return [claim for statement in found for claim in statement.claims]


def beside_the_first_sentence(text: str, phrase: str) -> str:
    """The text with the phrase before the first full stop; as it was where none ends a sentence."""
    first = _FIRST_SENTENCE.match(text)
    return f"{text[: first.end() - 1]}{phrase}{text[first.end() - 1 :]}" if first else text


@pytest.mark.parametrize("language", sorted(_BESIDE))
def test_what_says_nothing_of_forces_changes_no_claim(language: str, lexicon: Lexicon) -> None:
    differ = []
    for title, text, published in positive_cases(language):
        as_it_was = claims(title, text, published, language, lexicon)
        beside = (beside_the_first_sentence(text, phrase) for phrase in _BESIDE[language])
        behind = (f"{text} {sentence}" for sentence in _BEHIND[language])
        differ += [t for t in (*beside, *behind) if claims(title, t, published, language, lexicon) != as_it_was]
    assert not differ
