"""The story of the demo: who prints which text when, and what a subscriber should be told of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ARTICLES_FILE = Path(__file__).parent / "articles.toml"


@dataclass(frozen=True)
class Article:
    """A text without outlet and date."""

    language: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Outlet:
    """`slug` is its part of the news server's addresses; `syndication` the format of its feed."""

    slug: str
    name: str
    language: str
    syndication: str


@dataclass(frozen=True)
class Entry:
    """An article in an outlet's feed. One with the slug of an earlier entry is that entry, edited.

    `hours_ago`: its date, before the start of the demo. `whole_text`: False if the feed has only the first sentence
    and the rest must be fetched from the article's page.
    """

    outlet: Outlet
    slug: str
    article: Article
    hours_ago: float
    whole_text: bool = True


@dataclass(frozen=True)
class Step:
    """What is published at once, and the kind of the one alert that follows; None: nobody is told anything."""

    letter: str
    about: str
    entries: tuple[Entry, ...]
    expected: str | None


GERMAN = Outlet("morgenblatt", "Altenfelder Morgenblatt", "de", "rss")
ENGLISH = Outlet("courier", "The Northgate Courier", "en", "atom")
THIRD = Outlet("meridian", "Meridian Newsroom", "en", "rss")


def load_story(file: Path = ARTICLES_FILE) -> tuple[Step, ...]:
    """The steps in order, told with the texts of `file`."""
    articles = {
        name: Article(table["language"], table["title"], tuple(table["paragraphs"]))
        for name, table in tomllib.loads(file.read_text("utf-8")).items()
    }
    return (
        Step(
            "a",
            "A ministry says that soldiers of another country are to go to a third.",
            (Entry(GERMAN, "kuba-nicaragua", articles["planned-de"], 9),),
            "new",
        ),
        Step(
            "b",
            "The same by the same ministry, in another language: nothing new.",
            (Entry(ENGLISH, "cuba-nicaragua", articles["planned-en"], 8),),
            None,
        ),
        Step(
            "c",
            "An intelligence service of another country gives a much larger number.",
            (Entry(ENGLISH, "colombia-estimate", articles["larger-en"], 6, whole_text=False),),
            "new",
        ),
        Step("d", "The first have arrived.", (Entry(GERMAN, "bluefields", articles["arrived-de"], 4),), "new"),
        Step(
            "e",
            "The country whose soldiers they are said to be denies it.",
            (Entry(ENGLISH, "havana-denies", articles["denied-en"], 3),),
            "denied",
        ),
        Step(
            "f",
            "Police, a football team and a piece on history: no claims about troops.",
            (
                Entry(ENGLISH, "summit-police", articles["police-en"], 2.75),
                Entry(GERMAN, "sportfreunde", articles["football-de"], 2.5),
                Entry(GERMAN, "ausstellung", articles["anniversary-de"], 2.25),
            ),
            None,
        ),
        Step(
            "g",
            "The article of step d is edited: its number has risen.",
            (Entry(GERMAN, "bluefields", articles["arrived-edited-de"], 4),),
            "revised",
        ),
        Step("h", "A third feed prints the same texts, the first version of d included.", _reprints(articles), None),
    )


def _reprints(articles: Mapping[str, Article]) -> tuple[Entry, ...]:
    names = ("planned-de", "planned-en", "larger-en", "arrived-de", "denied-en")
    return tuple(Entry(THIRD, name, articles[name], 2 - number / 4) for number, name in enumerate(names))
