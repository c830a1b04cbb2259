"""The alert mail: headers, texts in two languages, and nothing a hostile article could do to it."""

import email
import email.policy
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.messages.mail import AlertMail, MailAlert, MailWriter, safe_link
from services.alerts.messages.mail_words import ENGLISH, GERMAN, Words, clean
from services.alerts.messages.webhook_body import webhook_body
from tests.unit.alerts.sendings import ONE, TWO, events_of
from tests.unit.alerts.told import START, claim

WRITER = MailWriter("alerts@vedette.example", "Vedette", "https://vedette.example/")


def mail_of(claims, language="en", matched="destination=RUS", change=None):
    alerts = []
    for event in events_of(*claims):
        body = webhook_body(event.body, "subscription-1", 16 + event.position, matched)
        if change is not None:
            change(body["data"])
        alerts.append(MailAlert(event.event_id, body))
    return AlertMail("mail-1", "subscription-1", "desk@paper.example", language, START, tuple(alerts))


def read(mail):
    message = email.message_from_bytes(WRITER.write(mail), policy=email.policy.default)
    return message, message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


class Tags(HTMLParser):
    """All tags and attributes of a page."""

    def __init__(self, html):
        super().__init__()
        self.seen = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_the_subject_is_the_news():
    message, *_ = read(mail_of(ONE))
    assert message["subject"] == "PRK → RUS: at least 3,000, deployed (claimed by KOR)"


def test_numbers_and_words_follow_the_language():
    message, text, html = read(mail_of(ONE, "de"))
    assert message["subject"] == "PRK → RUS: mindestens 3.000, verlegt (laut KOR)"
    assert text.startswith("Neu: Nordkorea → Russland, Kursk oblast: mindestens 3.000, verlegt")
    assert "1. Okt. 2024, 06:00 UTC" in text
    assert '<html lang="de">' in html
    assert "Wie viele" in html


def test_further_alerts_of_the_article_are_counted_and_all_told():
    message, text, html = read(mail_of(TWO))
    assert message["subject"] == "PRK → RUS: 3,000, deployed (claimed by KOR), and 1 more"
    assert message["x-vedette-kind"] == "new, denied"
    for part in (text, html):
        assert "New" in part
        assert "denied by RUS" in part
        assert "Füße: Sentence 1 of a." in part
    assert read(mail_of(TWO, "de"))[0]["subject"].endswith(", und 1 weitere")


def test_each_alert_shows_evidence_reason_and_what_was_before():
    _, text, html = read(mail_of((claim("KOR", 3000), claim("KOR", 9000, place="Belgorod"))))
    for part in (text, html):
        assert "Füße: Sentence 0 of a." in part
        assert "https://paper.example/a" in part
        assert "a figure not told before: 9,000" in part
        assert "before: 3,000" in part
        assert "The closest earlier claim" in part
        assert "destination=RUS" in part
        assert "https://vedette.example/" in part


def test_headers_let_programs_thread_and_filter():
    message, *_ = read(mail_of(ONE))
    thread = mail_of(ONE).alerts[0].body["data"]["thread_id"]
    assert message["message-id"] == "<mail-1@vedette.example>"
    assert message["references"] == message["in-reply-to"] == f"<thread.{thread}.subscription-1@vedette.example>"
    assert message["list-id"] == "<subscription-1.vedette.vedette.example>"
    assert message["auto-submitted"] == "auto-generated"
    assert message["x-auto-response-suppress"] == "All"
    assert message["x-vedette-reason"] == "destination=RUS"
    assert message["from"] == "Vedette <alerts@vedette.example>"
    assert message["to"] == "desk@paper.example"


def test_the_same_mail_has_the_same_bytes():
    assert WRITER.write(mail_of(TWO)) == WRITER.write(mail_of(TWO))


def test_every_byte_is_ascii_and_every_line_short_enough():
    raw = WRITER.write(mail_of((claim("Начальник Главного управления разведки Министерства обороны", 3000),), "de"))
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(word) <= 75 for word in raw.split() if word.startswith(b"=?"))


def test_no_line_of_quoted_printable_is_longer_than_it_may_be():
    _, _, bodies = WRITER.write(mail_of((claim("Начальник Главного управления разведки", 3000),))).partition(
        b"\r\n\r\n"
    )
    assert b"quoted-printable" in bodies
    assert all(len(line) <= 76 for line in bodies.split(b"\r\n"))


def test_ids_are_never_encoded():
    long_ids = AlertMail("m" * 90, "s" * 90, "desk@paper.example", "en", START, mail_of(ONE).alerts)
    raw = WRITER.write(long_ids)
    assert b"Message-ID: <" + b"m" * 90 + b"@vedette.example>\r\n" in raw
    assert b"List-Id: <" + b"s" * 90 + b".vedette.vedette.example>\r\n" in raw


hostile = st.text(max_size=80) | st.sampled_from(
    [
        "a\r\nBcc: all@victim.example",
        "x\x00y",
        "a\u2028b",
        "[urgent]",
        "\ud800",
        "\u202eevil",
        "a" * 3000,
        "=?utf-8?q?x?=",
    ]
)


@given(hostile, hostile, hostile)
def test_no_text_can_add_a_header(name, place, matched):
    def change(data):
        data["claim"]["source"] = {"name": name, "code": None}
        data["claim"] |= {"destination": None, "place": place, "actor": name}
        data["claim_id"] = data["thread_id"] = place

    message, *_ = read(mail_of(ONE, matched=matched, change=change))
    expected, *_ = read(mail_of(ONE))
    assert message.keys() == expected.keys()
    assert message["to"] == "desk@paper.example"
    assert "[" not in message["subject"]


@given(hostile)
def test_all_text_is_escaped_in_html(text):
    nasty = f'"><script>alert(1)</script><img src="https://tracker.example/x.gif">{text}'

    def change(data):
        data["why"] = nasty
        del data["because"]
        data["evidence"] |= {"text": nasty, "language": nasty}
        data["article"] |= {"title": nasty, "outlet": nasty}
        data["claim"] |= {"place": nasty, "source": {"name": nasty, "code": nasty}}
        data["subscription"]["matched"] = nasty

    plain = {tag for tag, _ in Tags(read(mail_of(ONE))[2]).seen}
    seen = Tags(read(mail_of(ONE, change=change))[2]).seen
    assert {tag for tag, _ in seen} == plain
    assert not any(name.startswith("on") or name == "src" for _, attributes in seen for name in attributes)


def test_nothing_is_loaded_from_anywhere():
    seen = Tags(read(mail_of(TWO))[2]).seen
    assert not {"img", "script", "link", "iframe", "object"} & {tag for tag, _ in seen}
    assert not any("url(" in (attributes.get("style") or "") for _, attributes in seen)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://paper.example/a?b=1&c=2", "https://paper.example/a?b=1&c=2"),
        (" http://paper.example/ ", "http://paper.example/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://paper.example/\r\nX: y", None),
        ("https://paper.example/a b", None),
        ("//paper.example/", None),
        ("https://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_links_are_links(url, link):
    assert safe_link(url) == link


def test_an_article_without_link_title_or_date_makes_a_mail():
    def change(data):
        data["article"] |= {"url": None, "title": None, "published": None}

    _, text, html = read(mail_of(ONE, change=change))
    assert "The Paper, unknown" in text
    assert "None" not in text + html


@pytest.mark.parametrize(
    ("told", "english", "german"),
    [
        (claim("KOR", 3000), "3,000", "3.000"),
        (claim("KOR", (3000, None)), "at least 3,000", "mindestens 3.000"),
        (claim("KOR", (None, 3000)), "up to 3,000", "bis zu 3.000"),
        (claim("KOR", (3000, 4000)), "3,000 to 4,000", "3.000 bis 4.000"),
        (claim("KOR", 1000, additional=True), "1,000 more", "1.000 weitere"),
        (claim("KOR", additional=True), "additional forces", "weitere Kräfte"),
        (claim("KOR"), "no figure", "keine Zahl"),
    ],
)
def test_counts_in_words(told, english, german):
    assert Words(ENGLISH).count(told) == english
    assert Words(GERMAN).count(told) == german


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (claim(None, certainty="suspected"), "PRK → RUS: deployed (suspected)"),
        (claim("a driver", stage="engaged"), "PRK → RUS: in combat (claimed by a driver)"),
        (claim("KOR", destination=None, place="Middle East"), "PRK → Middle East: deployed (claimed by KOR)"),
        (claim("KOR", actor=None, destination=None), "? → ?: deployed (claimed by KOR)"),
        (claim("RUS", certainty="denied"), "PRK → RUS: deployed (denied by RUS)"),
    ],
)
def test_subjects_say_what_is_known(told, subject):
    assert Words(ENGLISH).subject(told, further=0) == subject


def test_periods_in_words():
    assert Words(GERMAN).period(claim("KOR", until=date(2024, 12, 31))) == "bis 31. Dez. 2024"
    assert Words(ENGLISH).period(claim("KOR")) is None


def test_clean_keeps_one_visible_line():
    assert clean("a\r\n b\x00\u202ec") == "a b c"
    assert clean("abcdef", 4) == "abc…"
