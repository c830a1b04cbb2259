import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.canonical_url import canonical_url, feed_address, registrable_domain

PLAIN = "https://harbour.example/news/cranes-42"


@pytest.mark.parametrize(
    "link",
    [
        "https://harbour.example/news/cranes-42",
        "http://harbour.example/news/cranes-42",
        "https://www.harbour.example/news/cranes-42/",
        "https://WWW.Harbour.Example:443/news/cranes-42",
        "https://m.harbour.example/news/cranes-42",
        "https://amp.harbour.example/news/cranes-42/amp/",
        "https://harbour.example/news/cranes-42.amp.html?amp=1",
        "https://harbour.example/news/cranes-42?utm_source=rss&utm_medium=feed#xtor=RSS-1",
        "https://harbour.example/news/cranes-42?fbclid=abc&maca=de-rss",
        "https://harbour.example/news/cranes-42#comments",
    ],
)
def test_links_to_one_article_are_one(link):
    found = canonical_url(link)
    assert found is not None
    assert found.removesuffix(".html") == PLAIN


@pytest.mark.parametrize(
    "link",
    [
        "https://harbour.example/news/cranes-43",
        "https://harbour.example/news/cranes-42?page=2",
        "https://harbour.example/news/Cranes-42",
        "https://shop.harbour.example/news/cranes-42",
        "https://harbour.example:8443/news/cranes-42",
        "https://harbour.example/#!/news/cranes-42",
    ],
)
def test_links_to_other_articles_stay_apart(link):
    assert canonical_url(link) not in (None, PLAIN)


def test_the_order_of_parameters_does_not_count():
    assert canonical_url("https://a.example/?id=1&b=2") == canonical_url("https://a.example/?b=2&id=1")


@pytest.mark.parametrize("link", [None, "", "https://harbour.example", "https://www.harbour.example/?utm_source=rss"])
def test_a_front_page_names_no_article(link):
    assert canonical_url(link) is None


@pytest.mark.parametrize("link", ["javascript:x", "http://[::1", "//a.example/x", "http://a.example:notaport/x"])
def test_what_is_no_web_address_names_no_article(link):
    assert canonical_url(link) is None


@given(st.text(max_size=100))
def test_no_link_breaks_it(text):
    for link in (text, f"https://{text}", f"https://a.example/{text}"):
        found = canonical_url(link)
        assert found is None or found.startswith("https://")


@given(st.from_regex(r"[a-z0-9/-]{1,30}", fullmatch=True), st.sampled_from(["utm_source", "xtor", "at_medium", "maca"]))
def test_tracking_never_counts(path, name):
    link = f"https://a.example/{path}"
    assert canonical_url(f"{link}?{name}=rss#top") == canonical_url(link)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.harbour.co.uk/x", "harbour.co.uk"),
        ("https://rss.news.example.de/x", "example.de"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1"),
        ("http://localhost/feed", "localhost"),
        ("https://www.harbour.example/x", "harbour.example"),
        ("https://quay.blogspot.com/x", "quay.blogspot.com"),
        ("http://[::1]:80/", "::1"),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_registrable_domains(url, domain):
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(
    "same", ["http://example.com/x", "http://example.com:80/x", "HTTP://EXAMPLE.com/x", "http://example.com/x#top"]
)
def test_spellings_of_a_feeds_url_have_one_address(same):
    assert feed_address(same) == "http://example.com/x"


@pytest.mark.parametrize(
    "other",
    ["https://example.com/x", "http://example.com:443/x", "http://example.com/X", "http://example.com/x/",
     "http://www.example.com/x", "http://example.com/x?y=1", "http://example.com:port/x"],
)  # fmt: skip
def test_other_feeds_have_other_addresses(other):
    assert feed_address(other) != "http://example.com/x"


def test_an_empty_path_is_a_slash_and_an_address_keeps_its_brackets():
    assert feed_address("https://example.com") == feed_address("https://example.com:443/") == "https://example.com/"
    assert feed_address("http://[::1]:8080/x") == "http://[::1]:8080/x"
