"""The relay: takes jobs that are due, hands them to the broker and marks them published.

Turn-taking: it goes round the tenants that have work and takes of each what its cap leaves room for, then of the next.
A tenant never has more than its cap in flight, so a hundred thousand jobs of one tenant fill a few places while
everybody else's pass by.

It publishes first and marks then, in one transaction: a crash in between publishes twice, which the lease absorbs; the
other order would leave jobs marked that nobody ever heard of. Several relays work side by side (SKIP LOCKED); the cap
is then each one's, like the threads that it feeds.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

log = logging.getLogger(__name__)

# Most jobs handed over in one transaction.
BATCH = 100

# How long a job may lie in the broker before it counts as lost there.
PUBLISHED_FOR = timedelta(seconds=60)

# How long a job waits whose actor this version does not know: the version that does is being rolled out, or gone.
UNKNOWN_FOR = timedelta(minutes=1)

# The next tenants with jobs, in the order of their ids: a skip scan along the index, one look per tenant however many
# jobs it has. Nothing more is looked at while no job at all is due.
_WINDOW = """
WITH RECURSIVE waiting (tenant_id, place) AS (
    (SELECT tenant_id, 1 FROM control.job
     WHERE state = 'queued' AND tenant_id > $1
       AND (SELECT run_at FROM control.job WHERE state = 'queued' ORDER BY run_at LIMIT 1) <= now()
     ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT job.tenant_id FROM control.job
            WHERE state = 'queued' AND job.tenant_id > waiting.tenant_id ORDER BY job.tenant_id LIMIT 1), place + 1
    FROM waiting WHERE waiting.tenant_id IS NOT NULL AND place < $2
)
SELECT tenant_id FROM waiting WHERE tenant_id IS NOT NULL
"""

# A suspended tenant's jobs wait until it is resumed. A tenant's jobs stay together, because the connections that work
# them off are its own.
_TAKE = """
SELECT next.* FROM control.tenant
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs FROM control.job WHERE tenant_id = tenant.id AND job.state IN ('published', 'running')
) AS in_flight
CROSS JOIN LATERAL (
    SELECT id, tenant_id, actor, queue FROM control.job
    WHERE job.tenant_id = tenant.id AND state = 'queued' AND run_at <= now()
    ORDER BY priority DESC, run_at, id
    LIMIT greatest($2 - in_flight.jobs, 0)
    FOR UPDATE SKIP LOCKED
) AS next
WHERE tenant.id = ANY (string_to_array($1, ',')::uuid[]) AND tenant.state = 'active'
"""

_MARK = """
UPDATE control.job SET state = 'published', lease_until = now() + $2
WHERE id = ANY (string_to_array($1, ',')::uuid[])
"""

_POSTPONE = """
UPDATE control.job SET run_at = now() + $2, last_error = 'ActorUnknown'
WHERE id = ANY (string_to_array($1, ',')::uuid[])
"""

_BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class DueJob:
    """What the broker is told of a job; everything else is in its row."""

    id: UUID
    tenant_id: UUID
    actor: str
    queue: str


# Hands jobs to the broker and answers the ids of those that it took.
Publish = Callable[[Sequence[DueJob]], Awaitable[Sequence[UUID]]]


class Relay:
    """Moves jobs from their rows to the broker, turn by turn."""

    def __init__(
        self, publish: Publish, actors: Collection[str], *, cap: int, published_for: timedelta = PUBLISHED_FOR
    ) -> None:
        self._publish = publish
        self._actors = frozenset(actors)
        self._cap = cap
        self._window = max(1, BATCH // cap)
        self._published_for = published_for
        self._last_tenant = _BEFORE_ALL
        self._moved_this_round = False

    async def turn(self, control: asyncpg.Connection) -> bool:
        """One window of tenants. Whether another turn should follow at once, because there may be more to move."""
        rows = await control.fetch(_WINDOW, self._last_tenant, self._window)
        window = [row["tenant_id"] for row in rows]
        if window:
            taken, published = await self._hand_over(control, window)
            if published < taken:
                # The broker is in trouble. Going on would only meet the same trouble.
                return False
            self._moved_this_round = self._moved_this_round or taken > 0
        if len(window) == self._window:
            self._last_tenant = window[-1]
            return True
        moved, self._moved_this_round, self._last_tenant = self._moved_this_round, False, _BEFORE_ALL
        return moved

    async def _hand_over(self, control: asyncpg.Connection, window: Sequence[UUID]) -> tuple[int, int]:
        async with control.transaction():
            jobs = [DueJob(**row) for row in await control.fetch(_TAKE, _listed(window), self._cap)]
            unknown = [job.id for job in jobs if job.actor not in self._actors]
            if unknown:
                log.error("%d jobs are for actors that this version does not know", len(unknown))
                await control.execute(_POSTPONE, _listed(unknown), UNKNOWN_FOR)
            known = [job for job in jobs if job.actor in self._actors]
            published = await self._publish(known) if known else ()
            if published:
                await control.execute(_MARK, _listed(published), self._published_for)
        return len(known), len(published)


def _listed(ids: Sequence[UUID]) -> str:
    # As text, because for an array the driver would look its type up, with a function that no login here may call.
    return ",".join(str(one) for one in ids)
