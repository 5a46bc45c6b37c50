"""One attempt at one job: lease it, let its actor work, and write down how it ended.

Nothing here depends on the broker having delivered the job once, in order or at all.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from anshou.people.person import SYSTEM
from anshou.worker.work import AnyActor, Outside, Work
from tenants.errors import DatabaseUnavailable
from tenants.jobs import LeasedJob, lease_job
from tenants.refusals import Conflict, Refusal
from tenants.registry import Tenant
from tenants.sessions import Tenants

log = logging.getLogger(__name__)

# The first retry comes after 3 to 6 seconds, each further one after twice as long, and none later than an hour.
FIRST_DELAY = timedelta(seconds=6)
LONGEST_DELAY = timedelta(hours=1)

# How much longer than the actor's time limit a lease lasts: the time to notice, roll back and write it down.
LEASE_MARGIN = timedelta(seconds=10)

# What `control.finish_job` raises; nothing else does, because transactions here are READ COMMITTED.
_LEASE_LOST = "40001"

_FAILED = text(
    """
    UPDATE control.job SET
        state = CASE WHEN :again THEN 'queued' ELSE 'dead' END,
        run_at = CASE WHEN :again THEN clock_timestamp() + :delay ELSE run_at END,
        finished_at = CASE WHEN :again THEN NULL ELSE clock_timestamp() END,
        lease_until = NULL,
        last_error = :error
    WHERE id = :id AND state = 'running' AND attempts = :attempt
    """
)

# Being told to stop is no failure of the job: the attempt does not count.
_PUT_BACK = text(
    """
    UPDATE control.job SET state = 'queued', attempts = attempts - 1, lease_until = NULL
    WHERE id = :id AND state = 'running' AND attempts = :attempt
    """
)


class WorkerLost(Exception):
    """Raised when a job has used up its attempts without one that lived to say why it failed."""


def delay_after(attempt: int, draw: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after this many failures: doubling, spread by chance so that they do not all return at once."""
    longest: timedelta = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt - 1, 30))
    return longest * (0.5 + draw() / 2)


def name_of(error: BaseException) -> str:
    """The class of the error, the database's own where there is one. Never its text, which may hold a value."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return type(error.orig.__cause__ or error.orig).__name__
    return type(error).__name__


class Attempts:
    """Carries jobs out, as many at a time as it is called."""

    def __init__(self, tenants: Tenants, outside: Outside) -> None:
        self._tenants = tenants
        self._outside = outside

    async def carry_out(self, actor: AnyActor, tenant_id: UUID, job_id: UUID) -> None:
        """Work the job off, unless somebody else does or has. Failures go into its row and are not raised."""
        try:
            tenant = await self._tenants.by_id(tenant_id)
            job = await self._lease(actor, tenant, job_id)
        except Exception as error:
            # No database, a tenant that is suspended or being migrated, or none any more: nothing has been attempted.
            # The row still says published; when that runs out, and the tenant is active, it is published again.
            log.warning("job %s could not be leased: %s", job_id, name_of(error))
            return
        if job is None:
            log.debug("job %s is leased or no longer to be done", job_id)
            return
        try:
            await self._attempt(actor, tenant, job)
        except asyncio.CancelledError:
            await self._record(job, _PUT_BACK)
            raise
        except Exception as error:
            await self._write_down(actor, job, error)

    async def _lease(self, actor: AnyActor, tenant: Tenant, job_id: UUID) -> LeasedJob | None:
        async with self._tenants.session(tenant, SYSTEM.context()) as session:
            return await lease_job(session, job_id, actor.time_limit + LEASE_MARGIN)

    async def _attempt(self, actor: AnyActor, tenant: Tenant, job: LeasedJob) -> None:
        if job.attempt > actor.attempts:
            raise WorkerLost
        work = Work(tenant, job, datetime.now(UTC), self._outside, self._tenants)
        async with asyncio.timeout(actor.time_limit.total_seconds()):
            await actor(work)

    async def _write_down(self, actor: AnyActor, job: LeasedJob, error: Exception) -> None:
        if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _LEASE_LOST:
            log.warning("job %s was taken over by a later attempt", job.id)
            return
        # What is not found, not permitted or not valid will not become so by waiting.
        hopeless = isinstance(error, Refusal) and not isinstance(error, Conflict)
        again = job.attempt < actor.attempts and not hopeless
        log.log(
            logging.WARNING if again else logging.ERROR,
            "job %s (%s) failed at attempt %d%s: %s",
            job.id,
            actor.name,
            job.attempt,
            "" if again else " and is a dead letter",
            name_of(error),
        )
        await self._record(job, _FAILED, again=again, delay=delay_after(job.attempt), error=name_of(error))

    async def _record(self, job: LeasedJob, statement: TextClause, **values: object) -> None:
        try:
            async with self._tenants.control() as control:
                await control.execute(statement, {"id": job.id, "attempt": job.attempt, **values})
        except DatabaseUnavailable:
            # The lease runs out by itself, and the sweeper finds it.
            log.warning("the end of job %s could not be written down", job.id)
