from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.parse_feed.feed_document import ParsedEntry
from services.fetcher.recognise_entries import (
    IdentifiedEntry,
    KnownEntry,
    describe_gaps,
    identify_entries,
    new_or_edited,
    oldest_first,
)

FEED = "https://harbour.example/feed"
NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


def entry(number: int = 1, **changes) -> ParsedEntry:
    plain = ParsedEntry(
        guid=f"guid-{number}",
        link=f"https://harbour.example/{number}",
        title=f"Title {number}",
        content=None,
        summary=f"Summary {number}.",
        published=NOW - timedelta(hours=number),
    )
    return replace(plain, **changes)


def identify(*entries: ParsedEntry, feed: str = FEED) -> list[IdentifiedEntry]:
    return identify_entries(feed, entries, NOW)


def known(*entries: IdentifiedEntry) -> dict[str, KnownEntry]:
    return {item.key: KnownEntry(item.article_id, item.content_hash) for item in entries}


def test_a_second_look_at_the_same_document_finds_nothing():
    before = identify(entry(1), entry(2))
    assert new_or_edited(identify(entry(1), entry(2), entry(3)), known(*before))[0].entry.guid == "guid-3"
    assert new_or_edited(identify(entry(1), entry(2)), known(*before)) == []


def test_a_re_dated_entry_is_not_new():
    before = identify(entry(1))
    assert new_or_edited(identify(entry(1, published=NOW)), known(*before)) == []
    assert new_or_edited(identify(entry(1, published=None)), known(*before)) == []


def test_other_spacing_case_or_tracking_is_no_edit():
    before = identify(entry(1))
    sloppy = entry(1, title="TITLE 1", summary=" Summary\n1. ", link="http://www.harbour.example/1?utm_source=x")
    assert new_or_edited(identify(sloppy), known(*before)) == []


def test_an_edited_entry_is_the_same_article():
    before = identify(entry(1))
    (edited,) = new_or_edited(identify(entry(1, summary="Other words.")), known(*before))
    assert edited.article_id == before[0].article_id


def test_an_edited_entry_keeps_its_article_though_its_link_changed():
    before = identify(entry(1))
    (edited,) = new_or_edited(identify(entry(1, link="https://harbour.example/renamed")), known(*before))
    assert edited.article_id == before[0].article_id


def test_one_article_in_two_feeds_under_two_guids_is_one():
    here = identify(entry(1))
    there = identify(
        entry(1, guid="x", link="http://www.harbour.example/1/?utm_source=rss"), feed="https://other.example/"
    )
    assert here[0].article_id == there[0].article_id


def test_one_guid_for_all_items_loses_none():
    found = identify(entry(1, guid="same"), entry(2, guid="same"), entry(3, guid="same"))
    assert len({item.key for item in found}) == 3
    assert len({item.article_id for item in found}) == 3


def test_one_guid_and_one_link_for_all_items_loses_none():
    front = "https://harbour.example/ticker"
    found = identify(*(entry(number, guid=front, link=front) for number in range(1, 4)))
    assert len({item.key for item in found}) == 3
    assert len({item.article_id for item in found}) == 3


def test_a_link_shared_by_different_items_names_no_article_but_a_repeated_item_is_one():
    front = "https://harbour.example/live"
    first, second = identify(entry(1, link=front), entry(2, link=front))
    assert first.article_id != second.article_id
    first, second = identify(entry(1, link=front), entry(1, guid="again", link=front))
    assert first.article_id == second.article_id


def test_entries_without_guid_link_or_anything_are_told_apart_by_what_they_say():
    bare = ParsedEntry(None, None, "Title", None, "Text", None)
    found = identify(bare, replace(bare, summary="Other"), bare)
    assert len(found) == 2
    assert found[0].article_id == identify(bare, feed="https://other.example/")[0].article_id


def test_without_a_link_the_guid_counts_within_its_feed():
    here = identify(entry(1, link=None))[0].article_id
    assert here == identify(entry(1, link=None, title="Edited"))[0].article_id
    assert here != identify(entry(1, link=None), feed="https://other.example/")[0].article_id


def test_a_date_in_the_future_is_unknown():
    assert identify(entry(1, published=NOW + timedelta(days=1)))[0].entry.published is None


def test_order_is_oldest_first_and_from_the_end_where_dates_do_not_tell():
    dated = identify(entry(1), entry(2), entry(3, published=None), entry(4, published=None), entry(5))
    assert [item.entry.guid for item in oldest_first(dated)] == ["guid-5", "guid-2", "guid-1", "guid-4", "guid-3"]


@given(
    st.lists(
        st.builds(entry, st.integers(1, 4), guid=st.sampled_from([None, "a", "b"]), title=st.sampled_from([None, "t"]))
    )
)
def test_keys_are_unique_and_what_was_published_is_known(entries):
    found = identify(*entries)
    assert len({item.key for item in found}) == len(found)
    assert new_or_edited(found, known(*found)) == []


def test_gaps_are_told_in_one_sentence():
    assert describe_gaps([entry(1), entry(2)]) is None
    assert describe_gaps([entry(1, published=None, guid=None), entry(2, title=None, summary=None)]) == (
        "Of 2 entries, 1 has no date that could be read, 1 has no guid, 1 has no title, 1 has no text."
    )
    empty = ParsedEntry(None, None, None, None, None, None)
    assert "1 has nothing at all to publish" in (describe_gaps([empty]) or "")
