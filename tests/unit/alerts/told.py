"""Builds article revisions for ledger tests in one line each, and feeds them to a ledger."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.alerts.decide.replay import Ledger
from shared.events.article import Outlet
from shared.events.statements import (
    ArticleReference,
    ArticleStatements,
    Claim,
    Extractor,
    Interval,
    Source,
    Statement,
)

START = datetime(2024, 10, 1, 6, tzinfo=UTC)

PLACES = {
    "Plekhovo": ("x:plekhovo", ("RU-KRS", "RUS")),
    "Kursk oblast": ("RU-KRS", ("RUS",)),
    "Belgorod": ("RU-BEL", ("RUS",)),
    "Vladivostok": ("RUS:vladivostok", ("RUS",)),
    "Kursk and Belgorod": ("RU-BEL+RU-KRS", ("RUS",)),
    "Ukrainian border": ("border:RUS+UKR", ("RUS",)),
    "Middle East": ("MIDDLE_EAST", ()),
    "Baghdad": ("IRQ:baghdad", ("IRQ", "MIDDLE_EAST")),
}

AROUND = {"IRQ": ("MIDDLE_EAST",), "SYR": ("MIDDLE_EAST",)}
"""Regions that hold a destination, told with a claim that names no place in it."""


def claim(
    source: str | None = None,
    count: int | tuple[int | None, int | None] | None = None,
    *,
    actor: str | None = "PRK",
    destination: str | None = "RUS",
    place: str | None = None,
    stage: str = "deployed",
    certainty: str = "claimed",
    additional: bool = False,
    until: date | None = None,
) -> Claim:
    """`source` in capitals is a code, otherwise a name without one; `count` is exact or (min, max)."""
    key, within = PLACES.get(place or "", (None, AROUND.get(destination or "", ())))
    low, high = count if isinstance(count, tuple) else (count, count)
    return Claim(
        actor=actor,
        destination=destination,
        place=place,
        place_key=key,
        place_within=within,
        count_min=low,
        count_max=high,
        additional=additional,
        stage=stage,
        certainty=certainty,
        source=None if source is None else Source(name=source, code=source if source.isupper() else None),
        when=Interval(from_=None, to=until) if until else None,
    )


def article(
    name: str, *claims: Claim, day: float = 0, revision: int = 1, agency: str | None = None, **outlet: Any
) -> ArticleStatements:
    at = START + timedelta(days=day)
    return ArticleStatements(
        article=ArticleReference(
            id=name,
            revision=revision,
            url=f"https://paper.example/{name}",
            title=f"Title of {name}",
            outlet=Outlet(name=outlet.pop("outlet", "The Paper"), **outlet),
            agency=agency,
            published=at,
            fetched=at + timedelta(minutes=5),
        ),
        language="en",
        extractor=Extractor(name="test", version="1"),
        statements=tuple(
            Statement(type="mobilize", field="text", text=f"Sentence {n} of {name}.", start=n, end=n + 9, claims=(one,))
            for n, one in enumerate(claims)
        ),
    )


def kinds(ledger: Ledger, *articles: ArticleStatements) -> list[str]:
    """The kinds of all decisions, one article after the other."""
    return [decision.kind.value for one in articles for decision in ledger.decide(one)]


def told(*claims: Claim) -> list[str]:
    """The kinds when each claim stands in an article of its own, a day apart."""
    return kinds(Ledger(), *(article(f"a{n}", one, day=n) for n, one in enumerate(claims)))
