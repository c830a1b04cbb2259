"""Surface forms of nations, organisations and places, and the checks of their data."""

from pathlib import Path

import pytest

from services.extractor.cities import Cities
from services.extractor.gazetteer import Entry, EntryKind, Gazetteer, load_gazetteer, split_words

LANGUAGES = Path(__file__).parents[3] / "services" / "extractor" / "languages"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(LANGUAGES, ["de", "en"], cities=Cities(dict))


def meaning(gazetteer: Gazetteer, language: str, form: str) -> Entry | None:
    return gazetteer.surface_table(language).get(tuple(token.lower() for token in split_words(form)))


@pytest.mark.parametrize(
    ("language", "form", "kind", "code"),
    [
        ("de", "Nordkorea", EntryKind.NATION, "PRK"),
        ("de", "Nordkoreas", EntryKind.NATION, "PRK"),
        ("de", "nordkoreanischen", EntryKind.ADJECTIVE, "PRK"),
        ("de", "Nordkoreanerinnen", EntryKind.DEMONYM, "PRK"),
        ("de", "Franzosen", EntryKind.DEMONYM, "FRA"),
        ("de", "Grossbritannien", EntryKind.NATION, "GBR"),
        ("de", "Vereinigten Staaten", EntryKind.NATION, "USA"),
        ("de", "Auswärtigen Amts", EntryKind.AGENCY, "DEU"),
        ("de", "Bundeswehr", EntryKind.FORCES, "DEU"),
        ("de", "Kreml", EntryKind.METONYM, "RUS"),
        ("de", "Hisbollah", EntryKind.ARMED_GROUP, "HEZBOLLAH"),
        ("en", "North Korean", EntryKind.ADJECTIVE, "PRK"),
        ("en", "North Koreans", EntryKind.DEMONYM, "PRK"),
        ("en", "U.S.", EntryKind.NATION, "USA"),
        ("en", "Democratic Republic of the Congo", EntryKind.NATION, "COD"),
        ("en", "Republic of the Congo", EntryKind.NATION, "COG"),
        ("en", "Frenchmen", EntryKind.DEMONYM, "FRA"),
        ("en", "Pentagon", EntryKind.METONYM, "USA"),
        ("en", "MONUSCO", EntryKind.FORCES, "UN"),
        ("en", "Rapid Support Forces", EntryKind.ARMED_GROUP, "RSF"),
        ("en", "Yonhap", EntryKind.MEDIUM, "MEDIA"),
        ("en", "Gulf of Aden", EntryKind.PLACE, None),
        ("de", "Westsahara", EntryKind.NATION, "ESH"),
        ("en", "Kosovo", EntryKind.NATION, "XKX"),
    ],
)
def test_a_form_means(gazetteer: Gazetteer, language: str, form: str, kind: EntryKind, code: str | None) -> None:
    found = meaning(gazetteer, language, form)
    assert found is not None
    assert (found.kind, found.code) == (kind, code)


def test_every_country_has_a_name_in_every_language_and_nearly_all_an_adjective(gazetteer: Gazetteer) -> None:
    for language in ("de", "en"):
        entries = gazetteer.surface_table(language).values()
        named = {entry.code for entry in entries if entry.kind is EntryKind.NATION}
        described = {entry.code for entry in entries if entry.kind is EntryKind.ADJECTIVE}
        assert len(named) >= 245
        assert len(described) >= 190


def test_an_acronym_must_stand_in_capitals(gazetteer: Gazetteer) -> None:
    entry = meaning(gazetteer, "en", "US")
    assert entry is not None
    assert entry.allows("US")
    assert not entry.allows("us")


def test_an_english_nation_must_begin_with_a_capital_a_german_adjective_need_not(gazetteer: Gazetteer) -> None:
    english = meaning(gazetteer, "en", "polish")
    german = meaning(gazetteer, "de", "polnische")
    assert english is not None
    assert german is not None
    assert not english.allows("polish")
    assert english.allows("Polish")
    assert german.allows("polnische")


def test_a_capital_keeps_its_government_and_its_town(gazetteer: Gazetteer) -> None:
    entry = meaning(gazetteer, "en", "Moscow")
    assert entry is not None
    assert (entry.kind, entry.code) == (EntryKind.METONYM, "RUS")
    assert entry.place is not None
    assert entry.place.key == "RU-MOW"


def test_a_listed_place_knows_the_regions_around_it_nearest_first(gazetteer: Gazetteer) -> None:
    entry = meaning(gazetteer, "de", "Wladiwostok")
    assert entry is not None
    assert entry.place is not None
    assert entry.place.within == ("RU-PRI", "russian-far-east", "RUS")


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("world.toml", '[regions]\nlune = { country = "FRA", within = ["nowhere"] }', "nowhere"),
        ("world.toml", '[regions]\nlune = { country = "QQQ" }', "QQQ"),
        ("world.toml", '[holds]\nlune = ["FRA"]', "lune"),
        ("world.toml", '[regions]\nlune = {}\n[holds]\nlune = ["QQQ"]', "QQQ"),
        ("towns.toml", '[towns]\nlune = ["Luna"]', "lune"),
        ("towns.toml", '[towns]\nFRA = ["Lune", "Lune"]', "Lune"),
        ("xx/nations.toml", "[nations]\nQQQ = {}", "QQQ"),
        ("xx/places.toml", '[names]\nlune = ["Lune"]', "lune"),
        ("xx/organisations.toml", '[organisations]\nLUNE = ["Lune"]', "LUNE"),
        ("xx/places.toml", "[names", "places.toml"),
    ],
)
def test_contradictory_data_are_refused_by_name(tmp_path: Path, file: str, text: str, named: str) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=named):
        load_gazetteer(tmp_path, ["xx"])


def test_a_language_without_data_still_has_cldr_names(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    found = meaning(load_gazetteer(tmp_path, ["fr"]), "fr", "Corée du Nord")
    assert found is not None
    assert found.code == "PRK"
