from services.extractor.explain import explain_article
from services.extractor.extract_article import ArticleText
from tests.unit.extractor.lexicon_fixture import lexicon


def test_every_layer_and_its_rules_are_printed() -> None:
    text = "Laut Lima hat Chile 300 Soldaten nach Bolivien verlegt. Wenn Truppen kommen, gibt es Krieg."
    told = explain_article(ArticleText(None, text), lexicon())
    for part in (
        "tokens",
        "mention  force",
        "clause",
        "frame    send",
        "claim   CHL > BOL",
        "verb:verlegen",
        "dropped",
    ):
        assert part in told
    assert "says 'Lima' (PER)" in told


def test_a_shut_gate_is_said() -> None:
    assert explain_article(ArticleText(None, "Das Wetter bleibt schön."), lexicon()).startswith("gate:")
