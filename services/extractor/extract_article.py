"""Article in, statements and claims out: the pure chain. Read this file first, then the steps in its order.

Every step adds to one document (document.py); words live in languages/, names in the gazetteer; nothing here knows a
language. `analyse` keeps the document, which is what explain.py prints: the same path, no second one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.extractor.document import Document
from services.extractor.lexicon import Lexicon
from services.extractor.steps.annotate import annotate, find_phrases
from services.extractor.steps.claims import draft_claims, drop_frames
from services.extractor.steps.clauses import split_clauses
from services.extractor.steps.focus import tells_in_passing
from services.extractor.steps.frames import build_frames
from services.extractor.steps.gate import passes_gate
from services.extractor.steps.mask_boilerplate import boilerplate_spans
from services.extractor.steps.scopes import apply_scopes
from services.extractor.steps.segment import detect_language, segment
from services.extractor.steps.statements import build_statements, names_enough, told_first
from shared.events.statements import Statement

MAX_CHARACTERS = 300_000
"""What is read of one text: as much as the bus carries; no claim of a longer one stands only behind that."""


@dataclass(frozen=True)
class ArticleText:
    """What the extractor reads of an article. `published` decides what is history and what relative dates mean."""

    title: str | None
    text: str
    published: datetime | date | None = None
    language_hint: str | None = None


@dataclass(frozen=True)
class Extraction:
    """`language` is None where none was recognised, or where no armed actor is named and nobody looked."""

    language: str | None
    statements: tuple[Statement, ...]


def extract_article(article: ArticleText, lexicon: Lexicon) -> Extraction:
    document = analyse(article, lexicon)
    if document is None:
        return Extraction(None, ())
    return Extraction(document.language, build_statements(document))


def analyse(article: ArticleText, lexicon: Lexicon) -> Document | None:
    """The document after all steps but the last; None if the gate stays shut or the language is none of ours."""
    title, text = article.title or "", article.text[:MAX_CHARACTERS]
    if not passes_gate(lexicon.gate, title, text):
        return None
    frequent = {code: language.orthography.frequent_words for code, language in lexicon.languages.items()}
    code = detect_language(f"{title}\n{text}", article.language_hint, frequent)
    if code is None:
        return None
    language = lexicon.languages[code]
    document = Document(title, text, _day(article.published), code)
    segment(document, boilerplate_spans(text, language.boilerplate), language.orthography)
    annotate(document, language)
    for sentences in told_first(document):
        find_phrases(document, sentences, language)
        split_clauses(document, sentences, language)
        build_frames(document, sentences, language)
    in_passing = tells_in_passing(document)
    if names_enough(document) or not in_passing:
        apply_scopes(document, language)
    if in_passing:
        drop_frames(document, language)
    else:
        draft_claims(document, language)
    return document


def _day(published: datetime | date | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published
