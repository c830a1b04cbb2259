from dataclasses import replace
from datetime import date

import pytest

from services.extractor.document import Document, DraftClaim, Speaker
from services.extractor.steps.merging import is_copy, merge
from services.extractor.steps.segment import segment
from shared.events.statements import Certainty, Stage
from tests.unit.extractor.lexicon_fixture import lexicon, read

CLAIM = DraftClaim(
    sentence=0, order=0, actor="CHL", destination="HTI", place=None, place_key=None, place_within=(), count_min=None,
    count_max=None, additional=False, stage=Stage.DEPLOYED, certainty=Certainty.CONFIRMED, source=None,
)  # fmt: skip
PERU = Speaker("Lima", "PER")


def document() -> Document:
    empty = Document("", "Ein Satz. Noch einer.", None, "de")
    segment(empty, [], lexicon().languages["de"].orthography)
    return empty


def test_a_copy_without_number_or_source_joins_the_richer_claim() -> None:
    rich = replace(CLAIM, count_min=300, count_max=300, source=PERU, certainty=Certainty.CLAIMED)
    assert merge([CLAIM, rich], document()) == [rich]
    assert merge([rich, CLAIM], document()) == [rich]


@pytest.mark.parametrize(
    "other",
    [
        replace(CLAIM, actor="PER"),
        replace(CLAIM, destination="BOL"),
        replace(CLAIM, stage=Stage.PLANNED),
        replace(CLAIM, certainty=Certainty.DENIED),
        replace(CLAIM, additional=True, count_min=200, count_max=200),
    ],
)
def test_another_fact_stays_apart(other: DraftClaim) -> None:
    assert merge([CLAIM, other], document()) == [CLAIM, other]


def test_two_numbers_are_two_claims() -> None:
    first, second = replace(CLAIM, count_min=300, count_max=300), replace(CLAIM, count_min=500, count_max=500)
    assert merge([first, second], document()) == [first, second]


def test_two_sources_are_two_claims() -> None:
    first = replace(CLAIM, source=PERU, certainty=Certainty.CLAIMED)
    second = replace(CLAIM, source=Speaker("Bogotá", "COL"), certainty=Certainty.CLAIMED)
    assert merge([first, second], document()) == [first, second]


def test_a_region_around_a_known_town_is_the_same_place() -> None:
    town = replace(CLAIM, place="Goma", place_key="COD:goma", place_within=("CD-NK", "COD"))
    assert is_copy(replace(CLAIM, place="Nord-Kivu", place_key="CD-NK"), town, title=False)
    assert not is_copy(replace(CLAIM, place="Bukavu", place_key="COD:bukavu"), town, title=False)


def test_the_title_is_read_last_and_joins_the_text() -> None:
    found = read("Rund 300 chilenische Soldaten sind am Montag in Haiti gelandet.", "Chile schickt Soldaten nach Haiti")
    assert [(claim.count_min, claim.sentence) for claim in found.claims] == [(300, 1)]


def test_a_dropped_candidate_keeps_its_reason() -> None:
    found = read("Wenn Chile Soldaten nach Peru schickt, droht Krieg.")
    assert [dropped.reason for dropped in found.dropped if "schicken" in dropped.what] == ["condition"]


@pytest.mark.parametrize(("published", "claims"), [(date(1983, 1, 5), 1), (date(2024, 1, 5), 0)])
def test_history_is_more_than_five_years_old(published: date, claims: int) -> None:
    text = "Im April 1982 landeten argentinische Soldaten auf den Falklandinseln."
    assert len(read(text, published=published).claims) == claims


def test_a_home_force_is_no_guess_of_a_foreign_one() -> None:
    assert read("Die Soldaten sind in Haiti.").claims == []


def test_denial_of_what_was_claimed_before() -> None:
    claims = read(
        "Chile hat Soldaten nach Bolivien verlegt. Die chilenische Regierung wies die Vorwürfe zurück."
    ).claims
    assert [claim.certainty for claim in claims] == [Certainty.CONFIRMED, Certainty.DENIED]
    assert claims[1].source is not None
    assert claims[1].source.code == "CHL"
