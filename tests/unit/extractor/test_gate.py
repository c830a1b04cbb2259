import pytest

from services.extractor.steps.gate import SHORT, compile_gate, passes_gate
from tests.unit.extractor.lexicon_fixture import lexicon

WORDS = [("soldaten", True, True), ("army", False, True), ("men", False, False), ("unit", False, False)]
LONG = " ".join(["word"] * SHORT)
NAMES = frozenset({"m23", "boko haram", "al-shabaab", "red guard brigade"})
PEOPLE = frozenset({"mann", "crew"})
GATE = compile_gate([*WORDS, ("red guard", False, True), ("u-boot", False, True)], NAMES, PEOPLE)


def test_a_strong_word_opens_alone() -> None:
    assert passes_gate(GATE, None, "The Army is there.")


def test_a_compound_ends_in_a_strong_head() -> None:
    assert passes_gate(GATE, None, "Elitesoldaten landen.")


def test_a_word_inside_another_does_not_open() -> None:
    assert not passes_gate(GATE, "Commentary", "swarmy armyworms, soldatenfriedhof")


def test_weak_words_open_only_together() -> None:
    assert not passes_gate(GATE, None, f"Men and men again. {LONG}")
    assert passes_gate(GATE, "A unit", f"of men {LONG}")


def test_in_a_brief_one_weak_word_opens() -> None:
    assert passes_gate(GATE, None, "Rome has 40 men there.")
    assert not passes_gate(GATE, None, "Rome has 40 buses there.")


def test_in_a_brief_people_open_behind_a_figure() -> None:
    assert passes_gate(GATE, None, "1.200 Mann landen.")
    assert passes_gate(GATE, None, "The first 90 Danish crew land.")
    assert not passes_gate(GATE, None, "Ein Mann landet.")
    assert not passes_gate(GATE, None, f"1.200 Mann landen. {LONG}")


def test_names_of_groups_open_an_article_only_beside_another_word() -> None:
    assert not passes_gate(GATE, None, f"M23, al-Shabaab and Boko Haram are names. {LONG}")
    assert passes_gate(GATE, None, f"Boko Haram has men. {LONG}")
    assert passes_gate(GATE, None, "M23 has left the town.")


def test_a_longer_name_does_not_hide_a_strong_phrase() -> None:
    assert passes_gate(GATE, None, "The Red Guard Brigade marched.")


def test_a_word_with_a_sign_is_a_phrase() -> None:
    assert passes_gate(GATE, None, "Ein U-Boot taucht auf.")
    assert not passes_gate(GATE, None, "Ein Boot taucht auf.")


@pytest.mark.parametrize(
    "text",
    [
        "Der Unternehmer kommt jetzt mit neuen Vorschlägen in die Gemeinde.",
        "The committee reformed the enforcement of parking rules.",
        "Das Wetter bleibt sonnig, am Abend kommen Wolken.",
    ],
)
def test_ordinary_news_stays_outside(text: str) -> None:
    assert not passes_gate(lexicon().gate, None, text)
