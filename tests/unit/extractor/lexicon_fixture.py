"""One lexicon for all tests: loading reads some thirty files."""

from datetime import date
from functools import lru_cache

from services.extractor.document import Document
from services.extractor.extract_article import ArticleText, analyse
from services.extractor.lexicon import Lexicon, load_lexicon


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return load_lexicon()


def read(text: str, title: str | None = None, language: str = "de", published: date | None = None) -> Document:
    """The document after all steps. The text must name an armed actor, or there is nothing to read."""
    document = analyse(ArticleText(title, text, published or date(2024, 3, 5), language_hint=language), lexicon())
    assert document is not None, "the gate stayed shut"
    return document
