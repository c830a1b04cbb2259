import pytest

from services.extractor.document import BlockKind, Document
from services.extractor.steps.segment import detect_language, segment
from tests.unit.extractor.lexicon_fixture import lexicon


def sentences(text: str, language: str = "de", title: str = "") -> list[str]:
    document = Document(title, text, None, language)
    segment(document, [], lexicon().languages[language].orthography)
    return [document.field_text(s.field)[s.start : s.end] for s in document.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das 3. Bataillon rückt aus. Es bleibt ruhig.", ["Das 3. Bataillon rückt aus.", "Es bleibt ruhig."]),
        ("Am 5. März begann es. Dann kam Regen.", ["Am 5. März begann es.", "Dann kam Regen."]),
        ("Es waren ca. 400 Mann. Alle gingen.", ["Es waren ca. 400 Mann.", "Alle gingen."]),
        ("„Wir gehen!“, sagte er. Niemand blieb.", ["„Wir gehen!“, sagte er.", "Niemand blieb."]),
        ("„Wir gehen.“ Das sagte er.", ["„Wir gehen.“", "Das sagte er."]),
        ("Überschrift ohne Punkt\nDer Text beginnt.", ["Überschrift ohne Punkt", "Der Text beginnt."]),
        ("Es kostete 10.000 Euro. Viel.", ["Es kostete 10.000 Euro.", "Viel."]),
    ],
)
def test_german_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lt. Col. Ames spoke. He left.", ["Lt. Col. Ames spoke.", "He left."]),
        ("The U.S. army moved. It rained.", ["The U.S. army moved.", "It rained."]),
        ('"We go." That was all.', ['"We go."', "That was all."]),
    ],
)
def test_english_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text, "en") == expected


def test_offsets_point_at_the_unchanged_text() -> None:
    text = "Erster Satz.\r\n\r\n  Zweiter\u00a0Satz – mit 1\u202f500 Zeichen."
    document = Document("", text, None, "de")
    segment(document, [], lexicon().languages["de"].orthography)
    assert all(text[token.start : token.end] == token.form for token in document.tokens)


def test_a_short_line_without_full_stop_is_a_heading() -> None:
    document = Document("Titel", "Neue Lage im Osten\nEs bleibt ruhig.", None, "de")
    segment(document, [], lexicon().languages["de"].orthography)
    assert [s.kind for s in document.sentences] == [BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_language_is_told_by_its_frequent_words() -> None:
    frequent = {code: language.orthography.frequent_words for code, language in lexicon().languages.items()}
    assert detect_language("Die Soldaten sind in der Stadt und nicht auf dem Land.", None, frequent) == "de"
    assert detect_language("The soldiers are in the town and not on the land.", "de", frequent) == "en"
    assert (
        detect_language("Żołnierze przekroczyli granicę w nocy, mówi rzecznik armii kraju sąsiedniego.", None, frequent)
        is None
    )
