"""Whatever a feed sends: no exception, time linear in its length, spans that point at the verbatim text."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.extractor.explain import explain_article
from services.extractor.extract_article import ArticleText, Extraction, extract_article
from tests.unit.extractor.lexicon_fixture import lexicon

MEGABYTE = 1_000_000
OPENER = "Chile hat Soldaten nach Haiti geschickt, sagte er. "
WORDS = (
    "Soldaten troops 300 10.000 nach in Haiti Chile sagte der die nicht von bis aus zog ab und sie ihnen Grenze zu 1."
)
SIGNS = [
    ",",
    ".",
    "„",
    "“",
    '"',
    "(",
    ")",
    "–",
    ":",
    "\n",
    " ",
    "\u200b",
    "\u202e",
    "\u00ad",
    "🪖",
    "'s",
    "’",
    "-",
    "\u0000",
]
PIECES = st.sampled_from(
    [*WORDS.split(), *SIGNS, "сол", "дат", "兵士", "Kiew", "laut", "zufolge", "dass", "x" * 90, "İ", "ß"]
)


def spans_are_verbatim(article: ArticleText, found: Extraction) -> None:
    for statement in found.statements:
        field = (article.title or "") if statement.field == "title" else article.text
        assert field[statement.start : statement.end] == statement.text


@given(st.lists(PIECES, max_size=120), st.lists(PIECES, max_size=12), st.sampled_from(["", " "]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mixed_words_never_raise_and_spans_are_verbatim(text: list[str], title: list[str], joint: str) -> None:
    article = ArticleText(joint.join(title), OPENER + joint.join(text))
    spans_are_verbatim(article, extract_article(article, lexicon()))
    assert explain_article(article, lexicon())


@given(st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_never_raises(text: str, title: str) -> None:
    article = ArticleText(title, OPENER + text)
    spans_are_verbatim(article, extract_article(article, lexicon()))


HOSTILE = {
    "one word": "a",
    "one force word": "Soldaten",
    "force words": "Soldaten ",
    "numbers": "1.000 ",
    "number words": "zweitausend",
    "open quotes": "„",
    "nested quotes": '„“"',
    "brackets": "((",
    "commas": ", ",
    "full stops": "1. ",
    "relators": "in der von ",
    "capitals": "Ab ",
    "nations": "Chile ",
    "zero width": "So\u200bl\u202edaten ",
    "scripts": "солдат兵士Soldaten ",
    "clitics": "Peru's ",
    "line ends": "Soldaten\n",
    "hyphens": "Land-",
    "plus signs": "+",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_megabyte_of_anything_stays_linear(name: str) -> None:
    unit = HOSTILE[name]

    def seconds(size: int) -> float:
        article = ArticleText(None, OPENER + unit * (size // len(unit)))
        started = time.process_time()
        spans_are_verbatim(article, extract_article(article, lexicon()))
        return time.process_time() - started

    small = seconds(MEGABYTE // 40)
    assert seconds(MEGABYTE) < 40 * small + 3
