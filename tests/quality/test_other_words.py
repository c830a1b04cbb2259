"""What says the same in other words tells the same: each form changes at most its share of the cases."""

import pytest

from tests.quality.other_words import Form, Teller, all_forms, claims_teller, try_form
from tests.unit.extractor.lexicon_fixture import lexicon

SLACK = 1.0
"""Percent beyond the bar: cases are added all the time, and some of them do say something else in a form."""
FORMS = [pytest.param(form, id=f"{form.language}-{form.topic}-{form.name}") for form in all_forms()]


@pytest.fixture(scope="module")
def claims() -> Teller:
    return claims_teller(lexicon())


@pytest.mark.parametrize("form", FORMS)
def test_other_words_for_the_same_tell_the_same(form: Form, claims: Teller) -> None:
    tried = try_form(form, claims)
    assert tried.fitting, "no case fits the pattern"
    assert tried.share <= form.at_most + SLACK, "\n".join(map(str, tried.changes))
