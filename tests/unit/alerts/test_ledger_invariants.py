"""What must hold for any stream of articles."""

import copy
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.decide.decide_article import LedgerSettings, decide_article
from services.alerts.decide.replay import Ledger
from services.alerts.decide.state import LedgerState
from services.alerts.decide.threads_needed import threads_needed
from tests.unit.alerts.told import article, claim

RENEW = LedgerSettings(renew_after=timedelta(days=30))

claims = st.builds(
    claim,
    source=st.sampled_from([None, "RUS", "PRK", "KOR", "USA", "a driver"]),
    count=st.sampled_from([None, 1000, 1050, 3000, (3000, None), (None, 9000), (8000, 12_000)]),
    actor=st.sampled_from([None, "PRK", "USA"]),
    destination=st.sampled_from([None, "RUS", "IRQ"]),
    place=st.sampled_from([None, "Plekhovo", "Kursk oblast", "Middle East", "Baghdad", "the region"]),
    stage=st.sampled_from(["deployed", "deployed", "engaged", "withdrawn"]),
    certainty=st.sampled_from(["claimed", "claimed", "denied"]),
    additional=st.sampled_from([False, False, True]),
    until=st.sampled_from([None, None, date(2014, 3, 1)]),
)


@st.composite
def streams(draw, of=claims):
    """Articles in reading order; some come again as a later revision with other claims."""
    articles = []
    revisions: dict[str, int] = {}
    for _ in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from("abcdef"))
        revisions[name] = revisions.get(name, 0) + 1
        told = draw(st.lists(of, max_size=3))
        articles.append(article(name, *told, day=draw(st.integers(0, 60)), revision=revisions[name]))
    return articles


def snapshot(ledger):
    """Everything the ledger holds, comparable."""
    return copy.deepcopy(ledger.state)


@given(streams(), st.data())
def test_duplicates_change_nothing(articles, data):
    once, often = Ledger(RENEW), Ledger(RENEW)
    for number, one in enumerate(articles):
        assert often.decide(one) == once.decide(one)
        again = data.draw(st.sampled_from(articles[: number + 1]))
        assert often.decide(again) == ()
    assert snapshot(often).threads == snapshot(once).threads


@given(streams())
def test_the_same_input_gives_the_same_ledger(articles):
    first, second = Ledger(RENEW), Ledger(RENEW)
    assert [first.decide(one) for one in articles] == [second.decide(one) for one in articles]
    assert snapshot(first) == snapshot(second)


@given(streams())
def test_a_partial_load_decides_like_the_full_state(articles):
    full, stored = LedgerState(), LedgerState()
    for one in articles:
        needed = threads_needed(one, stored.articles.get(one.article.id))
        loaded = LedgerState(
            threads={key: copy.deepcopy(thread) for key, thread in stored.threads.items() if needed.names(thread)},
            articles={key: record for key, record in stored.articles.items() if key == one.article.id},
        )
        assert decide_article(loaded, one, RENEW) == decide_article(full, one, RENEW)
        stored.threads |= loaded.threads
        stored.articles |= loaded.articles
    assert stored == full


@given(streams())
def test_what_decisions_carry_is_all_that_changed(articles):
    """Claims and words stored from the decisions alone are the ledger."""
    state = LedgerState()
    claims_stored, words_stored = {}, {}
    for one in articles:
        outcome = decide_article(state, one, RENEW)
        for decision in outcome.decisions:
            assert decision.opened == (decision.claim_id not in claims_stored)
            claims_stored[decision.claim_id] = decision.claim_after
            if decision.word is not None:
                words_stored[decision.thread_id, decision.word.key] = decision.word
    assert claims_stored == {key: one for thread in state.threads.values() for key, one in thread.claims.items()}
    assert words_stored == {
        (thread.thread_id, key): word for thread in state.threads.values() for key, word in thread.words.items()
    }


@given(streams(claims.filter(lambda one: one.actor is not None)))
def test_the_order_of_articles_about_other_actors_does_not_matter(articles):
    def only(actor):
        return [
            one.model_copy(update={"statements": tuple(s for s in one.statements if s.claims[0].actor == actor)})
            for one in articles
        ]

    together, apart = Ledger(RENEW), Ledger(RENEW)
    decided = {d.event_id: d for one in articles for d in together.decide(one)}
    alone = {
        d.event_id: d for actor in ("PRK", "USA") for one in _renamed(only(actor), actor) for d in apart.decide(one)
    }
    assert len(together.state.threads) == len(apart.state.threads)
    assert sorted(d.row for d in decided.values()) == sorted(d.row for d in alone.values())


def _renamed(articles, actor):
    """The same articles under other ids, so that the second half is not taken for old revisions."""
    return [
        one.model_copy(update={"article": one.article.model_copy(update={"id": f"{one.article.id}-{actor}"})})
        for one in articles
    ]


@settings(max_examples=5)
@given(st.integers(1, 3))
def test_repeated_reports_do_not_make_claims_grow(kinds_of_report):
    ledger = Ledger()
    told = [claim("KOR", 3000), claim("KOR", place="Plekhovo"), claim("RUS", certainty="denied")][:kinds_of_report]
    for number in range(20):
        ledger.decide(article(f"first-{number}", *told, day=number))
    before = sum(
        len(thread.model_dump_json()) for one in ledger.state.threads.values() for thread in one.claims.values()
    )
    for number in range(20, 200):
        ledger.decide(article(f"later-{number}", *told, day=number))
    after = sum(
        len(thread.model_dump_json()) for one in ledger.state.threads.values() for thread in one.claims.values()
    )
    assert after <= before + 10 * kinds_of_report  # heard_order gains digits
