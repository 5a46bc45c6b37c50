"""What nobody came back from is queued again, and what is long over is cleared away."""

from datetime import timedelta

import asyncpg

BATCH = 1000

# Long enough that a repeated event still meets the key of its first job. A dead letter stays until somebody decides.
KEEP = timedelta(days=14)

# A job that its lease outlived either lost its worker or lost its message. It is attempted again at once: the attempt
# has been counted already, so one that takes its worker down every time comes to an end.
_REQUEUE_EXPIRED = """
WITH expired AS (
    SELECT id FROM control.job WHERE state IN ('published', 'running') AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE control.job SET state = 'queued', lease_until = NULL,
    last_error = CASE WHEN state = 'running' THEN 'LeaseExpired' ELSE last_error END
FROM expired WHERE job.id = expired.id
"""

_REQUEUE_ALL = """
UPDATE control.job SET state = 'queued', lease_until = NULL WHERE state IN ('published', 'running')
"""

_CLEAR_JOBS = """
DELETE FROM control.job WHERE id IN (
    SELECT id FROM control.job
    WHERE state IN ('done', 'discarded') AND finished_at < now() - $2::interval
    LIMIT $1 FOR UPDATE SKIP LOCKED
)
"""

_CLEAR_TIMERS = """
DELETE FROM control.timer WHERE id IN (
    SELECT id FROM control.timer WHERE fired_at < now() - $2::interval LIMIT $1 FOR UPDATE SKIP LOCKED
)
"""


async def requeue_expired(control: asyncpg.Connection) -> int:
    """Queue jobs again whose lease ran out; how many."""
    return _count(await control.execute(_REQUEUE_EXPIRED, BATCH))


async def requeue_all(control: asyncpg.Connection) -> int:
    """Queue everything again that an earlier process had in its memory; how many.

    Only for a broker in memory, which is the only one: with it no message outlives the process. Should another process
    be at work after all, it loses nothing: of two attempts at a job only the first to finish commits.
    """
    return _count(await control.execute(_REQUEUE_ALL))


async def clear_away(control: asyncpg.Connection) -> int:
    """Delete jobs and timers that are over for longer than anybody asks about them; how many at most `BATCH` each."""
    jobs = await control.execute(_CLEAR_JOBS, BATCH, KEEP)
    return _count(jobs) + _count(await control.execute(_CLEAR_TIMERS, BATCH, KEEP))


def _count(status: str) -> int:
    return int(status.rsplit(" ", 1)[-1])
