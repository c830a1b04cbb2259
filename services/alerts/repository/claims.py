"""Claims and their reports, for reading."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables
from services.alerts.decide.verdict import Kind
from shared.events.statements import Certainty

TELLING = (Kind.NEW, Kind.REVISED, Kind.DENIED)

LATEST_OF_A_KIND = 20
"""Enough to find what a claim says now; a claim may have thousands of reports."""


async def list_claims(
    connection: AsyncConnection,
    *,
    actor: str | None,
    destination: str | None,
    stage: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Row[Any]]:
    """Rows of `alerts_claims`, last heard first, below the cursor (heard_at, claim_id)."""
    column = tables.claims.c
    query = select(tables.claims).order_by(column.heard_at.desc(), column.claim_id.desc()).limit(limit)
    for slot, value in ((column.actor, actor), (column.destination, destination), (column.stage, stage)):
        if value is not None:
            query = query.where(slot == value)
    if after is not None:
        heard_at, claim_id = after
        below = and_(column.heard_at == heard_at, column.claim_id < claim_id)
        query = query.where(or_(column.heard_at < heard_at, below))
    return list(await connection.execute(query))


async def get_claim(connection: AsyncConnection, claim_id: str) -> Row[Any] | None:
    return (await connection.execute(select(tables.claims).where(tables.claims.c.claim_id == claim_id))).one_or_none()


async def reports_of_claim(connection: AsyncConnection, claim_id: str) -> list[Row[Any]]:
    """Rows of `alerts_reports`, oldest first. All revisions of an article have one time."""
    column = tables.reports.c
    rows = await connection.execute(
        select(tables.reports)
        .where(column.claim_id == claim_id)
        .order_by(column.at, column.article_id, column.revision, column.report_id)
    )
    return list(rows)


async def latest_reports(connection: AsyncConnection, claim_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The latest reports of each claim that no edit took back, at most LATEST_OF_A_KIND of a kind."""
    column = tables.reports.c
    place = func.row_number().over(
        partition_by=(column.claim_id, column.kind), order_by=(column.at.desc(), column.revision.desc())
    )
    mine = and_(column.claim_id.in_(claim_ids), column.superseded.is_(False))
    placed = select(tables.reports, place.label("place")).where(mine).subquery()
    found: dict[str, list[Row[Any]]] = {claim_id: [] for claim_id in claim_ids}
    for row in await connection.execute(select(placed).where(placed.c.place <= LATEST_OF_A_KIND)):
        found[row.claim_id].append(row)
    return found


def standing_report(reports: Iterable[Row[Any]], affirmed: bool) -> Row[Any] | None:
    """Of a claim's reports the one that says what it says now: the latest that nobody took back and that opened or
    revised it, else the latest that repeats it. None if nothing stands. Denials are reports of claims that nobody
    affirms."""
    standing = [row for row in reports if not row.superseded and _affirms(row) is affirmed]
    telling = [row for row in standing if row.kind in TELLING]
    return max(telling or standing, key=lambda row: (row.at, row.revision), default=None)


def _affirms(report: Row[Any]) -> bool:
    return bool(report.body["claim"]["certainty"] != Certainty.DENIED)


async def count_claims(connection: AsyncConnection) -> tuple[int, int]:
    """Number of claims, and how often one was merely repeated."""
    query = select(func.count(), func.coalesce(func.sum(tables.claims.c.repeated), 0))
    claims, repeated = (await connection.execute(query)).one()
    return claims, int(repeated)
