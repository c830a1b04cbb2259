"""Place slots: canonical keys equal over languages, context, borders, directions, and names that no list knows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.cities import Cities, City, CityIndex
from services.extractor.fold_names import plain, skeleton
from services.extractor.gazetteer import Gazetteer, PlaceKind, load_gazetteer

LANGUAGES = Path(__file__).parents[3] / "services" / "extractor" / "languages"


def some_towns() -> CityIndex:
    return {
        "springs": (City("Springs", "ZAF", "ZA.06", 180_000), City("Springs", "AUS", "AU.02", 20_000)),
        "birmingham": (City("Birmingham", "GBR", "GB.ENG", 980_000), City("Birmingham", "USA", "US.AL", 200_000)),
        "oboyan": (City("Oboyan", "RUS", "RU.41", 13_000),),
    }


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(LANGUAGES, ["de", "en"], cities=Cities(some_towns))


@pytest.mark.parametrize(
    ("forms", "destination", "key"),
    [
        ([("de", "Kursk"), ("en", "the Kursk region"), ("fr", "Koursk"), ("ru", "Курской области"), ("uk", "Курщині"),
          ("de", "Oblast Kursk"), (None, "Курск")], "RUS", "RU-KRS"),
        ([(None, "Курской области"), ("en", "Курскую"), (None, "Курщини"), (None, "Kursk")], "RUS", "RU-KRS"),
        ([(None, "Władywostoku"), (None, "Владивостоком")], "RUS", "RUS:vladivostok"),
        ([("de", "Wladiwostok"), ("en", "Vladivostok"), ("pl", "Władywostoku"), ("ru", "Владивостоке")], "RUS",
         "RUS:vladivostok"),
        ([("de", "im Osten der DR Kongo"), ("en", "eastern Congo"), ("en", "the east of the DRC")], "COD",
         "congo-east"),
        ([("de", "Süden des Libanon"), ("en", "southern Lebanon"), ("de", "Südlibanon")], "LBN", "LB-JA"),
        ([("de", "Nordsyrien"), ("en", "northern Syria"), ("en", "the north of Syria")], "SYR", "SYR.n"),
        ([("de", "Grenze zu Belarus"), ("en", "its border with Belarus"), ("de", "belarussischen Grenze"),
          ("en", "the Belarusian border"), ("en", "the Poland–Belarus border")], "POL", "border:BLR+POL"),
        ([("de", "Rotes Meer"), ("de", "Roten Meer"), ("en", "the Red Sea")], None, "red-sea"),
        ([("de", "Naher Osten"), ("de", "Nahen Osten"), ("en", "the Middle East")], None, "middle-east"),
        ([("de", "Ostgrenze"), ("en", "eastern border"), ("de", "Osten des Landes")], "POL", "POL.e"),
        ([("de", "Küste Guyanas"), ("en", "coast of Guyana")], None, "coast:GUY"),
        ([("de", "Luhansk und Donezk"), ("en", "Donetsk and Luhansk")], "UKR", "UA-09+UA-14"),
    ],
)  # fmt: skip
def test_one_place_has_one_key_in_all_languages(
    gazetteer: Gazetteer, forms: list[tuple[str | None, str]], destination: str | None, key: str
) -> None:
    keys = {name: gazetteer.place_keys(name, destination, language)[0] for language, name in forms}
    assert keys == dict.fromkeys(keys, key)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "the border"), ("en", "the region"), ("de", "Grenze"), ("de", "Front"), ("en", "area")],
)
def test_a_common_noun_has_no_key(gazetteer: Gazetteer, language: str, name: str) -> None:
    assert gazetteer.place_keys(name, "UKR", language)[0] is None


def test_the_country_beside_the_border_is_not_the_destination(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("border with Belarus", "en", ["POL"])
    assert place is not None
    assert place.country == "POL"


def test_a_border_that_names_both_sides_has_no_third(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("the Armenian-Iranian border", "en", ["RUS"])
    assert place is not None
    assert (place.key, place.country) == ("border:ARM+IRN", None)
    beside = gazetteer.place("frontiers with Turkey and Iran", "en", ["ARM"])
    assert beside is not None
    assert (beside.key, beside.country) == ("border:ARM+IRN+TUR", "ARM")


def test_only_the_destination_named_is_no_place_but_lies_in_its_regions(gazetteer: Gazetteer) -> None:
    assert gazetteer.place_keys("Syrien", "SYR", "de") == (None, ("middle-east", "levant"))
    assert gazetteer.place_keys(None, "SYR", "de") == (None, ("middle-east", "levant"))
    assert gazetteer.place_keys(None, None, "de") == (None, ())


@pytest.mark.parametrize(
    ("name", "destination", "outer"),
    [
        ("Baghdad", "IRQ", "middle-east"),
        ("Kharkiv", "UKR", "border:RUS+UKR"),
        ("Kursk", "RUS", "border:RUS+UKR"),
        ("Oboyan", "RUS", "border:RUS+UKR"),
        ("northern Mali", "MLI", "sahel"),
        ("the border with Belarus", "POL", "nato-east"),
        ("Dolna Vrba", "BGR", "europe"),
        ("Iraq and Syria", None, "middle-east"),
    ],
)
def test_a_place_lies_in_what_holds_it_or_its_country(
    gazetteer: Gazetteer, name: str, destination: str | None, outer: str
) -> None:
    assert outer in gazetteer.place_keys(name, destination, "en")[1]


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Gaza", "PSE"), ("West Bank", "PSE"), ("Crimea", "UKR"), ("Donbas", "UKR"), ("Nagorno-Karabakh", "AZE"),
        ("Western Sahara", "ESH"), ("Kosovo", "XKX"), ("Taiwan", "TWN"), ("Guam", "GUM"), ("Golan Heights", "SYR"),
        ("Sahel", None), ("Red Sea", None), ("Abkhazia", "GEO"),
    ],
)  # fmt: skip
def test_disputed_and_shared_regions_resolve_as_the_guide_says(
    gazetteer: Gazetteer, name: str, country: str | None
) -> None:
    place = gazetteer.place(name, "en")
    assert place is not None
    assert place.country == country


def test_namesakes_go_to_the_context_then_to_a_city_too_big_to_be_mistaken(gazetteer: Gazetteer) -> None:
    near = gazetteer.place("Birmingham", "en", ["USA"])
    far = gazetteer.place("Birmingham", "en", ["POL"])
    middling = gazetteer.place("Springs", "en", ["POL"])
    assert near is not None
    assert far is not None
    assert middling is not None
    assert (near.country, far.country) == ("USA", "GBR")
    assert middling.country != "ZAF"


def test_a_town_of_the_city_list_lies_in_its_listed_region(gazetteer: Gazetteer) -> None:
    assert gazetteer.place_keys("Oboyan", "RUS", "en") == ("RUS:oboyan", ("RU-KRS", "border:RUS+UKR", "RUS"))


def test_cities_are_loaded_only_when_a_name_is_unlisted() -> None:
    loads: list[int] = []

    def load() -> CityIndex:
        loads.append(1)
        return some_towns()

    gazetteer = load_gazetteer(LANGUAGES, ["en"], cities=Cities(load))
    gazetteer.place("Kursk", "en", ["RUS"])
    assert loads == []
    gazetteer.place("Springs", "en")
    gazetteer.place("Oboyan", "en")
    assert loads == [1]


def test_an_unlisted_name_keeps_the_context_country(gazetteer: Gazetteer) -> None:
    place = gazetteer.place("Dolna Vrba", "en", ["BGR"])
    assert place is not None
    assert (place.kind, place.country, place.within[:1]) == (PlaceKind.UNKNOWN, "BGR", ("BGR",))


@pytest.mark.parametrize(
    "spellings",
    [
        ["Гордеевка", "Gordejewka", "Gordeyevka", "Gordeevka"],
        ["Хотень", "Khoten", "Choten"],
        ["Шишкино", "Shishkino", "Schischkino", "Szyszkino"],
        ["Яруга", "Jaruga", "Yaruga", "Iaruga"],
        ["Чаплинка", "Chaplynka", "Tschaplynka", "Czaplynka"],
        ["Вовчанськ", "Wowtschansk", "Vovchansk"],
        ["Жданівка", "Zhdanivka", "Schdaniwka", "Ждановка"],
    ],
)
def test_transliterations_meet_in_one_skeleton(spellings: list[str]) -> None:
    assert len({skeleton(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("language", "spelling", "country", "key"),
    [
        ("de", "Wuhledar", "UKR", "UKR:vuhledar"),
        ("fr", "Tchassiv Iar", "UKR", "UKR:chasiv-yar"),
        ("ru", "Угледаром", "UKR", "UKR:vuhledar"),
        ("de", "Nowopawliwka", None, "UKR:novopavlivka"),
        ("de", "al-Dschunaina", None, "SDN:el-geneina"),
        ("en", "Beled Xaawo", "SOM", "SOM:beled-hawo"),
        ("en", "the town of Mahagi", "COD", "COD:mahagi"),
    ],
)
def test_a_small_town_is_known_in_other_spellings(
    gazetteer: Gazetteer, language: str, spelling: str, country: str | None, key: str
) -> None:
    place = gazetteer.place(spelling, language, [country] if country else [])
    assert place is not None
    assert place.key == key


def test_an_exact_name_is_no_genitive_of_another() -> None:
    tartus = load_gazetteer(LANGUAGES, ["de"]).surface_table("de")[("tartus",)]
    assert tartus.code == "SYR"


def test_skeletons_keep_different_names_apart() -> None:
    names = ["Plekhovo", "Sudzha", "Makhnovka", "Oboyan", "Tyotkino", "Glushkovo", "Lgov", "Rylsk", "Goma", "Kobane"]
    assert len({skeleton(name) for name in names}) == len(names)


@given(st.text(max_size=200), st.sampled_from(["de", "en", "ru", None, "xx"]), st.sampled_from([None, "RUS", "POL"]))
def test_any_text_in_a_place_slot_is_answered(
    gazetteer: Gazetteer, name: str, language: str | None, destination: str | None
) -> None:
    key, within = gazetteer.place_keys(name, destination, language)
    assert key is None or key
    assert key is not None or within == gazetteer.place_keys(None, destination, language)[1]


@given(st.text(max_size=50))
def test_folding_is_idempotent(text: str) -> None:
    assert plain(plain(text)) == plain(text)
