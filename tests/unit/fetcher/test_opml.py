import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.canonical_url import registrable_domain
from services.fetcher.opml import FeedOutline, OpmlError, read_opml, write_opml
from services.fetcher.wiring import STARTER_FEEDS

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)
OUTLINES = st.builds(
    FeedOutline,
    WORDS.map(lambda word: f"https://{word}"),
    st.none() | WORDS,
    st.none() | WORDS,
    st.none() | st.sampled_from(["de", "en"]),
    st.none() | WORDS,
    st.none() | st.sampled_from(["DEU", "GBR"]),
)


@given(st.lists(OUTLINES, max_size=5))
def test_what_is_written_is_read_back(outlines):
    assert read_opml(write_opml(outlines, "Feeds")) == outlines


@pytest.mark.parametrize("character", ["\x01", "\x1b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_left_out(character):
    kept = FeedOutline("https://quay.example/f", "Quay", "https://quay.example/a")
    held = FeedOutline(f"https://quay.example/{character}f", f"Quay{character}", f"https://quay.example/{character}a")
    assert read_opml(write_opml([held], "Feeds")) == [kept]


def test_folders_are_flattened_and_other_outlines_left_out():
    document = (
        b'<opml version="1.0"><body><outline text="Ports"><outline text="Quay" xmlurl="https://quay.example/f"/>'
        b'</outline><outline text="A link" url="https://x.example/"/><outline title="Pier"'
        b' xmlUrl=" https://pier.example/f "/></body></opml>'
    )
    assert read_opml(document) == [
        FeedOutline("https://quay.example/f", "Quay"),
        FeedOutline("https://pier.example/f", "Pier"),
    ]


@pytest.mark.parametrize("declaration", ["", ' xmlns:vedette="https://elsewhere.example/ns"'])
def test_own_attributes_are_read_whatever_was_declared(declaration):
    document = (
        f'<opml{declaration}><body><outline xmlUrl="https://q.example/f" language="de-AT" vedette:family="kai" '
        'vedette:country="aut"/></body></opml>'
    )
    assert read_opml(document.encode()) == [FeedOutline("https://q.example/f", None, None, "de", "kai", "AUT")]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "not well-formed"),
        (b"<opml><body>", "not well-formed"),
        (b"<rss/>", "outermost tag is <rss>"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>', "declares entities"),
    ],
)
def test_what_is_no_list_is_refused(document, sentence):
    with pytest.raises(OpmlError, match=sentence):
        read_opml(document)


def test_the_starter_feeds_say_all_that_is_known_of_an_outlet():
    outlines = read_opml(STARTER_FEEDS.read_bytes())
    assert len(outlines) >= 40
    assert len({outline.url for outline in outlines}) == len(outlines)
    assert {outline.language for outline in outlines} == {"de", "en", "fr"}
    for outline in outlines:
        assert outline.url.startswith("https://")
        assert outline.outlet
        assert outline.family
        assert outline.country
        assert len(outline.country) == 3
        assert registrable_domain(outline.homepage)
