"""Which events a filter lets through, and how it refuses a wrong one."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.alerts.decide.replay import Ledger
from services.alerts.match_subscriptions import Filter, match
from services.alerts.messages.webhook_body import event_body
from tests.unit.alerts.told import START, article, claim


def event(*told, **changes):
    """The body of the last event that these claims raise; `changes` overwrite slots of its claim."""
    ledger = Ledger()
    decisions = [ledger.decide(article(f"a{n}", one, day=n)) for n, one in enumerate(told)]
    body = event_body(decisions[-1][-1], START)
    body["data"]["claim"] |= changes
    return body


@pytest.mark.parametrize(
    ("wanted", "matched"),
    [
        ({}, "all"),
        ({"actor": ["PRK", "IRN"]}, "actor=PRK"),
        ({"destination": ["RUS"], "min_count": 1000}, "destination=RUS; min_count=1000"),
        ({"destination": ["UKR"]}, None),
        ({"actor": ["PRK"], "destination": ["UKR"]}, None),
        ({"min_count": 3001}, None),
        ({"stage": ["deployed", "engaged"], "certainty": ["claimed"]}, "stage=deployed; certainty=claimed"),
        ({"stage": ["withdrawn"]}, None),
        ({"language": ["en"]}, "language=en"),
        ({"language": ["de"]}, None),
        ({"kind": ["new", "corroborated"]}, "kind=new"),
        ({"kind": ["denied"]}, None),
        ({"place": ["plekhovo"]}, "place=plekhovo"),
        ({"place": ["RU-KRS"]}, "place=RU-KRS"),
        ({"place": ["x:plekhovo"]}, "place=x:plekhovo"),
        ({"place": ["Belgorod"]}, None),
    ],
)
def test_all_slots_that_are_set_must_match_by_one_value(wanted, matched):
    assert match(Filter(**wanted), event(claim("KOR", 3000, place="Plekhovo"))) == matched


@pytest.mark.parametrize(
    ("count", "reaches"),
    [((None, 5000), True), ((1000, 5000), True), ((5000, None), True), ((4000, None), False), (None, False)],
)
def test_the_minimum_is_held_against_the_highest_figure(count, reaches):
    assert (match(Filter(min_count=5000), event(claim("KOR", count))) is not None) == reaches


def test_corroborations_reach_only_who_asked_for_them():
    corroborated = event(claim("KOR"), claim("USA"))
    assert match(Filter(), corroborated) is None
    assert match(Filter(kind=["corroborated"]), corroborated) == "kind=corroborated"


def test_a_town_is_found_by_the_name_in_its_key_whatever_the_text_calls_it():
    written = event(claim("KOR"), place="Владивосток", place_key="RUS:vladivostok", place_within=["RUS"])
    assert match(Filter(place=["Vladivostok"]), written) == "place=Vladivostok"
    assert match(Filter(place=["ВЛАДИВОСТОК"]), written) == "place=ВЛАДИВОСТОК"


@pytest.mark.parametrize("name", ["Kyiv", "Kiew", "Kiev"])
def test_a_key_finds_a_place_whatever_the_language_calls_it(name):
    told = event(claim("KOR"), place=name, place_key="UA-30", place_within=["UKR", "europe"])
    for value in ("UA-30", "ua-30", "UKR", "europe", name.upper()):
        assert match(Filter(place=[value]), told) == f"place={value}"
    assert match(Filter(place=["UA-32"]), told) is None


def test_of_a_list_of_places_each_is_found():
    for value in ("RU-KRS", "RU-BEL", "RU-BEL+RU-KRS", "Kursk and Belgorod"):
        assert match(Filter(place=[value]), event(claim("KOR", place="Kursk and Belgorod"))) == f"place={value}"
    at_the_border = event(claim("KOR", place="Ukrainian border"))
    assert match(Filter(place=["border:RUS+UKR"]), at_the_border) == "place=border:RUS+UKR"
    assert match(Filter(place=["UKR"]), at_the_border) is None


def test_a_claim_without_a_place_matches_no_place():
    assert match(Filter(place=["Plekhovo"]), event(claim("KOR"))) is None


def test_values_may_be_one_string_and_codes_in_any_case():
    wanted = Filter(actor="prk, wagner,africa corps", kind="New", language="DE")
    assert wanted.actor == ("PRK", "WAGNER", "AFRICA_CORPS")
    assert wanted.kind == ("new",)
    assert wanted.language == ("de",)
    assert Filter(destination=["rus "], place=[" Kursk"]) == Filter(destination="RUS", place="Kursk")


def test_a_filter_survives_being_stored():
    wanted = Filter(actor=["PRK"], min_count=5, stage=["engaged"], kind=["denied"])
    assert Filter.model_validate(wanted.model_dump(mode="json")) == wanted


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"destination": ["XXX"]}, "unknown country 'XXX': write an ISO 3166-1 alpha-3 code such as RUS or DEU"),
        ({"destination": ["Russland"]}, "unknown country 'Russland': write RUS"),
        ({"destination": ["ru"]}, "unknown country 'ru': write RUS"),
        ({"destination": ["ATLANTIS"]}, "or an organisation such as NATO or WAGNER"),
        ({"destination": ["SUN"]}, "unknown country 'SUN'"),
        ({"actor": ["ATLANTIS"]}, "or an organisation such as NATO or WAGNER"),
        ({"stage": ["arrived"]}, "'planned', 'deployed', 'engaged' or 'withdrawn'"),
        ({"kind": ["old"]}, "'new', 'revised', 'denied', 'corroborated'"),
        ({"kind": ["repeated"]}, "repeated claims are never told"),
        ({"language": ["xx"]}, "unknown language 'xx'"),
        ({"place": ["..."]}, "is no place name"),
        ({"min_count": 0}, "greater than or equal to 1"),
        ({"min_count": "many"}, "valid integer"),
        ({"actor": ""}, "name one, or leave this out"),
        ({"place": " , "}, "name one, or leave this out"),
        ({"actors": ["PRK"]}, "Extra inputs are not permitted"),
        ({"place": ["x" * 101]}, "at most 100 characters"),
    ],
)
def test_a_wrong_filter_says_what_to_write_instead(wrong, sentence):
    with pytest.raises(ValidationError) as caught:
        Filter(**wrong)
    assert sentence in str(caught.value)
    (slot,) = wrong
    assert caught.value.errors()[0]["loc"][0] == slot


def test_a_destination_may_be_an_organisation():
    assert (
        match(Filter(destination="africa corps, nato"), event(claim("KOR", destination="NATO"))) == "destination=NATO"
    )


def test_every_side_the_extractor_knows_can_be_subscribed_to():
    world = Path(__file__).parents[3] / "services/extractor/languages/world.toml"
    for code in tomllib.loads(world.read_text(encoding="utf-8")).get("organisations", {}):
        assert Filter(actor=[code], destination=[code]).destination == (code,)
