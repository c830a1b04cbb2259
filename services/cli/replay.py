"""`vedette replay`: articles in reading order through extractor and a fresh ledger, every decision out."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from services.alerts.decide.decide_article import Decision, LedgerSettings
from services.alerts.decide.replay import Ledger
from services.cli.failures import failures_as_exit_status
from services.cli.read_articles import ArticleLine, LineErrors, progress_over, read_articles
from services.cli.write_lines import write_line
from services.extractor.extract_article import extract_article
from services.extractor.lexicon import Lexicon, load_lexicon
from shared.events.article import Outlet
from shared.events.statements import ArticleReference, ArticleStatements, Claim, Extractor, Statement, StatementType
from shared.version import vedette_version

UNDATED = datetime.min.replace(tzinfo=UTC)
"""A ledger reads no clock: an article without date is taken as told at the beginning of time."""


def replay(
    claims: Annotated[
        bool, typer.Option("--claims", help="take the claims of the input instead of extracting")
    ] = False,
    renew_after_days: Annotated[
        float, typer.Option(min=0, help="a claim unheard for so long may be new again (0: never)")
    ] = 0,
) -> None:
    """Read articles as JSON Lines in reading order, write what the ledger decides about each."""
    errors = LineErrors()
    renew_after = timedelta(days=renew_after_days) if renew_after_days else None
    with failures_as_exit_status():
        lexicon = load_lexicon()
        ledger = Ledger(LedgerSettings(renew_after))
        statements_of = given if claims else extracted
        with progress_over(sys.stdin.buffer) as lines:
            for article in read_articles(lines, errors):
                with errors.counted(article):
                    decisions = ledger.decide(article_statements(article, lexicon, statements_of))
                    write_line({"id": article.id, "decisions": [_document(decision) for decision in decisions]})
    if errors.count:
        raise typer.Exit(1)


Found = tuple[str | None, tuple[Statement, ...]]


def article_statements(
    article: ArticleLine, lexicon: Lexicon, statements_of: Callable[[ArticleLine, Lexicon], Found]
) -> ArticleStatements:
    """What the ledger reads of the article; `statements_of` is `extracted` or `given`."""
    language, statements = statements_of(article, lexicon)
    published = _moment(article.day_or_moment)
    return ArticleStatements(
        article=ArticleReference(
            id=article.id,
            revision=1,
            url=article.url,
            title=article.title,
            outlet=Outlet(name="replay"),
            published=published,
            fetched=published or UNDATED,
        ),
        language=language,
        extractor=Extractor(name="rules", version=vedette_version()),
        statements=statements,
    )


def extracted(article: ArticleLine, lexicon: Lexicon) -> Found:
    """What the extractor finds in the text."""
    extraction = extract_article(article.as_text(), lexicon)
    return extraction.language, extraction.statements


def given(article: ArticleLine, lexicon: Lexicon) -> Found:
    """The input's own claims, each with its place keys filled in by the extractor's function."""
    statements = []
    for annotated in article.claims:
        if annotated.optional:
            continue
        key, within = lexicon.gazetteer.place_keys(annotated.place, annotated.destination, None)
        slots = annotated.model_dump(exclude={"optional", "evidence", "place_key", "place_within"})
        claim = Claim(**slots, place_key=key, place_within=within)
        evidence = annotated.evidence or article.text
        start = max(article.text.find(evidence), 0)
        statements.append(
            Statement(
                type=StatementType.MOBILIZE,
                field="text",
                text=evidence,
                start=start,
                end=start + len(evidence),
                claims=(claim,),
            )
        )
    return None, tuple(statements)


def _moment(value: datetime | date | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time.min, UTC)


def _document(decision: Decision) -> dict[str, Any]:
    earlier = decision.earlier
    return {
        "kind": decision.kind.value,
        "claim_id": decision.claim_id,
        "thread_id": decision.thread_id,
        "claim": decision.report.claim.model_dump(mode="json", by_alias=True),
        "why": decision.why,
        "earlier": earlier
        and {
            "claim_id": earlier.claim_id,
            "claim": earlier.claim.model_dump(mode="json", by_alias=True),
            "difference": earlier.difference,
        },
    }
