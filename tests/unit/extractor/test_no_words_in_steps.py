"""Words live in the language data alone. A step that names one would work for one language only."""

import ast
import dataclasses
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from services.extractor import document, gazetteer_model, lexicon_tables
from services.extractor.document import TermKind
from services.extractor.lexicon import LANGUAGES_DIR
from services.extractor.orthography import Orthography
from shared.events import statements
from tests.unit.extractor.lexicon_fixture import lexicon

EXTRACTOR = LANGUAGES_DIR.parent
MIN_LETTERS = 4
WORDS = frozenset(
    {TermKind.FORCE, TermKind.NATION, TermKind.ORGANISATION, TermKind.PLACE, TermKind.ROLE_NOUN, TermKind.ATTRIBUTION}
    | {TermKind.EVENT, TermKind.PLACE_NOUN, TermKind.PERSON, TermKind.UNRELATED, TermKind.CUE}
)
STRUCTURE = frozenset(["sentence", "clause", "title", "text", "words", "main", "numbers", "places", "media", "part"])
"""Names of fields, tables, files and mention features, and the code MEDIA, that are also words of a language."""


def modules() -> list[Path]:
    own = ["extract_article", "explain", "compounds", "terms", "lexicon", "orthography", "word_forms"]
    return sorted([*(EXTRACTOR / "steps").glob("*.py"), *(EXTRACTOR / f"{name}.py" for name in own)])


def enumerations() -> set[str]:
    """Values that the model itself enumerates: kinds, stages, roles, sorts, flags."""
    found = set(STRUCTURE) | {field.name for field in dataclasses.fields(Orthography)}
    for module in (document, gazetteer_model, statements):
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, StrEnum):
                found |= {value.value for value in item}
    for table in lexicon_tables.TERM_TABLES.values():
        found |= table.sorts | table.keys
    found |= set(lexicon_tables.TERM_TABLES) | lexicon_tables.VERB_KEYS | lexicon_tables.RELATOR_ROLES
    return found


def literals(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    reasons = {id(arg) for node in ast.walk(tree) for arg in told_reasons(node)}
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
        found |= {
            word for word in language.terms.words() if any(t.kind in WORDS for t in language.terms.terms_of(word))
        }
        found |= set(language.verbs)
    return {word for word in found if len(word) >= MIN_LETTERS and re.fullmatch(r"\w+", word)}


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
