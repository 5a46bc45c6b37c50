"""Deleting what has no upkeep in its own room: deliveries of webhooks, drafts, imports that nobody finished."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.retention.kinds import Kind
from anshou.privacy.retention.of_upkeep import DRAFTS, LEFT_IMPORTS, WEBHOOK_DELIVERIES
from anshou.privacy.retention.periods import period_of
from anshou.tickets.importing.intake import drop_left
from tenants.storage import ObjectStorage

_DUE = "SELECT s.id FROM ({subjects}) AS s WHERE s.started_at < :before"
_BEFORE = bindparam("before", type_=DateTime(timezone=True))


async def sweep_old(session: AsyncSession, storage: ObjectStorage, *, at: datetime) -> None:
    """Drop what became of old deliveries, the ones under way stay, and drafts and imports that nobody has gone on with.

    In the agency's context.
    """
    for kind in (WEBHOOK_DELIVERIES, DRAFTS):
        await _sweep(session, kind, at=at)
    # With what was read of the file, which lies in the storage.
    await drop_left(session, storage, await _old(session, LEFT_IMPORTS, at=at))


async def _sweep(session: AsyncSession, kind: Kind, *, at: datetime) -> None:
    old = text(f"DELETE FROM {kind.table} WHERE id IN ({_DUE.format(subjects=kind.subjects)})").bindparams(_BEFORE)
    await session.execute(old, {"before": (await period_of(session, kind)).before(at)})


async def _old(session: AsyncSession, kind: Kind, *, at: datetime) -> Sequence[UUID]:
    due = text(_DUE.format(subjects=kind.subjects)).bindparams(_BEFORE)
    return (await session.scalars(due, {"before": (await period_of(session, kind)).before(at)})).all()
