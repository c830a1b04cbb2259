"""Words live in the language data alone. A step that names one would work for one language only."""

import ast
import dataclasses
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from services.extractor import document, gazetteer_model, lexicon_tables, vocabulary
from services.extractor.lexicon import DATE_UNITS, LANGUAGES_DIR, DateWords
from services.extractor.orthography import Orthography
from shared.events import statements
from tests.unit.extractor.lexicon_fixture import lexicon

EXTRACTOR = LANGUAGES_DIR.parent
MIN_LETTERS = 4
STRUCTURE = frozenset(
    ["sentence", "clause", "title", "text", "words", "main", "numbers", "places", "media", "strong", "neighbours"]
)
"""Names of fields (GeoNames' too), tables and files, and the code MEDIA, that are also words of a language."""
FEATURES = frozenset(["part", "from", "several", "year", "direction"])
"""Features of mentions and forms of place phrases, named in English."""


def modules() -> list[Path]:
    own = ["extract_article", "explain", "compounds", "terms", "lexicon", "orthography", "word_forms"]
    own += ["place_phrases", "fold_names", "surface_forms", "cities"]
    return sorted([*(EXTRACTOR / "steps").glob("*.py"), *(EXTRACTOR / f"{name}.py" for name in own)])


def enumerations() -> set[str]:
    """Values that the model itself enumerates: kinds, stages, roles, sorts, flags."""
    found = set(STRUCTURE | FEATURES | DATE_UNITS)
    for model in (Orthography, DateWords):
        found |= {field.name for field in dataclasses.fields(model)}
    for module in (document, vocabulary, gazetteer_model, statements):
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, StrEnum):
                found |= {value.value for value in item}
    for table in lexicon_tables.TERM_TABLES.values():
        found |= table.sorts | table.keys
    found |= set(lexicon_tables.TERM_TABLES) | lexicon_tables.VERB_KEYS | lexicon_tables.RELATOR_ROLES
    return found


def literals(path: Path, sentences: bool = False) -> Iterator[tuple[int, str]]:
    """String literals but docstrings; those of several words, which explain prints as reasons, only if asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    reasons = set() if sentences else {id(arg) for node in ast.walk(tree) for arg in told_reasons(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | reasons:
            yield node.lineno, node.value


def told_reasons(node: ast.AST) -> list[ast.AST]:
    """Sentences that only explain print: literals of several words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(" ") >= 1:
        return [node]
    return []


def language_words() -> set[str]:
    found: set[str] = set()
    for language in lexicon().languages.values():
        found |= {word for word in language.terms.words() if language.terms.terms_of(word)}
        found |= set(language.verbs)
    return {word for word in found if len(word) >= MIN_LETTERS and re.fullmatch(r"\w+", word)}


def language_phrases() -> set[str]:
    """Entries of several words in any list of any language's files."""
    found: set[str] = set()
    for path in LANGUAGES_DIR.glob("*/*.toml"):
        found |= {entry.partition("|")[0].lower() for entry in entries(tomllib.loads(path.read_text(encoding="utf-8")))}
    return {entry for entry in found if re.fullmatch(r"\w+( \w+)+", entry)}


def entries(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from entries(value)


def test_no_step_holds_a_phrase_of_a_language() -> None:
    forbidden = language_phrases()
    assert len(forbidden) > 2000
    found = [
        f"{path.name}:{line}: {literal!r}"
        for path in modules()
        for line, literal in literals(path, sentences=True)
        if literal.strip().lower() in forbidden
    ]
    assert found == []


def test_no_step_holds_a_word_of_a_language() -> None:
    forbidden = language_words() - enumerations()
    assert len(forbidden) > 5000
    found = [
        f"{path.name}:{line}: {word!r}"
        for path in modules()
        for line, literal in literals(path)
        for word in re.findall(r"\w+", literal.lower())
        if word in forbidden
    ]
    assert found == []


def test_no_module_asks_which_language_it_reads() -> None:
    codes = set(lexicon().languages)
    found = [f"{path.name}:{line}" for path in modules() for line, literal in literals(path) if literal in codes]
    assert found == []
