"""Which agency an article credits, and what is no credit."""

import pytest

from services.fetcher.credited_agency import load_agencies

BODY = "The harbour of Altenfeld stays closed, its master said.\n\nNobody knew for how long."


@pytest.mark.parametrize(
    ("author", "text", "agency"),
    [
        ("AFP", BODY, "AFP"),
        ("Jane Doe, Reuters", BODY, "REUTERS"),
        ("By The Associated Press", BODY, "AP"),
        ("desk@courier.example (dpa)", BODY, "DPA"),
        ("dpa/AFP", BODY, "DPA"),
        (None, f"ALTENFELD, Nov 3 (Reuters) - {BODY}", "REUTERS"),
        (None, f"Altenfeld (dpa/xy) – {BODY}", "DPA"),
        (None, f"(AFP) - {BODY}", "AFP"),
        (None, f"{BODY} (AFP)", "AFP"),
        (None, f"{BODY}\nQuelle: dpa", "DPA"),
        (None, f"{BODY}\n© AFP\n", "AFP"),
        (None, f"{BODY} (Quelle: epd)", "EPD"),
        (None, f"{BODY}\nReuters", "REUTERS"),
        ("Jane Doe", BODY, None),
        (None, f"{BODY} That is what Reuters reports.", None),
        (None, f"{BODY} (photo: Reuters archive)", None),
        (None, f"The master (62) told AFP - and nobody else - of it. {BODY}", None),
        (None, f"ALTENFELD (Courier) - {BODY}", None),
        (None, "", None),
    ],
)
def test_only_a_credit_is_one(author, text, agency):
    assert load_agencies().credited("The Courier", author, text) == agency


def test_an_agency_that_is_the_outlet_credits_itself():
    assert load_agencies().credited("Yonhap News Agency", None, BODY) == "YONHAP"
