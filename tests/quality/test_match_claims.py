"""The counting itself: what is right, wrong, missed or neither."""

from hypothesis import given
from hypothesis import strategies as st

from shared.events.statements import Certainty, Claim, Source, Stage
from tests.quality.annotated_passages import AnnotatedClaim
from tests.quality.match_claims import Detection, Tally, same_claim, same_move

CLAIMS = st.builds(
    Claim,
    actor=st.sampled_from(["KEN", "RWA", None]),
    destination=st.sampled_from(["MOZ", "SOM", None]),
    place=st.sampled_from(["Pemba", "the port of Pemba", None]),
    count_min=st.sampled_from([None, 100, 400]),
    count_max=st.sampled_from([None, 100, 400]),
    stage=st.sampled_from(Stage),
    certainty=st.sampled_from(Certainty),
    source=st.sampled_from([None, Source(name="the ministry", code="KEN")]),
)
ANNOTATED = st.lists(st.builds(AnnotatedClaim, CLAIMS, st.booleans()), max_size=6)


def claim(**slots: object) -> Claim:
    return Claim.model_validate(
        {"actor": "KEN", "destination": "MOZ", "stage": "deployed", "certainty": "confirmed"} | slots
    )


def tally(annotated: list[AnnotatedClaim], told: list[Claim]) -> Tally:
    result = Tally()
    result.add(annotated, told, same_claim)
    return result


@given(ANNOTATED, st.lists(CLAIMS, max_size=6))
def test_no_claim_is_counted_twice(annotated: list[AnnotatedClaim], told: list[Claim]) -> None:
    result = tally(annotated, told)
    assert result.right + result.missed == sum(not one.optional for one in annotated)
    assert result.right + result.wrong <= len(told)


@given(ANNOTATED)
def test_who_tells_every_annotated_claim_tells_none_wrongly(annotated: list[AnnotatedClaim]) -> None:
    result = tally(annotated, [one.claim for one in annotated])
    assert result.wrong == 0


def test_figure_and_stage_belong_to_a_claim_and_place_source_and_certainty_are_counted_apart() -> None:
    annotated = [AnnotatedClaim(claim(count_min=400, count_max=400, place="the port of Pemba"), optional=False)]
    found = claim(count_min=395, count_max=400, place="Pemba", certainty="claimed")
    assert tally(annotated, [found]).slots == {"place": 1, "source": 1}
    assert tally(annotated, [found]).right == 1
    assert tally(annotated, [claim(count_min=300, count_max=300)]).right == 0
    assert tally(annotated, [claim(count_min=400, count_max=400, stage="planned")]).missed == 1
    moves = Tally()
    moves.add(annotated, [claim(stage="planned")], same_move)
    assert moves.right == 1


def test_an_optional_claim_counts_neither_way() -> None:
    annotated = [AnnotatedClaim(claim(), optional=True)]
    for told in ([], [claim()], [claim(stage="planned")]):
        result = tally(annotated, told)
        assert (result.right, result.wrong, result.missed) == (0, 0, 0)
    assert tally(annotated, [claim(actor="RWA")]).wrong == 1


def test_the_same_claim_told_twice_is_wrong_once_at_most() -> None:
    told = [claim(certainty="claimed"), claim(certainty="denied")]
    assert tally([], told).wrong == 1
    assert tally([AnnotatedClaim(claim(), optional=False)], told).wrong == 0


def test_detection_leaves_out_passages_with_optional_claims_alone() -> None:
    detection = Detection()
    detection.add([AnnotatedClaim(claim(), optional=True)], [])
    detection.add([AnnotatedClaim(claim(), optional=False)], [])
    detection.add([AnnotatedClaim(claim(), optional=False)], [claim()])
    detection.add([], [claim()])
    assert (detection.right, detection.wrong, detection.missed) == (1, 1, 1)
