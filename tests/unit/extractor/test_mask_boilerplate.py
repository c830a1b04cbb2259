from services.extractor.steps.mask_boilerplate import boilerplate_spans
from tests.unit.extractor.lexicon_fixture import lexicon, read


def hidden(text: str, language: str = "de") -> list[str]:
    return [text[start:end] for start, end in boilerplate_spans(text, lexicon().languages[language].boilerplate)]


def test_a_teaser_goes_with_its_opener() -> None:
    text = "Der Text.\n\nAuch interessant\n\nHunderte Soldaten landen auf der Insel\n\nEs geht weiter."
    assert hidden(text) == ["Auch interessant", "Hunderte Soldaten landen auf der Insel"]


def test_a_sentence_after_an_opener_is_text() -> None:
    text = "Mehr zum Thema\nDie Regierung hat am Montag Soldaten auf die Insel geschickt."
    assert hidden(text) == ["Mehr zum Thema"]


def test_a_crosshead_that_states_something_is_no_teaser() -> None:
    text = "Es ist ruhig.\n\nPeru: 400 chilenische Soldaten nach Bolivien verlegt\n\nMehr ist nicht bekannt."
    assert hidden(text) == []
    assert [claim.count_min for claim in read(text).claims] == [400]


def test_embed_and_consent_notices_are_hidden() -> None:
    text = "An dieser Stelle befindet sich ein externer Inhalt von X.\nNewsletter bestellen: hier"
    assert len(hidden(text)) == 2


def test_a_long_line_is_text_whatever_it_mentions() -> None:
    assert hidden("Im Newsletter der Armee stand das auch. " * 20) == []


def test_english_notices() -> None:
    assert hidden("Sign up for our newsletter\nTroops moved.", "en") == ["Sign up for our newsletter"]
