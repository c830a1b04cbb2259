"""The annotated passages beside this file: own prose, invented facts, claims as a careful reader would note them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import Lexicon
from shared.events.statements import Claim

PASSAGES = Path(__file__).parent / "passages"
READ, UNREAD = "read", "unread"
BRIEFS_READ, BRIEFS_UNREAD = "briefs_read", "briefs_unread"
ORDINARY_READ, ORDINARY_UNREAD = "ordinary_read", "ordinary_unread"
"""Rules are made from the read ones; of the unread ones only figures are looked at. Briefs are items of one to four
sentences, each with another way to say it; ordinary ones are articles about something else."""
KINDS = (READ, UNREAD, BRIEFS_READ, BRIEFS_UNREAD, ORDINARY_READ, ORDINARY_UNREAD)


@dataclass(frozen=True)
class AnnotatedClaim:
    """A claim that the passage makes; an optional one is one on which two careful readers could differ."""

    claim: Claim
    optional: bool


@dataclass(frozen=True)
class AnnotatedPassage:
    article: ArticleText
    claims: tuple[AnnotatedClaim, ...]


def annotated_passages(kind: str, language: str) -> Iterator[AnnotatedPassage]:
    for line in (PASSAGES / kind / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield AnnotatedPassage(
            ArticleText(record["title"], record["text"], date.fromisoformat(record["published"])),
            tuple(AnnotatedClaim(Claim.model_validate(claim), claim["optional"]) for claim in record["claims"]),
        )


def told_claims(passage: AnnotatedPassage, lexicon: Lexicon) -> list[Claim]:
    return [claim for statement in extract_article(passage.article, lexicon).statements for claim in statement.claims]
