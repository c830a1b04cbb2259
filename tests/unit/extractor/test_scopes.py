import pytest

from services.extractor.vocabulary import Effect
from tests.unit.extractor.lexicon_fixture import read


def source_of_last_claim(text: str, language: str = "de") -> tuple[str | None, str | None]:
    claims = read(text, language=language).claims
    source = claims[-1].source
    return (source.name, source.code) if source else (None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Laut Lima stehen chilenische Soldaten in Bolivien.", "PER"),
        ("Nach peruanischen Angaben stehen chilenische Soldaten in Bolivien.", "PER"),
        ("Chilenische Soldaten stünden in Bolivien, sagte ein Sprecher der Armee von Peru.", "PER"),
        ("Chilenische Soldaten stehen in Bolivien, so der peruanische Generalstab.", "PER"),
        ("Chilenische Soldaten stehen in Bolivien. Das bestätigte die Regierung in Lima.", "PER"),
    ],
)
def test_the_speaker_before_and_after(text: str, code: str) -> None:
    assert source_of_last_claim(text)[1] == code


def test_reported_speech_goes_on_over_sentences() -> None:
    text = "Chile rüste auf, sagte Perus Außenminister. Seine Soldaten seien schon in Bolivien gelandet."
    assert source_of_last_claim(text)[1] == "PER"


def test_the_indicative_is_the_narrators_again() -> None:
    text = "Chile rüste auf, sagte Perus Außenminister. Chilenische Soldaten sind in Bolivien gelandet."
    assert source_of_last_claim(text) == (None, None)


def test_a_name_is_known_by_the_function_it_was_introduced_with() -> None:
    text = (
        "Der peruanische Außenminister Elmer Salcedo reist ab. Chilenische Soldaten seien in Bolivien, sagte Salcedo."
    )
    assert source_of_last_claim(text) == ("Salcedo", "PER")


def test_the_name_is_given_without_its_article() -> None:
    name, _ = source_of_last_claim("Chilenische Soldaten seien in Bolivien, sagte der peruanische Außenminister.")
    assert name == "peruanische Außenminister"


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("Chile bestreitet, dass Soldaten in Bolivien sind.", Effect.DENY),
        ("Wenn Soldaten kommen, gibt es Krieg.", Effect.CONDITION),
        ("Sollten Soldaten kommen, gibt es Krieg.", Effect.CONDITION),
        ("Kommen die Soldaten nach Haiti?", Effect.QUESTION),
        ("Peru fordert den Abzug der Soldaten.", Effect.DEMAND),
        ("Chile plant, Soldaten zu entsenden.", Effect.PLAN),
        ("Soldaten sind angeblich in Haiti.", Effect.SUSPECT),
        ("Soldaten sind nicht in Haiti.", Effect.NEGATE),
        ("Die Soldaten proben in Haiti den Ernstfall.", Effect.EXERCISE),
    ],
)
def test_effects_over_clauses(text: str, effect: Effect) -> None:
    document = read(text)
    assert any(effect in clause.effects for clause in document.sentences[0].clauses)


def test_what_stands_after_the_contrast_is_affirmed() -> None:
    document = read("Nicht mehr 500, sondern schon 900 Soldaten sind in Haiti.")
    assert all(Effect.NEGATE not in clause.effects for clause in document.sentences[0].clauses)
