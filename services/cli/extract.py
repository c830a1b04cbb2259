"""`vedette extract`: articles in, statements with their claims out, one JSON line each."""

import sys
from typing import Annotated

import typer

from services.cli.failures import failures_as_exit_status
from services.cli.read_articles import ArticleLine, LineErrors, progress_over, read_articles
from services.cli.write_lines import write_line
from services.extractor.explain import explain_article
from services.extractor.extract_article import Extraction, extract_article
from services.extractor.lexicon import load_lexicon


def extract(
    explain: Annotated[bool, typer.Option("--explain", help="print how each article was read instead of JSON")] = False,
) -> None:
    """Read articles as JSON Lines on standard input, write their statements and claims as JSON Lines."""
    errors = LineErrors()
    with failures_as_exit_status():
        lexicon = load_lexicon()
        with progress_over(sys.stdin.buffer) as lines:
            for article in read_articles(lines, errors):
                with errors.counted(article):
                    if explain:
                        print(explain_article(article.as_text(), lexicon))
                    else:
                        _write(article, extract_article(article.as_text(), lexicon))
    if errors.count:
        raise typer.Exit(1)


def _write(article: ArticleLine, extraction: Extraction) -> None:
    statements = [item.model_dump(mode="json", by_alias=True) for item in extraction.statements]
    write_line({"id": article.id, "language": extraction.language, "statements": statements})
