from services.extractor.document import Clause, Document
from tests.unit.extractor.lexicon_fixture import read


def clauses(text: str, language: str = "de") -> list[tuple[str, str]]:
    document = read(text, language=language)
    sentence = document.sentences[0]
    return [(clause.kind, words(document, clause)) for clause in sentence.clauses]


def words(document: Document, clause: Clause) -> str:
    return " … ".join(document.words(document.sentences[0], first, last) for first, last in clause.pieces)


def test_a_relative_clause_is_cut_out_of_its_main_clause() -> None:
    assert clauses("Die Soldaten, die in Haiti stehen, kämpfen dort.") == [
        ("main", "Die Soldaten, … kämpfen dort."),
        ("relative", "die in Haiti stehen,"),
    ]


def test_a_that_clause_hangs_on_its_verb() -> None:
    assert [kind for kind, _ in clauses("Peru sagte, dass Soldaten in Haiti stehen.")] == ["main", "sub"]


def test_an_apposition_does_not_end_a_clause() -> None:
    assert clauses("Die Armee, größte Truppe im Land, kämpft in Haiti.") == [
        ("main", "Die Armee, … größte Truppe im Land, … kämpft in Haiti.")
    ]


def test_an_infinitive_with_its_marker_is_a_clause() -> None:
    assert [kind for kind, _ in clauses("Chile plant, Soldaten nach Haiti zu entsenden.")] == ["main", "infinitive"]


def test_two_verbs_joined_by_and_are_two_clauses() -> None:
    assert len(clauses("Die Soldaten haben Peru verlassen und stehen jetzt in Haiti.")) == 2


def test_a_separable_verb_finds_its_particle() -> None:
    document = read("Chile zieht seine Soldaten aus Haiti ab.")
    verb = document.sentences[0].clauses[0].verbs[0]
    assert (verb.reading.verb.lemma, verb.reading.verb.particle) == ("ziehen", "ab")


def test_beside_an_auxiliary_a_form_is_a_participle() -> None:
    document = read("Soldaten wurden in Haiti stationiert.")
    assert [v.reading.form.value for v in document.sentences[0].clauses[0].verbs] == ["past", "participle"]


def test_english_splits_after_a_verb_of_saying() -> None:
    found = clauses("Peru says Chilean soldiers have arrived in Bolivia.", "en")
    assert [text for _, text in found] == ["Peru says", "Chilean soldiers have arrived in Bolivia."]
