import pytest

from services.extractor.steps.statements import build_statements
from shared.events.statements import StatementType
from tests.unit.extractor.lexicon_fixture import read

CLAIM = "Chilenische Soldaten sind in Bolivien gelandet. Die Armee schweigt. "


def types(text: str) -> list[StatementType]:
    return [statement.type for statement in build_statements(read(CLAIM + text)) if statement.text in text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peru drohte Chile mit Vergeltung.", StatementType.THREATEN),
        ("Peru warf der chilenischen Armee einen Überfall vor.", StatementType.ACCUSE),
        ("Peru fordert den Abzug der Soldaten.", StatementType.REQUEST),
        ("Chiles Armee liefert der Miliz Munition.", StatementType.AID),
        ("Die Armee und die Rebellen vereinbarten eine Waffenruhe.", StatementType.COOPERATE),
        ("Bei einem Angriff wurden drei Soldaten getötet.", StatementType.ASSAULT),
    ],
)
def test_type_by_verb_or_noun(text: str, expected: StatementType) -> None:
    assert types(text) == [expected]


def test_a_claim_gives_its_sentence_the_type_of_its_stage() -> None:
    found = build_statements(read("Chile zieht seine Soldaten aus Haiti ab."))
    assert [statement.type for statement in found] == [StatementType.RETREAT]


def test_a_denied_claim_is_a_rejection_with_its_speaker() -> None:
    (found,) = build_statements(read("Chile bestreitet, dass Soldaten in Bolivien sind."))
    assert found.type is StatementType.REJECT
    assert found.speaker is not None
    assert found.speaker.code == "CHL"


def test_no_statement_without_an_armed_actor_and_a_claim() -> None:
    assert build_statements(read("Ein Soldat sah den Streit. Die Firma drohte mit Konsequenzen.")) == ()


def test_spans_are_offsets_into_the_field() -> None:
    text = "Es ist ruhig.\n\nChile hat 300 Soldaten nach Haiti geschickt."
    (found,) = build_statements(read(text))
    assert (found.field, text[found.start : found.end]) == ("text", found.text)
