"""Work for later, written in the business transaction: it exists exactly if the transaction commits.

A job names its actor and carries ids, never content: whoever works it off reads what it needs as the tenant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Integer,
    Interval,
    SmallInteger,
    Text,
    Uuid,
    column,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.base import new_id


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job that this attempt may work off until its lease ends."""

    id: UUID
    actor: str
    payload: Mapping[str, Any]
    attempt: int
    trace: str | None


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that failed too often, with the last reason."""

    id: UUID
    actor: str
    attempts: int
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


async def enqueue(
    session: AsyncSession,
    actor: str,
    payload: Mapping[str, str | int],
    *,
    key: str | None = None,
    queue: str = "default",
    priority: int = 0,
    run_at: datetime | None = None,
    trace: str | None = None,
) -> UUID:
    """Leave a job for `actor`; returns its id.

    With a `key` the tenant gets one job for it, however often it is enqueued, and the first one's id. Higher
    `priority` goes first among the tenant's own jobs. `run_at` (UTC aware) is now if not given.
    """
    call = func.control.enqueue(
        literal(new_id(), Uuid),
        literal(actor, Text),
        literal(dict(payload), JSONB),
        literal(key, Text),
        literal(queue, Text),
        literal(priority, SmallInteger),
        literal(run_at, DateTime(timezone=True)),
        literal(trace, Text) if trace else null(),
    )
    job_id: UUID = (await session.scalars(select(type_coerce(call, Uuid)))).one()
    return job_id


async def lease_job(session: AsyncSession, job_id: UUID, lease_for: timedelta) -> LeasedJob | None:
    """Take the job for one attempt; None if it is done, dead, another tenant's or leased to somebody else.

    Commit before working, so that others see the lease.
    """
    leased = func.control.lease_job(literal(job_id, Uuid), literal(lease_for, Interval)).table_valued(
        column("actor", Text), column("payload", JSONB), column("attempt", Integer), column("trace", Text)
    )
    row = (await session.execute(select(leased.c.actor, leased.c.payload, leased.c.attempt, leased.c.trace))).first()
    return LeasedJob(job_id, *row) if row is not None else None


async def finish_job(session: AsyncSession, job: LeasedJob) -> None:
    """Mark the job done in the transaction of its effect.

    Raises the driver's serialization failure (SQLSTATE 40001) if the lease was lost to a later attempt: the effect
    must roll back.
    """
    await session.execute(select(func.control.finish_job(literal(job.id, Uuid), literal(job.attempt, Integer))))


async def list_dead_jobs(session: AsyncSession, *, limit: int = 100) -> list[DeadJob]:
    """The tenant's dead letters, newest first."""
    instant = DateTime(timezone=True)
    dead = func.control.dead_jobs(literal(limit, Integer)).table_valued(
        column("id", Uuid),
        column("actor", Text),
        column("attempts", Integer),
        column("last_error", Text),
        column("created_at", instant),
        column("finished_at", instant),
    )
    return [DeadJob(*row) for row in await session.execute(select(dead))]


async def retry_job(session: AsyncSession, job_id: UUID) -> bool:
    """Put a dead letter back into the queue; False if it is not dead."""
    return bool(await session.scalar(select(func.control.retry_job(literal(job_id, Uuid)))))


async def discard_job(session: AsyncSession, job_id: UUID) -> bool:
    """Give a dead letter up for good; False if it is not dead. Its key stays taken."""
    return bool(await session.scalar(select(func.control.discard_job(literal(job_id, Uuid)))))
