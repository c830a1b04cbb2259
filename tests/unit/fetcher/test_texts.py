import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.choose_text import ArticleText, cut, feed_text, has_shrunk, page_text
from services.fetcher.extract_page import decode_page, extract_page
from services.fetcher.html_to_text import html_to_text, one_line
from services.fetcher.parse_feed.feed_document import ParsedEntry
from services.fetcher.revisions import sentence_set_hash

LONG = "The harbour master counted the boats twice before he spoke. " * 12


def entry(content: str | None = None, summary: str | None = None, closing_link: str | None = None) -> ParsedEntry:
    return ParsedEntry("g", None, "t", content, summary, None, closing_link)


def test_long_content_is_complete():
    text = feed_text(entry(LONG, "Teaser."))
    assert (text.text, text.complete, text.source, text.truncated) == (LONG, True, "feed", False)


@pytest.mark.parametrize("ending", ["…", "...", " […]", " [...]", " (…)", '…"'])
def test_content_that_ends_in_an_ellipsis_is_not_complete(ending):
    assert not feed_text(entry(LONG.strip() + ending)).complete


@pytest.mark.parametrize(
    "link", ["Read more", "Continue reading →", "Weiterlesen »", "Mehr lesen", "zum Artikel", "Lire la suite", "»"]
)
def test_content_that_ends_in_a_read_more_link_is_not_complete(link):
    assert not feed_text(entry(LONG + link, closing_link=link)).complete


def test_content_that_ends_in_another_link_is_complete():
    assert feed_text(entry(LONG + "Harbour Office", closing_link="Harbour Office")).complete


def test_a_long_summary_is_no_complete_text():
    text = feed_text(entry(None, LONG))
    assert (text.text, text.complete) == (LONG, False)


def test_the_longer_of_teaser_and_cut_content_stands():
    assert feed_text(entry("Short…", "A longer summary.")).text == "A longer summary."
    assert feed_text(entry()).text == ""


def test_a_page_replaces_the_teaser_only_if_it_says_no_less():
    teaser = ArticleText("x" * 300, "feed", complete=False, truncated=False)
    assert page_text("y" * 299, "t", teaser) is None
    assert page_text("y" * 300, "t", teaser) == ArticleText("y" * 300, "page", complete=True, truncated=False)
    assert page_text("y" * 100, "t", ArticleText("", "feed", complete=False, truncated=False)) is None
    assert page_text(None, "t", teaser) is None


def test_a_headline_that_repeats_the_title_is_left_out_of_the_pages_text():
    nothing = ArticleText("", "feed", complete=False, truncated=False)
    for headline, kept in (("The Fog", LONG), ("THE  fog", LONG), ("Fog", "Fog\n" + LONG)):
        found = page_text(f"{headline}\n{LONG}", "The fog", nothing)
        assert found is not None
        assert found.text == kept


def test_a_page_that_lost_most_of_its_text_has_shrunk():
    assert has_shrunk("x" * 1000, "x" * 499)
    assert not has_shrunk("x" * 1000, "x" * 500)


@given(st.text(), st.integers(0, 60))
def test_texts_are_cut_at_a_code_point(text, limit):
    short, truncated = cut(text, limit)
    assert len(short.encode()) <= limit
    whole = text.replace("\0", "").encode("utf-8", "replace")
    assert truncated or short.encode() == whole
    assert whole.decode().startswith(short)


def test_a_text_longer_than_the_bus_takes_is_cut_and_marked():
    text = feed_text(entry("Fähre. " * 60_000))
    assert text.truncated
    assert 299_990 < len(text.text.encode()) <= 300_000


@pytest.mark.parametrize(
    "other",
    [
        "Two boats left. One came back.",
        "  Two boats left.\n\nOne came  back. ",
        "TWO BOATS LEFT. ONE CAME BACK.",
        "One came back. Two boats left.",
        "Two boats left. One came back. Two boats left.",
    ],
)
def test_spacing_case_order_and_repetition_make_no_other_text(other):
    assert sentence_set_hash("Harbour", other) == sentence_set_hash("harbour", "Two boats left. One came back.")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Harbour", "Three boats left. One came back."),
        ("Harbour", "Two boats left."),
        ("Harbours", "Two boats left. One came back."),
        (None, "Two boats left. One came back."),
    ],
)
def test_another_sentence_makes_another_text(title, text):
    assert sentence_set_hash(title, text) != sentence_set_hash("Harbour", "Two boats left. One came back.")


def test_html_becomes_paragraphs_without_what_nobody_sees():
    source = (
        "<style>p{}</style><p>One\n  line &amp; <b>more</b></p><script>x()</script>Tail<br/>next"
        "<ul><li>a<li>b</ul><!-- c --><table><tr><td>d</td></tr></table>"
    )
    assert html_to_text(source).text == "One line & more\nTail\nnext\na\nb\nd"


def test_plain_text_stays():
    assert html_to_text("5 < 6\n\nand 7 > 6").text == "5 < 6\nand 7 > 6"
    assert one_line("A\n <i>title</i> &ndash; two") == "A title – two"


@given(st.text(alphabet=st.sampled_from("<>/&;ab pdiv!-=\"'\n\x00"), max_size=300))
def test_no_markup_breaks_the_reduction(source):
    assert "\x00" not in html_to_text(source).text


@pytest.mark.parametrize("source", ["<b>" * 500_000 + "x", "<p>a" * 300_000, "<" * 1_000_000, "&#60;" * 300_000])
def test_huge_markup_comes_to_an_end(source):
    assert len(html_to_text(source).text) <= len(source)


PAGE = (
    "<html><head><title>Harbour</title></head><body><nav><a href='/'>Home</a><a href='/x'>Sport</a></nav>"
    "<article><h1>Harbour</h1>{}</article><footer>Imprint, privacy, cookies</footer></body></html>"
)
PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells of the fähre and of the people who wait for it in the rain.</p>"
    for number in range(8)
)


def test_the_text_of_a_page_is_its_article():
    text = extract_page(PAGE.format(PARAGRAPHS).encode(), "text/html; charset=utf-8")
    assert text is not None
    assert "Paragraph 7 tells of the fähre" in text
    assert "Imprint" not in text
    assert "Sport" not in text


def test_a_page_without_text_gives_none():
    assert extract_page(b"", None) is None
    assert extract_page(b"<html><body></body></html>", None) is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("fähre".encode(), None),
        ("fähre".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<meta charset='windows-1252'>fähre".encode("cp1252"), "text/html"),
        ("fähre".encode("cp1252"), "text/html"),
        ("fähre".encode(), "text/html; charset=no-such"),
    ],
)
def test_pages_are_decoded_by_header_then_meta_then_guess(body, content_type):
    assert "fähre" in decode_page(body, content_type)
