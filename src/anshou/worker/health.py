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
    coalesce((SELECT now() - min(noted_at) FROM control.audit_hint JOIN control.tenant ON tenant.id = tenant_id
              WHERE tenant.state = 'active'), '0') AS sealing_lateness,
    (SELECT count(*) FROM control.audit_sealing WHERE failure IS NOT NULL) AS unsealed_tenants,
    (SELECT count(*) FROM control.job WHERE state = 'dead') AS dead
"""


@dataclass(frozen=True, slots=True)
class Health:
    """How the work of all workers together goes; `canary_age` is None before the first canary came out.

    `sealing_lateness` is how long the oldest audit leaf has waited for its place, `unsealed_tenants` how many tenants'
    records could not be sealed at the last try.
    """

    canary_age: timedelta | None
    job_lateness: timedelta
    timer_lateness: timedelta
    dead: int
    sealing_lateness: timedelta = timedelta(0)
    unsealed_tenants: int = 0

    @property
    def well(self) -> bool:
        """Whether jobs are consumed and nothing is late.

        Dead letters are for people and make no worker ill, nor do audit leaves that wait: a transaction that stays open
        holds them back, and no other worker would seal them sooner.
        """
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
