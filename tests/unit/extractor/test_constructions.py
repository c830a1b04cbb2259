"""The same claim comes out however it is put: every word of a kind in every construction of it."""

import json
from typing import Any

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon, load_lexicon
from tests.unit.extractor.compose_sentences import Composed, Construction, all_constructions


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def found_claims(construction: Construction, sentence: Composed, lexicon: Lexicon) -> list[dict[str, Any]]:
    article = ArticleText(None, sentence.text, construction.published, language_hint=construction.language)
    claims = [claim for one in extract_article(article, lexicon).statements for claim in one.claims]
    return [
        {**claim.model_dump(mode="json"), "source": claim.source.code if claim.source else None} for claim in claims
    ]


def differences(sentence: Composed, found: list[dict[str, Any]]) -> str | None:
    """What is wrong with the claims found; None if nothing is."""
    if sentence.claim is None:
        return "a claim where there is none" if found else None
    if len(found) != 1:
        return f"{len(found)} claims"
    wrong = {slot: found[0][slot] for slot, value in sentence.claim.items() if found[0][slot] != value}
    return json.dumps(wrong, ensure_ascii=False) if wrong else None


@pytest.mark.parametrize(
    "construction",
    [pytest.param(one, id=f"{one.language}-{one.topic}-{one.name}") for one in all_constructions(LANGUAGES_DIR)],
)
def test_every_sentence_tells_its_claim(construction: Construction, lexicon: Lexicon) -> None:
    assert construction.sentences, "no word has the forms that the construction asks for"
    wrong = [
        f"{sentence.text}  -> {difference}"
        for sentence in construction.sentences
        if (difference := differences(sentence, found_claims(construction, sentence, lexicon)))
    ]
    if wrong:
        pytest.fail(
            f"{len(wrong)} of {len(construction.sentences)} told otherwise:\n" + "\n".join(wrong), pytrace=False
        )
