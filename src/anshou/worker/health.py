"""Whether jobs are worked off: told by a canary that goes the way of every job, and by what is late.

A process that is alive proves nothing: a worker may run for days and consume nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

import asyncpg
from dramatiq.message import Message

CANARY = "worker.canary"

# How often a canary is sent, by whichever worker is first, and how long after it the last one must have come out.
CANARY_EVERY = timedelta(seconds=30)
CANARY_MISSED = timedelta(seconds=100)

# How late the oldest job or timer may be before people notice.
LATE = timedelta(minutes=2)

_SEND = """
INSERT INTO control.canary AS c (sent_at) VALUES (now())
ON CONFLICT (one) DO UPDATE SET sent_at = now() WHERE c.sent_at <= now() - $1::interval
"""

# Jobs of suspended tenants wait on purpose.
_READ = """
SELECT
    (SELECT now() - consumed_at FROM control.canary) AS canary_age,
    coalesce((SELECT now() - min(run_at) FROM control.job JOIN control.tenant ON tenant.id = tenant_id
              WHERE job.state = 'queued' AND run_at <= now() AND tenant.state = 'active'), '0') AS job_lateness,
    coalesce((SELECT now() - min(due_at) FROM control.timer
              WHERE queued_at IS NULL AND fired_at IS NULL AND due_at <= now()), '0') AS timer_lateness,
    (SELECT count(*) FROM control.job WHERE state = 'dead') AS dead
"""


@dataclass(frozen=True, slots=True)
class Health:
    """How the work of all workers together goes; `canary_age` is None before the first canary came out."""

    canary_age: timedelta | None
    job_lateness: timedelta
    timer_lateness: timedelta
    dead: int

    @property
    def well(self) -> bool:
        """Whether jobs are consumed and nothing is late. Dead letters are for people and make no worker ill."""
        consumed = self.canary_age is not None and self.canary_age <= CANARY_MISSED
        return consumed and max(self.job_lateness, self.timer_lateness) <= LATE


async def canary_is_due(control: asyncpg.Connection) -> bool:
    """Whether this worker is the one to send the next canary."""
    return not (await control.execute(_SEND, CANARY_EVERY)).endswith(" 0")


def canary() -> Message[None]:
    """The message, which carries nothing."""
    return Message(queue_name="critical", actor_name=CANARY, args=(), kwargs={}, options={})


CANARY_CAME_OUT = "UPDATE control.canary SET consumed_at = now()"


async def read_health(control: asyncpg.Connection) -> Health:
    """How it goes now."""
    return Health(**await control.fetchrow(_READ))
