"""What says nothing of forces changes no claim: a phrase that tells why, a sentence about something else."""

import re
from datetime import date

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import Lexicon
from shared.events.statements import Claim
from tests.quality.positive_cases import positive_cases

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
