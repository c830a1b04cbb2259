"""Articles of own prose that each claim a deployment nobody else has claimed: whatever order they come in, each is one
alert."""

from datetime import UTC, datetime
from itertools import islice, product

from tests.fakes.feeds import Item

COUNTRIES = (
    "Albania", "Algeria", "Angola", "Argentina", "Armenia", "Austria", "Bahrain", "Bangladesh", "Belgium", "Benin",
    "Bolivia", "Botswana", "Brazil", "Bulgaria", "Burundi", "Cambodia", "Cameroon", "Canada", "Chad", "Chile",
    "Colombia", "Croatia", "Cyprus", "Denmark", "Djibouti", "Ecuador", "Egypt", "Eritrea", "Estonia", "Ethiopia",
    "Finland", "Gabon", "Ghana", "Greece", "Guatemala", "Guyana", "Haiti", "Honduras", "Hungary", "Indonesia",
    "Iraq", "Ireland", "Italy", "Jamaica", "Japan", "Kazakhstan", "Kenya", "Kosovo", "Kuwait", "Kyrgyzstan",
    "Laos", "Latvia", "Lebanon", "Lesotho", "Liberia", "Libya", "Malawi", "Malaysia", "Mali", "Malta",
    "Mexico", "Moldova", "Mongolia", "Morocco", "Mozambique", "Namibia", "Nepal", "Nicaragua", "Niger", "Norway",
    "Oman", "Panama", "Paraguay", "Peru", "Poland", "Portugal", "Qatar", "Romania", "Rwanda", "Senegal",
)  # fmt: skip

FILLING = (
    "The ministry gave no further details about the length of the mission or its cost. Members of parliament had "
    "asked for a debate before the summer break, and several newspapers had called for more openness about it. "
    "A debate is now expected next month, when the committee meets again and the budget is on its agenda. "
    "The opposition said that it would ask for a written answer in the meantime, and that it would publish it. "
    "Observers in the capital expect little controversy, because the budget has room for it and the polls are calm."
)
"""Long enough for a feed's text to count as complete, so that no page is asked for."""


def deployment_articles(count: int, again: str = "") -> list[Item]:
    """`count` entries, at most 6,320; `again` makes further ones that claim the same on other pages."""
    pairs = ((actor, place) for actor, place in product(COUNTRIES, COUNTRIES) if actor != place)
    articles = [_article(number, *pair, again) for number, pair in enumerate(islice(pairs, count))]
    if len(articles) < count:
        raise ValueError(f"there are only {len(articles)} different deployments")
    return articles


def _article(number: int, actor: str, destination: str, again: str) -> Item:
    text = f"{actor} has sent {300 + 7 * number} soldiers to {destination}, officials said on Tuesday.\n{FILLING}"
    name = f"{again}{number}"
    title = f"{actor} and {destination}: ministry statement"
    return Item(f"g{name}", title, text, f"https://outlet.example/articles/{name}", datetime.now(UTC))
