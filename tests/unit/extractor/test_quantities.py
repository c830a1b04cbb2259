import pytest

from services.extractor.document import MentionKind
from services.extractor.steps.number_words import combine, compose_number, parse_digits
from tests.unit.extractor.lexicon_fixture import lexicon, read


@pytest.mark.parametrize(
    ("form", "language", "value"),
    [
        ("10.000", "de", 10000),
        ("10,000", "en", 10000),
        ("1,5", "de", 1.5),
        ("1.5", "en", 1.5),
        ("10 000", "de", 10000),
        ("10\u202f000", "de", 10000),
        ("10k", "en", 10000),
        ("1.234.567", "de", 1234567),
        ("F16", "de", None),
    ],
)
def test_digits_are_read_by_the_marks_of_the_language(form: str, language: str, value: float | None) -> None:
    assert parse_digits(form, lexicon().languages[language].orthography) == value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("zwölftausend", 12000),
        ("fünfundzwanzig", 25),
        ("dreihundert", 300),
        ("zweieinhalbtausend", 2500),
        ("hundertfünfzigtausend", 150000),
        ("einheit", None),
        ("achtlos", None),
    ],
)
def test_number_words_written_as_one(word: str, value: float | None) -> None:
    assert compose_number(word, lexicon().languages["de"].number_parts) == value


def test_scales_multiply_and_the_rest_adds_up() -> None:
    assert combine([5, 100, 20, 1000, 300]) == 520300


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("mindestens 300", 300, None),
        ("bis zu 300", None, 300),
        ("rund 300", 300, 300),
        ("200 bis 300", 200, 300),
        ("zwischen 200 und 300", 200, 300),
        ("sechs- bis achttausend", 6000, 8000),
        ("1,5 Millionen", 1500000, 1500000),
        ("Hunderte", None, None),
    ],
)
def test_bounds_and_ranges(phrase: str, low: int | None, high: int | None) -> None:
    document = read(f"In Haiti sind {phrase} Soldaten.")
    forces = [m for s in document.sentences for m in s.mentions if m.kind is MentionKind.FORCE]
    assert [(m.count_min, m.count_max) for m in forces] == [(low, high)]


def test_forces_on_top_of_others_are_additional() -> None:
    assert read("Chile hat weitere 200 Soldaten nach Haiti entsandt.").claims[0].additional
