"""Claims and their reports, for reading."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts import tables


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


async def count_claims(connection: AsyncConnection) -> tuple[int, int]:
    """Number of claims, and how often one was merely repeated."""
    query = select(func.count(), func.coalesce(func.sum(tables.claims.c.repeated), 0))
    claims, repeated = (await connection.execute(query)).one()
    return claims, int(repeated)
