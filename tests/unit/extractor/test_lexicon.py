"""Language data are checked at load; a new language is a folder and nothing else."""

import shutil
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import LANGUAGES_DIR, Lexicon, load_lexicon
from services.extractor.word_forms import LanguageDataError, expand_word
from shared.events.statements import Certainty, Stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy with one language, so that a test may break it."""
    shutil.copy(LANGUAGES_DIR / "world.toml", tmp_path / "world.toml")
    shutil.copytree(LANGUAGES_DIR / "de", tmp_path / "de")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("forces.toml", "[[forces]\n", "no valid TOML"),
        ("forces.toml", "[[army]]\nwords = []\n", "unknown table; known are"),
        ("forces.toml", '[[forces]]\nwords = ["x"]\ncolour = 1\n', "unknown key \\['colour'\\]"),
        ("forces.toml", '[[forces]]\nwords = ["x"]\nsort = "elves"\n', "sort 'elves' is none of"),
        ("forces.toml", '[[forces]]\nwords = ["x~elf"]\n', "no set of endings 'elf'"),
        ("relators.toml", '[[relators]]\nwords = ["x"]\nroles = ["up"]\n', "each must be one of"),
        ("verbs.toml", '[[verbs]]\nwords = ["gehen"]\n', "expected 'lemma/particle"),
        (
            "verbs.toml",
            '[[verbs]]\nframe = "fly"\nwords = ["gehen = schwach geh"]\n',
            "'fly' is not a valid FrameClass",
        ),
        ("numbers.toml", '[numbers]\nzwei = "two"\n', "'two' is no number"),
        ("orthography.toml", "decimal = 1\n", "unknown key \\['decimal'\\]"),
    ],
)
def test_broken_data_are_named_with_file_and_entry(folder: Path, name: str, content: str, message: str) -> None:
    (folder / "de" / name).write_text(content, encoding="utf-8")
    with pytest.raises(LanguageDataError, match=message) as error:
        load_lexicon(folder)
    assert name in str(error.value)


def test_a_directory_without_languages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LanguageDataError, match="no language folder"):
        load_lexicon(tmp_path)


ITALIAN = {
    "orthography.toml": """
decimal_mark = ","
thousand_marks = ["."]
elisions = ["l'", "l’"]
frequent_words = ["il", "la", "di", "che", "in", "ha", "sono", "nel", "della", "i", "le", "un", "a", "per"]
months = ["marzo"]
[paradigms.are]
infinitive = ["{0}are"]
present = ["{0}a", "{0}ano"]
participle = ["{0}ato", "{0}ati"]
[paradigms.irregular]
present = ["{0}", "{1}"]
""",
    "forces.toml": '[[forces]]\nsort = "people"\ncounts = true\nwords = ["soldati"]\n',
    "relators.toml": """
[[relators]]
roles = ["at", "goal"]
words = ["in"]
[[relators]]
roles = ["against"]
words = ["contro"]
[[determiners]]
words = ["il", "la", "i", "le"]
""",
    "verbs.toml": """
[[verbs]]
frame = "send"
stage = "deployed"
words = ["inviare = are invi"]
[[verbs]]
auxiliary = true
words = ["avere = irregular ha hanno"]
[[verbs]]
says = true
effect = "deny"
words = ["negare = are neg"]
[[subordinators]]
sort = "that"
words = ["che"]
""",
    "nations.toml": '[nations]\nCHL = { adjectives = ["cileno", "cileni"] }\n',
    "places.toml": "",
    "organisations.toml": "",
}


def test_a_language_is_added_as_a_folder_only(folder: Path) -> None:
    (folder / "it").mkdir()
    for name, content in ITALIAN.items():
        (folder / "it" / name).write_text(content, encoding="utf-8")
    lexicon = load_lexicon(folder)
    found = extract_article(
        ArticleText(None, "Il Cile ha inviato 1.200 soldati in Bolivia.", date(2024, 3, 5), "it"), lexicon
    )
    claims = [claim for statement in found.statements for claim in statement.claims]
    assert found.language == "it"
    assert [(c.actor, c.destination, c.count_min, c.stage, c.certainty) for c in claims] == [
        ("CHL", "BOL", 1200, Stage.DEPLOYED, Certainty.CONFIRMED)
    ]


def all_word_tables() -> list[Any]:
    """Each table of each language file as (file, table, its blocks, the language's sets of endings)."""
    tables = []
    for path in sorted(LANGUAGES_DIR.glob("*/*.toml")):
        endings = tomllib.loads((path.parent / "orthography.toml").read_text(encoding="utf-8")).get("endings", {})
        for table, blocks in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict):
                tables.append(pytest.param(table, blocks, endings, id=f"{path.parent.name}-{path.stem}-{table}"))
    return tables


@pytest.mark.parametrize(("table", "blocks", "endings"), all_word_tables())
def test_no_word_is_told_twice(table: str, blocks: list[dict[str, Any]], endings: dict[str, list[str]]) -> None:
    alike: dict[str, list[str]] = {}
    for block in blocks:
        attributes = repr(sorted((key, value) for key, value in block.items() if key != "words"))
        alike.setdefault(attributes, []).extend(block.get("words", ()))
    for words in alike.values():
        forms = [frozenset([word] if table == "verbs" else expand_word(word, endings)) for word in words]
        assert not [word for word, own in zip(words, forms, strict=True) if sum(own <= other for other in forms) > 1]


def test_no_reading_of_a_verb_hides_another(lexicon: Lexicon) -> None:
    """Of two with the same form, particle and needed words only the first would ever be chosen."""
    for language in lexicon.languages.values():
        for form, readings in language.verbs.items():
            alike = Counter((r.verb.lemma, r.verb.particle, r.verb.needs, r.form, r.joined) for r in readings)
            assert [key for key, times in alike.items() if times > 1] == [], (language.code, form)
