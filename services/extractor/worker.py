"""What runs in a worker process: the language data is loaded once, then article after article is extracted."""

import gc
from functools import cache

from services.extractor.extract_article import ArticleText, Extraction, extract_article
from services.extractor.lexicon import Lexicon, load_lexicon


@cache
def lexicon() -> Lexicon:
    """The language data, loaded at first use and kept for the life of the process."""
    return load_lexicon()


def prepare() -> None:
    """Load the language data before the first article comes, and keep the garbage collector from walking them
    again and again."""
    lexicon()
    gc.freeze()


def extract(article: ArticleText) -> Extraction:
    return extract_article(article, lexicon())
