"""Consume `news.articles.v1`, extract, publish `news.statements.v1`: acknowledged before the offset moves.

No database: the id of what goes out is made from what came in, so a repetition is recognised by the next consumer.
"""

from collections.abc import Awaitable, Callable

from services.extractor.extract_article import ArticleText, Extraction
from shared.bus.consumer_loop import Handler, Outcome
from shared.bus.port import Bus, Record
from shared.events.article import Article
from shared.events.envelope import Attributes, Message, read_attributes, read_data, to_message
from shared.events.identity import message_id
from shared.events.statements import ArticleReference, ArticleStatements, Extractor
from shared.events.topics import STATEMENTS

GROUP = "extractor"
EVENT_TYPE = "vedette.statements"

Extract = Callable[[ArticleText], Awaitable[Extraction]]


def consume_articles(bus: Bus, extract: Extract, engine: Extractor) -> Handler:
    """The handler of one article message."""

    async def handle(record: Record) -> Outcome:
        attributes = read_attributes(record.headers)
        article = read_data(Article, record.value)
        extraction = await extract(as_text(article))
        await bus.publish([to_statements_message(article, extraction, engine, attributes)])
        return Outcome.PROCESSED

    return handle


def as_text(article: Article) -> ArticleText:
    return ArticleText(
        title=article.title,
        text=article.text,
        published=article.published,
        language_hint=article.language,
    )


def to_statements_message(article: Article, extraction: Extraction, engine: Extractor, cause: Attributes) -> Message:
    """The message about `article` for the next topic; it takes over the trace of the message that caused it."""
    data = ArticleStatements(
        article=ArticleReference(
            id=article.id,
            revision=article.revision,
            url=article.url,
            title=article.title,
            outlet=article.outlet,
            agency=article.agency,
            published=article.published,
            fetched=article.fetched,
        ),
        language=extraction.language,
        extractor=engine,
        statements=extraction.statements,
    )
    attributes = Attributes(
        id=message_id(article.id, article.revision),
        source="vedette/extractor",
        type=EVENT_TYPE,
        subject=article.id,
        time=cause.time,
        traceparent=cause.traceparent,
    )
    return to_message(STATEMENTS, article.id, attributes, data)
