"""Deleting what holds nothing confidential and has no upkeep in its own room: deliveries of webhooks, drafts."""

from datetime import datetime

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.retention.kinds import Kind
from anshou.privacy.retention.of_upkeep import DRAFTS, WEBHOOK_DELIVERIES
from anshou.privacy.retention.periods import period_of


async def sweep_old(session: AsyncSession, *, at: datetime) -> None:
    """Drop what became of old deliveries, the ones under way stay, and drafts that nobody has gone on with.

    In the agency's context.
    """
    for kind in (WEBHOOK_DELIVERIES, DRAFTS):
        await _sweep(session, kind, at=at)


async def _sweep(session: AsyncSession, kind: Kind, *, at: datetime) -> None:
    before = (await period_of(session, kind)).before(at)
    old = text(
        f"DELETE FROM {kind.table} WHERE id IN (SELECT s.id FROM ({kind.subjects}) AS s WHERE s.started_at < :before)"
    ).bindparams(bindparam("before", type_=DateTime(timezone=True)))
    await session.execute(old, {"before": before})
