"""Which sentences are read in full: around an armed actor, and the lead."""

import pytest

from services.extractor.extract_article import ArticleText, analyse
from tests.unit.extractor.lexicon_fixture import lexicon

_BEFORE = "The council met on Monday. It talked about roads. Tea was served. Rain fell. "
_BEHIND = " Rain fell again. Tea was cold. Nobody left early. The hall closed at six. The street was wet. It was late."
_OPENS_THE_GATE = " Years ago an army had a unit there."


@pytest.mark.parametrize(
    ("armed", "read"),
    [
        ("Soldiers of the army stood outside.", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("The crew sat at a table with the staff.", [0, 1, 4]),
    ],
)
def test_a_word_that_is_seldom_military_wakes_only_its_own_sentence(armed: str, read: list[int]) -> None:
    document = analyse(ArticleText(None, _BEFORE + armed + _BEHIND + _OPENS_THE_GATE), lexicon())
    assert document is not None
    assert [sentence.index for sentence in document.sentences[:8] if sentence.active] == read
