"""Article revisions with claims, as the extractor would publish them."""

from datetime import UTC, datetime
from typing import Any

from shared.events.article import Outlet
from shared.events.statements import (
    ArticleReference,
    ArticleStatements,
    Certainty,
    Claim,
    Extractor,
    Source,
    Stage,
    Statement,
    StatementType,
)

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def claim(actor: str | None = "KEN", destination: str | None = "MOZ", count: int | None = None, **slots: Any) -> Claim:
    """A claim that Kenya has deployed to Mozambique, said by Kenya, unless told otherwise."""
    return Claim(
        **{
            "actor": actor,
            "destination": destination,
            "count_min": count,
            "count_max": count,
            "stage": Stage.DEPLOYED,
            "certainty": Certainty.CLAIMED,
            "source": Source(name="the ministry", code="KEN"),
            **slots,
        }
    )


def article(
    article_id: str,
    *claims: Claim,
    revision: int = 1,
    published: datetime | None = NOON,
    fetched: datetime = NOON,
    outlet: str = "Example Courier",
) -> ArticleStatements:
    """One revision with one sentence per claim."""
    return ArticleStatements(
        article=ArticleReference(
            id=article_id,
            revision=revision,
            url=f"https://courier.example/{article_id}",
            title=f"Article {article_id}",
            outlet=Outlet(name=outlet, family=outlet),
            published=published,
            fetched=fetched,
        ),
        language="en",
        extractor=Extractor(name="rules", version="test"),
        statements=tuple(
            Statement(
                type=StatementType.MOBILIZE,
                field="text",
                text=f"Sentence {number} of {article_id}.",
                start=number * 100,
                end=number * 100 + 20,
                claims=(one,),
            )
            for number, one in enumerate(claims)
        ),
    )
