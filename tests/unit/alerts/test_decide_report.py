"""Each row of the decision table, and what it does to the ledger."""

from datetime import date, timedelta

import pytest

from services.alerts.decide.decide_article import LedgerSettings, decide_article
from services.alerts.decide.replay import Ledger
from services.alerts.decide.state import LedgerState
from tests.unit.alerts.told import article, claim, kinds, told

YEAR = LedgerSettings(renew_after=timedelta(days=365))


def rows(ledger, *articles):
    return [decision.row for one in articles for decision in ledger.decide(one)]


def last(ledger, *articles):
    return [ledger.decide(one) for one in articles][-1][-1]


# Row 0


def test_row_0_the_previous_revision_said_so():
    ledger = Ledger()
    assert rows(ledger, article("a", claim("KOR", 3000)), article("a", claim("KOR", 3000), revision=2)) == ["5", "0"]


def test_row_0_the_same_revision_said_so():
    ledger = Ledger()
    decisions = ledger.decide(article("a", claim("KOR", 3000), claim("KOR", 3000)))
    assert [decision.row for decision in decisions] == ["5", "0"]
    assert len({decision.claim_id for decision in decisions}) == 1


def test_row_0_renews_when_the_claim_was_heard_last():
    ledger = Ledger()
    heard = last(ledger, article("a", claim("KOR")), article("a", claim("KOR"), day=3, revision=2)).claim_after
    assert heard.heard_at - heard.opened_at == timedelta(days=3)


# Row 1


def test_row_1_an_edit_of_the_figure_revises_the_same_claim():
    ledger = Ledger()
    opened = last(ledger, article("a", claim("BLR", 1000)))
    edited = last(ledger, article("a", claim("BLR", 1600), revision=2))
    assert (edited.kind, edited.row, edited.claim_id) == ("revised", "1", opened.claim_id)
    assert edited.earlier.difference == "count 1,000 → 1,600"
    assert (edited.earlier.article.id, edited.earlier.article.revision) == ("a", 1)


def test_row_1_the_old_figure_stays_known():
    ledger = Ledger()
    edit = [article("a", claim("BLR", 1000)), article("a", claim("BLR", 1600), revision=2)]
    assert kinds(ledger, *edit, article("b", claim("BLR", 1000), day=1), article("c", claim("BLR", 1600), day=1)) == [
        "new",
        "revised",
        "repeated",
        "repeated",
    ]


def test_row_1_one_replaced_report_makes_one_revision():
    ledger = Ledger()
    edit = article("a", claim("BLR", 1600), claim("BLR", 9000), revision=2)
    assert rows(ledger, article("a", claim("BLR", 1000)), edit) == ["5", "1", "8"]


def test_row_1_prefers_the_report_of_the_same_place():
    ledger = Ledger()
    first = ledger.decide(
        article("a", claim("KOR", 1500, place="Vladivostok"), claim("KOR", 5000, place="Kursk oblast"))
    )
    edited = last(ledger, article("a", claim("KOR", 2500, place="Kursk oblast"), revision=2))
    assert edited.claim_id == first[1].claim_id


def test_row_1_does_not_hold_while_the_old_figure_is_still_there():
    ledger = Ledger()
    edit = article("a", claim("BLR", 1000), claim("BLR", 1600), revision=2)
    assert rows(ledger, article("a", claim("BLR", 1000)), edit) == ["5", "0", "8"]


def test_reports_that_an_edit_drops_are_superseded():
    state, settings = LedgerState(), LedgerSettings()
    opened = decide_article(state, article("a", claim("BLR", 1000), claim("POL", 9000)), settings)
    edited = decide_article(state, article("a", claim("BLR", 1600), revision=2), settings)
    old, new = opened.decisions, edited.decisions
    assert [(one.report_id, one.by) for one in edited.superseded] == [
        (old[0].report.report_id, new[0].report.report_id),
        (old[1].report.report_id, None),
    ]


# Row 2


@pytest.mark.parametrize("vague", [{"actor": None}, {"destination": None}])
def test_row_2_attaches_a_report_with_an_unknown_side(vague):
    ledger = Ledger()
    opened = last(ledger, article("a", claim("KOR", 3000)))
    attached = last(ledger, article("b", claim("USA", 3000, **vague), day=1))
    assert (attached.kind, attached.claim_id) == ("corroborated", opened.claim_id)
    assert len(ledger.state.threads) == 1


def test_row_2_takes_the_thread_heard_last():
    ledger = Ledger()
    ledger.decide(article("a", claim("KOR", destination="UKR"), day=2))
    ledger.decide(article("b", claim("KOR", destination="RUS"), day=1))
    attached = last(ledger, article("c", claim("KOR", destination=None), day=3))
    assert ledger.state.threads[attached.thread_id].destination == "UKR"


@pytest.mark.parametrize(
    "other",
    [
        {"count": 9000},
        {"stage": "planned"},
        {"additional": True},
        {"actor": "IRN"},
        {"place": "Belgorod"},
    ],
)
def test_row_2_does_not_hold_for_anything_not_told(other):
    vague = {"count": 3000, "destination": None} | other
    assert told(claim("KOR", 3000), claim("KOR", **vague)) == ["new", "new"]


def test_row_2_a_region_around_a_known_place_may_be_meant():
    def american(**more):
        return claim("USA", 3000, actor="USA", **more)

    vague = american(destination=None, place="Middle East")
    assert told(american(destination="IRQ", place="Baghdad"), vague) == ["new", "repeated"]
    assert told(american(destination="POL"), vague) == ["new", "new"]


def test_row_2_a_region_around_a_known_country_may_be_meant():
    def american(**more):
        return claim("USA", 3000, actor="USA", **more)

    iraq, poland = american(destination="IRQ"), american(destination="POL")
    region = {"destination": None, "place": "Middle East"}
    assert told(iraq, american(**region)) == ["new", "repeated"]
    assert told(iraq, claim("IRN", 3000, actor="USA", **region)) == ["new", "corroborated"]
    assert told(iraq, claim("USA", 9000, actor="USA", **region)) == ["new", "new"]
    assert told(iraq, american(stage="planned", **region)) == ["new", "new"]
    assert told(poland, american(**region)) == ["new", "new"]
    denial = claim("IRN", actor="USA", certainty="denied", **region)
    assert told(iraq, denial, denial) == ["new", "denied", "repeated"]


def test_a_country_known_does_not_make_its_places_known():
    baghdad = claim("USA", 3000, actor="USA", destination="IRQ", place="Baghdad")
    assert told(claim("USA", 3000, actor="USA", destination="IRQ"), baghdad) == ["new", "new"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["Kursk oblast", "Belgorod", "Kursk and Belgorod"], ["new", "new", "repeated"]),
        (["Kursk and Belgorod", "Belgorod", "Kursk oblast"], ["new", "repeated", "repeated"]),
        (["Kursk oblast", "Kursk and Belgorod"], ["new", "new"]),
        (["Plekhovo", "Belgorod", "Kursk and Belgorod"], ["new", "new", "repeated"]),
        (["Kursk oblast", "Ukrainian border"], ["new", "new"]),
    ],
)
def test_row_8b_a_list_of_places_is_as_new_as_its_newest(places, expected):
    assert told(*(claim("UKR", place=place) for place in places)) == expected


def test_row_2_an_admission_alerts_even_if_it_leaves_the_country_open():
    sequence = [claim("UKR"), claim("PRK", certainty="denied"), claim("PRK", destination=None)]
    assert told(*sequence) == ["new", "denied", "revised"]


def test_a_destination_that_becomes_known_opens_its_own_thread_with_the_vague_claim_as_earlier():
    ledger = Ledger()
    vague = last(ledger, article("a", claim("KOR", 3000, destination=None)))
    known = last(ledger, article("b", claim("KOR", 3000), day=1))
    assert (known.kind, known.earlier.claim_id) == ("new", vague.claim_id)
    assert known.earlier.difference == "destination unknown → RUS"
    assert known.thread_id != vague.thread_id


def test_with_neither_side_known_only_unknown_actors_are_compared():
    unknown = {"actor": None, "destination": None}
    assert told(claim("KOR", 3000), claim("KOR", 3000, **unknown), claim("KOR", 3000, **unknown)) == [
        "new",
        "new",
        "repeated",
    ]


# Rows 3 and 4


def test_row_3_a_denial_is_told_once_for_each_source():
    denials = [claim(source, certainty="denied") for source in ("RUS", "RUS", "PRK", "PRK", "RUS")]
    assert told(claim("UKR"), *denials) == ["new", "denied", "repeated", "denied", "repeated", "repeated"]


def test_row_3_a_general_denial_covers_a_place_but_not_the_reverse():
    general, local = claim("RUS", certainty="denied"), claim("RUS", certainty="denied", place="Belgorod")
    assert told(general, local) == ["denied", "repeated"]
    assert told(local, general) == ["denied", "denied"]


def test_row_3_a_denial_for_no_place_repeats_that_of_all_that_was_asserted():
    general, local = claim("RUS", certainty="denied"), claim("RUS", certainty="denied", place="Belgorod")
    asserted, elsewhere = claim("UKR", place="Belgorod"), claim("UKR", place="Kursk oblast")
    assert told(asserted, local, general) == ["new", "denied", "repeated"]
    assert told(asserted, local, elsewhere, general) == ["new", "denied", "new", "denied"]


def test_row_3_a_denial_after_an_admission_is_told_again():
    denial, admission = claim("RUS", certainty="denied"), claim("RUS")
    assert told(denial, admission, denial) == ["denied", "revised", "denied"]


def test_row_3_denials_nobody_signs_are_told_once():
    assert told(claim("UKR"), claim(certainty="denied"), claim(certainty="denied")) == ["new", "denied", "repeated"]


def test_row_4_meets_the_claim_without_a_figure_and_lists_the_others():
    ledger = Ledger()
    plain, figure, _ = (
        last(ledger, article(f"a{n}", one, day=n))
        for n, one in enumerate([claim("UKR"), claim("KOR", 3000), claim("USA", 9000)])
    )
    denial = last(ledger, article("d", claim("RUS", 3000, certainty="denied"), day=4))
    assert denial.claim_id == denial.earlier.claim_id == plain.claim_id
    assert [one.claim.count_min for one in denial.also] == [9000, 3000]
    assert figure.claim_id in {one.claim_id for one in denial.also}
    assert denial.earlier.difference == "certainty claimed by UKR → denied by RUS"


def test_row_4_meets_the_claim_heard_last_if_all_have_figures():
    ledger = Ledger()
    ledger.decide(article("a", claim("KOR", 3000), day=0))
    second = last(ledger, article("b", claim("USA", 9000), day=1))
    assert last(ledger, article("c", claim("RUS", certainty="denied"), day=2)).claim_id == second.claim_id


def test_row_4_a_place_limits_the_denial():
    ledger = Ledger()
    ledger.decide(article("a", claim("UKR"), claim("UKR", place="Belgorod")))
    village = last(ledger, article("b", claim("UKR", place="Plekhovo"), day=1))
    denial = last(ledger, article("c", claim("RUS", certainty="denied", place="Kursk oblast"), day=2))
    assert (denial.claim_id, denial.also) == (village.claim_id, ())


def test_row_4_opens_a_claim_that_nobody_has_made():
    ledger = Ledger()
    denial = last(ledger, article("a", claim("RUS", certainty="denied")))
    assert (denial.opened, denial.earlier, denial.claim_after.affirmed) == (True, None, False)
    assert denial.claim_after.denied_by == ("RUS",)


def test_row_4_with_a_side_unknown_meets_the_latest_thread_that_has_the_stage():
    ledger = Ledger()
    ledger.decide(article("a", claim("UKR", stage="planned"), day=0))
    fighting = last(ledger, article("b", claim("UKR", destination="UKR", stage="engaged"), day=1))
    denial = claim("PRK", destination=None, stage="engaged", certainty="denied")
    assert last(ledger, article("c", denial, day=2)).claim_id == fighting.claim_id
    assert kinds(ledger, article("d", denial, day=3)) == ["repeated"]


def test_a_claim_that_was_only_denied_does_not_make_a_report_known():
    assert told(claim("RUS", certainty="denied"), claim("UKR")) == ["denied", "new"]


# Row 5


def test_row_5_each_stage_is_new():
    stages = [claim("KOR", 3000, stage=stage) for stage in ("planned", "deployed", "engaged", "withdrawn")]
    assert told(*stages) == ["new"] * 4


def test_row_5_another_actor_or_country_is_new():
    assert told(claim("KOR"), claim("KOR", actor="IRN"), claim("KOR", destination="UKR")) == ["new"] * 3


def test_row_5_a_party_affirming_what_it_denied_opens_a_claim_and_revises():
    ledger = Ledger()
    denial = last(ledger, article("a", claim("RUS", certainty="denied")))
    admission = last(ledger, article("b", claim("RUS"), day=1))
    assert (admission.kind, admission.row, admission.opened) == ("revised", "5", True)
    assert admission.earlier.claim_id == denial.claim_id
    assert admission.earlier.difference == "certainty denied by RUS → claimed by RUS"


def test_row_5_a_third_party_that_denied_makes_it_new():
    assert told(claim("USA", certainty="denied"), claim("USA")) == ["denied", "new"]


@pytest.mark.parametrize(("days", "kind"), [(365, "repeated"), (366, "new")])
def test_row_5_a_claim_unheard_for_the_renewal_time_is_new_again(days, kind):
    ledger = Ledger(YEAR)
    opened = last(ledger, article("a", claim("KOR", 3000)))
    again = last(ledger, article("b", claim("KOR", 3000), day=days))
    assert again.kind == kind
    assert again.earlier.claim_id == opened.claim_id


def test_row_5_without_a_renewal_time_nothing_is_forgotten():
    ledger = Ledger()
    assert kinds(ledger, article("a", claim("KOR")), article("b", claim("KOR"), day=9999)) == ["new", "repeated"]


def test_repeating_a_claim_keeps_it_known():
    ledger = Ledger(YEAR)
    years = [article(f"a{n}", claim("KOR", 3000), day=300 * n) for n in range(4)]
    assert kinds(ledger, *years) == ["new", "repeated", "repeated", "repeated"]


# Row 6


def test_row_6_adds_the_admitted_figure_to_the_claim():
    sequence = [
        claim("UKR"),
        claim("PRK", certainty="denied"),
        claim("PRK", 10_000, certainty="confirmed"),
        claim("KOR", 10_000),
    ]
    assert told(*sequence) == ["new", "denied", "revised", "corroborated"]


def test_row_6_a_third_party_admits_nothing():
    assert told(claim("UKR"), claim("USA", certainty="denied"), claim("USA")) == ["new", "denied", "corroborated"]


# Row 7


def test_row_7_forces_back_after_a_withdrawal_are_new_once():
    sequence = [
        claim("UKR", stage="engaged"),
        claim("USA", stage="withdrawn"),
        claim("UKR", stage="engaged"),
        claim("UKR", stage="engaged"),
    ]
    assert told(*sequence) == ["new", "new", "new", "repeated"]


def test_row_7_a_report_older_than_the_withdrawal_tells_no_return():
    ledger = Ledger()
    ledger.decide(article("a", claim("UKR", stage="engaged"), day=1))
    ledger.decide(article("b", claim("USA", stage="withdrawn"), day=9))
    assert kinds(ledger, article("c", claim("UKR", stage="engaged"), day=5)) == ["repeated"]


# Row 8


def test_row_8_revises_only_what_the_same_source_said_elsewhere_of_the_same_place():
    assert told(claim("KOR", 3000), claim("USA", 9000)) == ["new", "new"]
    assert told(claim("KOR", 3000), claim("KOR", 9000)) == ["new", "revised"]
    assert told(claim("KOR", 3000, place="Belgorod"), claim("KOR", 9000)) == ["new", "new"]
    assert told(claim(None, 3000), claim(None, 9000)) == ["new", "new"]


def test_row_8_a_first_figure_is_new():
    assert told(claim("KOR"), claim("KOR", 3000)) == ["new", "new"]


def test_row_8_earlier_is_the_nearest_figure():
    ledger = Ledger()
    ledger.decide(article("a", claim("KOR", 1000), claim("KOR", 8000), claim("KOR", 20_000)))
    assert last(ledger, article("b", claim("USA", 10_000), day=1)).earlier.difference == "count 8,000 → 10,000"


def test_row_8_a_range_contains_what_lies_inside_it():
    assert told(claim("KOR", (10_000, 12_000)), claim("USA", 11_500), claim("JPN", (9000, 9500))) == [
        "new",
        "corroborated",
        "corroborated",
    ]


# Row 8b


def test_row_8b_places_are_known_for_each_stage():
    sequence = [
        claim("UKR", place="Belgorod"),
        claim("UKR", stage="engaged"),
        claim("UKR", place="Belgorod", stage="engaged"),
    ]
    assert told(*sequence) == ["new", "new", "new"]


def test_row_8b_a_name_without_a_key_is_no_new_place():
    assert told(claim("UKR"), claim("UKR", place="the region")) == ["new", "repeated"]


# Rows 9 and 10


def test_row_9_counts_each_named_source_once():
    ledger = Ledger()
    sources = ["KOR", "USA", "USA", "some villagers", "Some Villagers", None]
    articles = [article(f"a{n}", claim(source, 3000), day=n) for n, source in enumerate(sources)]
    assert kinds(ledger, *articles) == ["new", "corroborated", "repeated", "corroborated", "repeated", "repeated"]
    (known,) = next(iter(ledger.state.threads.values())).claims.values()
    assert known.sources == ("KOR", "USA", "some villagers")


def test_row_9_a_confirmation_by_a_third_party_is_a_corroboration():
    assert told(claim("UKR", certainty="suspected"), claim("USA", certainty="confirmed")) == ["new", "corroborated"]


def test_row_9_outlets_families_and_origins_are_counted_apart():
    ledger = Ledger()
    one = article("a", claim("KOR"), outlet="North", family="House")
    two = article("b", claim("USA"), day=1, outlet="South", family="House")
    known = last(ledger, one, two).claim_after
    assert (known.outlets, known.families, len(known.origins)) == (("North", "South"), ("House",), 2)


def test_row_9_an_agencys_text_is_one_origin_wherever_it_is_printed():
    ledger = Ledger()
    sources = {"KOR": "AFP", "USA": "AFP", "JPN": "DPA", "UKR": None}
    articles = [
        article(f"a{n}", claim(source), day=n, outlet=f"Paper {n}", agency=agency)
        for n, (source, agency) in enumerate(sources.items())
    ]
    known = last(ledger, *articles).claim_after
    assert (len(known.outlets), len(known.origins)) == (4, 3)


@pytest.mark.parametrize(
    "edited",
    [claim("KOR", 9000), claim("USA", 3000)],
    ids=["another figure", "another source"],
)
def test_row_9_an_edit_is_no_further_origin(edited):
    """Nor is a second sentence of the same article; another article is."""
    ledger = Ledger()
    first = article("a", claim("KOR", 3000), claim("UKR", 3000))
    after = last(ledger, first, article("a", edited, revision=2)).claim_after
    assert len(after.origins) == 1
    count = edited.count_max
    assert len(last(ledger, article("b", claim("JPN", count), day=1)).claim_after.origins) == 2


def test_row_10_joins_the_nearest_figure_then_the_same_place():
    ledger = Ledger()
    eight, twelve = ledger.decide(article("a", claim("KOR", 10_000), claim("KOR", 12_000)))
    assert last(ledger, article("b", claim("KOR", 11_000), day=1)).claim_id == twelve.claim_id
    assert last(ledger, article("c", claim("KOR", 10_100), day=2)).claim_id == eight.claim_id
    village = last(ledger, article("d", claim("KOR", place="Belgorod"), day=3))
    assert last(ledger, article("e", claim("KOR", place="Belgorod"), day=4)).claim_id == village.claim_id


# Background


def test_background_opens_a_claim_silently_and_is_no_news_to_anyone():
    ledger = Ledger(YEAR)
    history = claim("UKR", 3000, until=date(2015, 2, 1))
    decisions = [last(ledger, article("a", history)), last(ledger, article("b", history, day=1))]
    assert [(one.kind, one.background, one.opened) for one in decisions] == [
        ("repeated", True, True),
        ("repeated", True, False),
    ]


def test_background_does_not_hide_news():
    ledger = Ledger(YEAR)
    assert kinds(ledger, article("a", claim("UKR", 3000, until=date(2015, 2, 1)), claim("UKR", 3000))) == [
        "repeated",
        "new",
    ]


def test_background_corroborates_and_denies_nothing_loudly():
    ledger = Ledger(YEAR)
    ledger.decide(article("a", claim("UKR", 3000, until=date(2015, 2, 1))))
    other = claim("USA", 3000, until=date(2015, 3, 1))
    denial = claim("RUS", certainty="denied", until=date(2015, 3, 1))
    assert kinds(ledger, article("b", other, denial, day=1)) == ["corroborated", "repeated"]


# Revisions and time


def test_a_revision_not_above_the_last_recorded_one_decides_nothing():
    state = LedgerState()
    assert decide_article(state, article("a", claim("KOR"), revision=2), YEAR) is not None
    for stale in (1, 2):
        assert decide_article(state, article("a", claim("USA", 9000), revision=stale), YEAR) is None


def test_a_date_in_the_future_is_the_time_it_was_fetched():
    ledger = Ledger(YEAR)
    future = article("a", claim("KOR"))
    late = future.article.model_copy(update={"published": future.article.fetched + timedelta(days=9000)})
    decided = last(ledger, future.model_copy(update={"article": late}))
    assert decided.claim_after.heard_at == late.fetched
