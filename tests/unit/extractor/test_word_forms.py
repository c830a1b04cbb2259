import pytest

from services.extractor.vocabulary import VerbForm
from services.extractor.word_forms import LanguageDataError, expand_word, parse_verb, verb_forms

PARADIGM = {"weak": {"infinitive": ["{0}en"], "to_infinitive": ["{particle}zu{0}en"], "participle": ["ge{0}t", "{1}x"]}}


def test_stems_and_endings() -> None:
    assert expand_word("Soldat|en|in", {}) == ["soldat", "soldaten", "soldatin"]
    assert expand_word("russisch-|e|er", {}) == ["russische", "russischer"]
    assert expand_word("klar~adj", {"adj": ["", "e"]}) == ["klar", "klare"]


def test_a_verb_with_particle_and_needed_words() -> None:
    verb = parse_verb("nehmen/ein = weak nehm & stadt dorf")
    assert (verb.lemma, verb.particle, verb.parts, verb.needs) == ("nehmen", "ein", ("nehm",), {"stadt", "dorf"})


def test_particles_are_joined_where_the_language_does() -> None:
    verb = parse_verb("legen/ab = weak leg")
    forms = set(verb_forms(verb, PARADIGM, joins_particle=True))
    assert ("abgelegt", VerbForm.PARTICIPLE, True) in forms
    assert ("abzulegen", VerbForm.TO_INFINITIVE, True) in forms
    assert all(not joined or "zu" in form for form, _, joined in verb_forms(verb, PARADIGM, joins_particle=False))


def test_a_template_without_its_part_is_left_out() -> None:
    forms = {form for form, _, _ in verb_forms(parse_verb("legen = weak leg"), PARADIGM, joins_particle=True)}
    assert forms == {"legen", "gelegt"}


@pytest.mark.parametrize("notation", ["ohne paradigma", "= weak leg", ""])
def test_a_notation_that_does_not_fit_says_what_is_expected(notation: str) -> None:
    with pytest.raises(LanguageDataError, match="expected 'lemma/particle"):
        parse_verb(notation)


def test_unknown_names_are_named() -> None:
    with pytest.raises(LanguageDataError, match="no set of endings 'xy'"):
        expand_word("klar~xy", {})
    with pytest.raises(LanguageDataError, match="no paradigm 'stark'"):
        list(verb_forms(parse_verb("gehen = stark geh"), PARADIGM, joins_particle=True))
