"""Whatever a feed sends: no exception, time linear in its length, spans that point at the verbatim text."""

import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
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


@example(["Soldaten", "von", "300"], [], " ")
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
    "headings": "Soldaten in Haiti\n",
    "places": "in Bremen und in Lima ",
    "quotations of others": "„Sie sagte: »Soldaten« ",
    "denials": "Peru wies den Bericht zurück. ",
    "no full stop": "und die Soldaten gingen nach Haiti und ",
    "right to left": "\u202eSoldaten\u202c في غزة ",
    "no spaces": "SoldateninHaiti",
    "superscripts": "Soldaten am ². Mai ²²²² nach Haiti, auf ³. ",
}


def _filled(unit: str, size: int) -> str:
    """`unit` again and again, with enough words of a language between that every step reads it."""
    piece = unit * max(1, 120 // len(unit)) + " " + OPENER
    return OPENER + piece * (size // len(piece))


def _calls(text: str) -> int:
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        extract_article(ArticleText(None, text), lexicon())
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_megabyte_of_anything_is_read(name: str) -> None:
    unit = HOSTILE[name]
    article = ArticleText(None, OPENER + unit * (MEGABYTE // len(unit)))
    spans_are_verbatim(article, extract_article(article, lexicon()))


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_work_grows_with_length_only(name: str) -> None:
    unit = HOSTILE[name]
    _calls(_filled(unit, 500))  # what is loaded at first use
    short, long = _calls(_filled(unit, 2_000)), _calls(_filled(unit, 8_000))
    assert long < 4.6 * short
