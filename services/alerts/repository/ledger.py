"""The ledger in the database: load what an article is decided against, store what its decisions changed."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables
from services.alerts.decide.decide_article import ArticleOutcome, Decision
from services.alerts.decide.state import ArticleRecord, ClaimState, LedgerState, ThreadState, Word
from services.alerts.decide.threads_needed import ThreadsNeeded, threads_needed
from services.alerts.decide.verdict import Kind
from services.alerts.messages.webhook_body import report_body
from shared.database.dialects import insert
from shared.database.locks import lock
from shared.events.identity import identity
from shared.events.statements import ArticleStatements


async def lock_ledger(connection: AsyncConnection, article: ArticleStatements) -> None:
    """Until the transaction ends, nobody else decides what may bear on this article, nor this article.

    In this order, which makes deadlocks impossible: the common lock, the article, its actors. A claim of an unknown
    actor may join any thread, so it is decided alone.
    """
    actors = {claim.actor for statement in article.statements for claim in statement.claims}
    await lock(connection, "alerts ledger", shared=None not in actors)
    await lock(connection, f"alerts article {article.article.id}")
    for actor in sorted(actor for actor in actors if actor is not None):
        await lock(connection, f"alerts actor {actor}")


async def load_state(connection: AsyncConnection, article: ArticleStatements) -> LedgerState:
    """All that can decide this article: its last recorded revision and the threads that bear on its claims, whole."""
    state = LedgerState()
    record = await _article_record(connection, article.article.id)
    if record is not None:
        state.articles[record.article_id] = record
    if not any(statement.claims for statement in article.statements):
        return state
    state.threads = await _threads(connection, article, record)
    claims, words = tables.claims.c, tables.words.c
    for row in await connection.execute(select(claims.state).where(claims.thread_id.in_(state.threads))):
        claim = ClaimState.model_validate(row.state)
        state.threads[claim.thread_id].claims[claim.claim_id] = claim
    for row in await connection.execute(select(words.thread_id, words.word).where(words.thread_id.in_(state.threads))):
        word = Word.model_validate(row.word)
        state.threads[row.thread_id].words[word.key] = word
    return state


async def _article_record(connection: AsyncConnection, article_id: str) -> ArticleRecord | None:
    row = (
        await connection.execute(select(tables.articles.c.record).where(tables.articles.c.article_id == article_id))
    ).one_or_none()
    return ArticleRecord.model_validate(row.record) if row else None


async def _threads(
    connection: AsyncConnection, article: ArticleStatements, record: ArticleRecord | None
) -> dict[str, ThreadState]:
    rows = await connection.execute(select(tables.threads).where(named(threads_needed(article, record))))
    return {
        row.thread_id: ThreadState(row.thread_id, row.actor, row.destination, row.region, row.report_order)
        for row in rows
    }


def named(needed: ThreadsNeeded) -> ColumnElement[bool]:
    """`ThreadsNeeded.names` as a condition of a query."""
    thread = tables.threads.c
    return or_(
        thread.thread_id.in_(needed.thread_ids),
        thread.actor.in_(actor for actor in needed.actors if actor is not None),
        thread.actor.is_(None) if None in needed.actors else false(),
        thread.destination.in_(needed.sides),
        thread.region.in_(needed.sides),
        and_(thread.destination.is_(None), thread.actor.in_(needed.actors_to_unknown)),
        and_(thread.actor.is_(None), thread.destination.in_(needed.unknown_to)),
    )


async def store_outcome(connection: AsyncConnection, state: LedgerState, outcome: ArticleOutcome) -> None:
    """Store what the decisions changed: threads, claims, words, reports, and the article's record."""
    for thread_id in {decision.thread_id for decision in outcome.decisions}:
        await _store_thread(connection, state.threads[thread_id])
    for claim in {decision.claim_id: decision.claim_after for decision in outcome.decisions}.values():
        await _store_claim(connection, claim, _repetitions(outcome.decisions, claim.claim_id))
    for decision in outcome.decisions:
        if decision.word is not None:
            await _store_word(connection, decision.thread_id, decision.word)
        await _store_report(connection, decision)
    for gone in outcome.superseded:
        await connection.execute(
            update(tables.reports).where(tables.reports.c.report_id == gone.report_id).values(superseded=True)
        )
    await _store_record(connection, outcome.record)


def _repetitions(decisions: Iterable[Decision], claim_id: str) -> int:
    """Row 0 is the same article saying the same again, which is no further voice."""
    return sum(
        decision.kind is Kind.REPEATED and decision.row != "0" and decision.claim_id == claim_id
        for decision in decisions
    )


async def _store_thread(connection: AsyncConnection, thread: ThreadState) -> None:
    row = insert(connection, tables.threads).values(
        thread_id=thread.thread_id,
        actor=thread.actor,
        destination=thread.destination,
        region=thread.region,
        report_order=thread.order,
    )
    await connection.execute(
        row.on_conflict_do_update(index_elements=["thread_id"], set_={"report_order": thread.order})
    )


async def _store_claim(connection: AsyncConnection, claim: ClaimState, repetitions: int) -> None:
    changing = {"heard_at": claim.heard_at, "state": claim.model_dump(mode="json", by_alias=True)}
    row = insert(connection, tables.claims).values(
        claim_id=claim.claim_id,
        thread_id=claim.thread_id,
        actor=claim.claim.actor,
        destination=claim.claim.destination,
        stage=claim.claim.stage.value,
        repeated=repetitions,
        **changing,
    )
    repeated = tables.claims.c.repeated + repetitions
    await connection.execute(
        row.on_conflict_do_update(index_elements=["claim_id"], set_={**changing, "repeated": repeated})
    )


async def _store_word(connection: AsyncConnection, thread_id: str, word: Word) -> None:
    document = word.model_dump(mode="json")
    row = insert(connection, tables.words).values(thread_id=thread_id, word_key=_word_key(word), word=document)
    await connection.execute(
        row.on_conflict_do_update(index_elements=["thread_id", "word_key"], set_={"word": document})
    )


def _word_key(word: Word) -> str:
    stage, additional, source, place = word.key
    return identity("word", stage.value, additional, source, place)


async def _store_report(connection: AsyncConnection, decision: Decision) -> None:
    """A report that stood in an earlier revision keeps the decision it was given then."""
    report = decision.report
    revision = report.article.revision
    row = insert(connection, tables.reports).values(
        report_id=report.report_id,
        claim_id=decision.claim_id,
        article_id=report.article.id,
        revision=revision,
        kind=decision.kind.value,
        superseded=False,
        at=report.at,
        body=report_body(decision),
    )
    await connection.execute(
        row.on_conflict_do_update(index_elements=["report_id"], set_={"revision": revision, "superseded": False})
    )


async def _store_record(connection: AsyncConnection, record: ArticleRecord) -> None:
    if not record.reports and record.revision == 1:
        return  # an article that claims nothing need not be remembered: told again, it claims nothing again
    changing = {"revision": record.revision, "record": record.model_dump(mode="json", by_alias=True)}
    row = insert(connection, tables.articles).values(article_id=record.article_id, **changing)
    await connection.execute(row.on_conflict_do_update(index_elements=["article_id"], set_=changing))
