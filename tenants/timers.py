"""Timers: a kind and a subject become due at an instant. One row each in `control.timer`, found by index.

Setting a timer again replaces it under a new generation, so that a message about the old one is recognised as stale.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text, Uuid, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession


async def set_timer(session: AsyncSession, kind: str, subject: UUID, due_at: datetime) -> None:
    """Make `kind` due for `subject` at `due_at` (UTC aware), instead of any earlier setting."""
    if due_at.tzinfo is None:
        raise ValueError("due_at needs a time zone")
    call = func.control.set_timer(literal(kind, Text), literal(subject, Uuid), literal(due_at, DateTime(timezone=True)))
    await session.execute(select(call))


async def set_timers(session: AsyncSession, kind: str, due_at: Mapping[UUID, datetime]) -> None:
    """The same for many subjects of one kind, in one statement."""
    if any(at.tzinfo is None for at in due_at.values()):
        raise ValueError("due_at needs a time zone")
    # As JSON, because asyncpg asks for an array's type with set_config, which a tenant's login may not call. In one
    # order everywhere, or two transactions that set the same timers could wait for each other.
    given = [{"subject": str(subject), "due_at": due_at[subject].isoformat()} for subject in sorted(due_at)]
    columns = column("subject", Uuid), column("due_at", DateTime(timezone=True))
    wanted = func.jsonb_to_recordset(literal(given, JSONB)).table_valued(*columns).render_derived(with_types=True)
    call = func.control.set_timer(literal(kind, Text), wanted.c.subject, wanted.c.due_at)
    await session.execute(select(func.count(call)).select_from(wanted))


async def cancel_timer(session: AsyncSession, kind: str, subject: UUID) -> None:
    """Forget the timer; nothing happens if there is none."""
    await session.execute(select(func.control.cancel_timer(literal(kind, Text), literal(subject, Uuid))))


async def fire_timer(session: AsyncSession, timer_id: UUID, generation: int) -> bool:
    """Claim a due timer in the transaction of its effect.

    False if it was set anew or cancelled since, or has fired already: then there must be no effect.
    """
    call = func.control.fire_timer(literal(timer_id, Uuid), literal(generation, BigInteger))
    return bool(await session.scalar(select(call)))
