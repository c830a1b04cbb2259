"""The JSON a subscriber gets."""

import json
import re
from pathlib import Path

from services.alerts.decide.replay import Ledger
from services.alerts.decide.state import ClaimState, Word
from services.alerts.messages.webhook_body import body_bytes, event_body, webhook_body
from tests.unit.alerts.told import START, article, claim


def decisions(*told):
    ledger = Ledger()
    return [ledger.decide(article(f"a{n}", one, day=n))[-1] for n, one in enumerate(told)]


def test_a_first_report_has_every_field_of_the_contract():
    (decision,) = decisions(claim("KOR", (3000, None), place="Kursk oblast"))
    body = webhook_body(event_body(decision, START), "subscription-1", 17, "destination=RUS")
    assert body == {
        "type": "claim.new",
        "timestamp": "2024-10-01T06:00:00Z",
        "data": {
            "kind": "new",
            "claim_id": decision.claim_id,
            "thread_id": decision.thread_id,
            "why": "first report of forces of PRK in RUS",
            "because": "first",
            "claim": {
                "actor": "PRK",
                "destination": "RUS",
                "place": "Kursk oblast",
                "place_key": "RU-KRS",
                "place_within": ["RUS"],
                "count_min": 3000,
                "count_max": None,
                "additional": False,
                "stage": "deployed",
                "certainty": "claimed",
                "source": {"name": "KOR", "code": "KOR"},
                "when": None,
            },
            "evidence": {"text": "Sentence 0 of a0.", "field": "text", "start": 0, "end": 9, "language": "en"},
            "article": {
                "id": "a0",
                "revision": 1,
                "url": "https://paper.example/a0",
                "title": "Title of a0",
                "outlet": "The Paper",
                "published": "2024-10-01T06:00:00Z",
            },
            "earlier": None,
            "subscription": {"id": "subscription-1", "sequence": 17, "matched": "destination=RUS"},
        },
    }


def test_every_field_is_documented():
    denied = claim("RUS", certainty="denied")
    _, decision = decisions(claim("KOR"), denied)
    body = webhook_body(event_body(decision, START, late=True), "subscription-1", 17, "all")
    page = (Path(__file__).parents[3] / "docs/subscribers.md").read_text(encoding="utf-8")
    fields = page.partition("### Fields")[2].partition("\n## ")[0]
    named = {name.rpartition(".")[2] for name in re.findall(r"`([a-z_.]+)`", fields)}
    data = body["data"]
    assert named >= {*body, *data, *data["claim"]} - {"data", "claim"}


def test_a_revision_names_the_closest_earlier_claim():
    first, second = decisions(claim("KOR", 3000), claim("KOR", 9000))
    earlier = event_body(second, START)["data"]["earlier"]
    assert earlier["claim_id"] == first.claim_id
    assert earlier["difference"] == "count 3,000 → 9,000"
    assert earlier["claim"]["count_min"] == 3000
    assert earlier["article"]["id"] == "a0"


def test_a_denial_lists_the_further_claims_it_meets():
    *_, denial = decisions(claim("KOR"), claim("USA", 9000), claim("RUS", certainty="denied"))
    (other,) = event_body(denial, START)["data"]["also"]
    assert other["claim"]["count_min"] == 9000


def test_only_a_late_event_says_so():
    (decision,) = decisions(claim("KOR"))
    assert event_body(decision, START, late=True)["data"]["late"] is True
    assert "late" not in event_body(decision, START)["data"]


def test_bytes_are_the_same_for_the_same_body_and_survive_broken_text():
    (decision,) = decisions(claim("KOR"))
    body = event_body(decision, START)
    assert body_bytes(body) == body_bytes(json.loads(json.dumps(body)))
    body["data"]["why"] = "broken \ud800 text"
    assert json.loads(body_bytes(body))["data"]["why"] == "broken ? text"


def test_claims_and_words_survive_being_stored_as_json():
    for decision in decisions(claim("KOR", 3000, place="Plekhovo"), claim("RUS", certainty="denied")):
        after, word = decision.claim_after, decision.word
        assert ClaimState.model_validate_json(after.model_dump_json(by_alias=True)) == after
        assert Word.model_validate_json(word.model_dump_json()) == word
