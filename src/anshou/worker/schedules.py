"""What recurs for every tenant: one row each in `control.schedule`, and a job per tenant when its time comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg


@dataclass(frozen=True, slots=True)
class Schedule:
    """`actor` gets a job of every active tenant once in `every`, spread by chance over `spread`."""

    name: str
    actor: str
    every: timedelta
    spread: timedelta


# The worker that moves the row on leaves the jobs, so several workers leave them once. A slot that passed while no
# worker ran is made up for once, not for each time that was missed. A schedule that is new begins with its second slot:
# there is nothing yet to be done again.
_LEAVE_JOBS = """
WITH begun AS (
    INSERT INTO control.schedule (name, next_at) VALUES ($1, now() + $2) ON CONFLICT (name) DO NOTHING
),
slot AS (
    UPDATE control.schedule SET next_at = now() + $2 WHERE name = $1 AND next_at <= now() RETURNING next_at
)
INSERT INTO control.job (id, tenant_id, actor, payload, dedupe_key, queue, run_at, created_at)
SELECT gen_random_uuid(), tenant.id, $3, '{}', format('schedule:%s:%s', $1::text, extract(epoch FROM slot.next_at)),
       'bulk', now() + random() * $4::interval, now()
FROM slot CROSS JOIN control.tenant WHERE tenant.state = 'active'
ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
"""


async def leave_scheduled_jobs(control: asyncpg.Connection, schedules: Sequence[Schedule]) -> int:
    """Leave the jobs of every schedule whose time has come; how many."""
    left = 0
    for one in schedules:
        status = await control.execute(_LEAVE_JOBS, one.name, one.every, one.actor, one.spread)
        left += int(status.rsplit(" ", 1)[-1])
    return left
