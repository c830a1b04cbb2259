"""The same claim comes out however it is put: every word of a kind in every construction of it."""

import itertools
import json
from typing import Any

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon
from tests.unit.extractor.compose_sentences import Composed, Construction, Expected, all_constructions


def found_claims(construction: Construction, sentence: Composed, lexicon: Lexicon) -> list[dict[str, Any]]:
    article = ArticleText(sentence.title, sentence.text, construction.published, language_hint=construction.language)
    claims = [claim for one in extract_article(article, lexicon).statements for claim in one.claims]
    return [
        {**claim.model_dump(mode="json"), "source": claim.source.code if claim.source else None} for claim in claims
    ]


def wrong_slots(expected: Expected, found: dict[str, Any]) -> dict[str, Any]:
    return {slot: found[slot] for slot, value in expected.slots.items() if found[slot] != value}


def differences(sentence: Composed, found: list[dict[str, Any]]) -> str | None:
    """What is wrong with the claims found; None if nothing is."""
    if not sentence.claims:
        return "a claim where there is none" if found else None
    needed = sum(not one.optional for one in sentence.claims)
    if not needed <= len(found) <= len(sentence.claims):
        return f"{len(found)} claims"
    least: list[dict[str, Any]] = [{}] * (len(found) + 1)
    for expected in itertools.permutations(sentence.claims, len(found)):
        missing = needed - sum(not one.optional for one in expected)
        pairs = zip(expected, found, strict=True)
        wrong = [{"missing": missing}] * missing + [w for one, claim in pairs if (w := wrong_slots(one, claim))]
        least = min(least, wrong, key=len)
    return json.dumps(least, ensure_ascii=False) if least else None


@pytest.mark.parametrize(
    "construction",
    [pytest.param(one, id=f"{one.language}-{one.topic}-{one.name}") for one in all_constructions(LANGUAGES_DIR)],
)
def test_every_sentence_tells_its_claim(construction: Construction, lexicon: Lexicon) -> None:
    assert construction.sentences, "no word has the forms that the construction asks for"
    wrong = [
        f"{sentence}  -> {difference}"
        for sentence in construction.sentences
        if (difference := differences(sentence, found_claims(construction, sentence, lexicon)))
    ]
    if wrong:
        pytest.fail(
            f"{len(wrong)} of {len(construction.sentences)} told otherwise:\n" + "\n".join(wrong), pytrace=False
        )
