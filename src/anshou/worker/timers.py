"""Timers that are due become jobs, found by one index for all tenants.

The job carries the generation of the timer. Whether the timer is still that one is decided by the actor, in the
transaction of the effect.
"""

import asyncpg

# Most timers in one transaction.
BATCH = 500

FIRE_TIMER = "timers.fire"

# The key makes one job of one generation, whatever becomes of this transaction. Timers go before other work: a deadline
# that is told late is a deadline missed.
_QUEUE_DUE = """
WITH due AS (
    SELECT id, tenant_id, kind, subject, generation FROM control.timer
    WHERE due_at <= now() AND queued_at IS NULL AND fired_at IS NULL
    ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
),
made AS (
    INSERT INTO control.job (id, tenant_id, actor, payload, dedupe_key, queue, priority, run_at, created_at)
    SELECT gen_random_uuid(), tenant_id, $2,
           jsonb_build_object('timer', id, 'kind', kind, 'subject', subject, 'generation', generation),
           'timer:' || id || ':' || generation, 'critical', 10, now(), now()
    FROM due
    ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
)
UPDATE control.timer SET queued_at = now() FROM due WHERE timer.id = due.id
"""


async def queue_due_timers(control: asyncpg.Connection) -> int:
    """Leave a job for every timer that is due, at most `BATCH` of them; how many there were."""
    return int((await control.execute(_QUEUE_DUE, BATCH, FIRE_TIMER)).split()[-1])
