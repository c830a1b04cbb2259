"""Whole sequences of reports, as a subscriber would read them."""

import pytest

from services.alerts.decide.replay import Ledger
from tests.unit.alerts.told import article, claim, kinds, told


def test_a_lower_bound_corroborates_and_a_larger_figure_of_the_same_source_revises():
    assert told(claim("KOR", 3000), claim("USA", (3000, None)), claim("USA", 10_000)) == [
        "new",
        "corroborated",
        "revised",
    ]


def test_a_figure_that_drifts_alerts_once_it_has_left_the_figure_that_opened_the_claim():
    assert told(claim("UKR", 10_000), claim("UKR", 11_000), claim("UKR", 12_000)) == ["new", "repeated", "revised"]


def test_two_figures_of_one_article_are_two_claims():
    assert kinds(Ledger(), article("a", claim("KOR", 1500), claim("KOR", 3000))) == ["new", "new"]


def test_a_place_is_new_until_it_is_known_or_lies_around_a_known_one():
    sequence = [claim("UKR"), claim("UKR", place="Plekhovo"), claim("UKR", place="Kursk oblast")]
    assert told(*sequence) == ["new", "new", "repeated"]


def test_a_party_that_admits_what_it_denied_is_told():
    sequence = [
        claim("RUS", certainty="denied"),
        claim("UKR"),
        claim("PRK", certainty="denied"),
        claim("PRK", certainty="confirmed"),
    ]
    assert told(*sequence) == ["denied", "new", "denied", "revised"]


def test_additional_forces_are_compared_among_themselves():
    def to_lithuania(count, **more):
        return claim("DEU", count, actor="DEU", destination="LTU", stage="planned", **more)

    first, second, third = told(to_lithuania(4800), to_lithuania(1000, additional=True), to_lithuania(5800))
    assert (first, second) == ("new", "new")
    assert third in ("new", "revised")


@pytest.mark.parametrize("last", ["the region", "Middle East", None])
def test_a_vague_copy_attaches_to_what_is_known(last):
    sequence = [
        claim("USA", 3000, actor="USA", destination=None, place="Middle East", stage="planned"),
        claim("USA", 3000, actor="USA", destination="IRQ", stage="planned"),
        claim("USA", 3000, actor="USA", destination=None, place=last, stage="planned"),
    ]
    assert told(*sequence) == ["new", "new", "repeated"]


def test_the_demo_story_has_five_alerts():
    plan = claim("RUS", 2000, actor="RUS", destination="BLR", stage="planned")
    larger = claim("POL", 9000, actor="RUS", destination="BLR", stage="planned")
    arrived = claim("BLR", 1000, actor="RUS", destination="BLR")
    risen = claim("BLR", 1600, actor="RUS", destination="BLR")
    denial = claim("RUS", actor="RUS", destination="BLR", certainty="denied")
    ledger = Ledger()
    assert kinds(
        ledger,
        article("a", plan),
        article("b", plan, day=1),
        article("c", larger, day=2),
        article("d", arrived, day=3),
        article("e", denial, day=4),
        article("f", day=5),
        article("d", risen, day=3, revision=2),
    ) == ["new", "repeated", "new", "new", "denied", "revised"]
    copies = [article(f"copy-{n}", one, day=6) for n, one in enumerate([plan, larger, arrived, risen, denial])]
    assert kinds(ledger, *copies) == ["repeated"] * 5
