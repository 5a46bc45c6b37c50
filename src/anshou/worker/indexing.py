"""The indexer: finds tenants on whose tickets something was said, and has the words of these tickets read anew.

It is no job, because a message would then cost one; like the sealer it looks twice a second at one index over all
tenants, and takes the hints away with the work that they were for.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text

from anshou.people.person import SYSTEM
from anshou.tickets.search.indexing import index_due
from anshou.worker.attempts import name_of
from tenants.errors import DatabaseUnavailable
from tenants.registry import TenantState
from tenants.sessions import Tenants

log = logging.getLogger(__name__)

# Seconds between two looks: with the time to read, how long a message takes until it can be found.
EVERY = 0.5

# Tenants found by one look, and worked on at the same time. Each takes a connection of the control login.
MOST = 100
AT_ONCE = 2

# Batches of one tenant before the others have their turn.
BATCHES = 20

_WAITING = text(
    """
    WITH RECURSIVE waiting (tenant_id, place) AS (
        (SELECT tenant_id, 1 FROM control.search_hint WHERE tenant_id > :after ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT hint.tenant_id FROM control.search_hint AS hint
                WHERE hint.tenant_id > waiting.tenant_id ORDER BY hint.tenant_id LIMIT 1), place + 1
        FROM waiting WHERE waiting.tenant_id IS NOT NULL AND place < :most
    )
    SELECT tenant_id, coalesce(tenant.state = 'active', false) AS active
    FROM waiting LEFT JOIN control.tenant ON tenant.id = tenant_id WHERE tenant_id IS NOT NULL ORDER BY tenant_id
    """
).bindparams(bindparam("after", type_=Uuid))

# What is due was committed with its hint, so whoever takes the hints sees all that they are for.
_TAKE = text(
    "DELETE FROM control.search_hint WHERE ctid IN "
    "(SELECT ctid FROM control.search_hint WHERE tenant_id = :tenant FOR UPDATE SKIP LOCKED)"
)
_MORE = text("INSERT INTO control.search_hint (tenant_id, noted_at) VALUES (:tenant, now())")


@dataclass(slots=True)
class Indexer:
    """Indexes for all tenants, until told to stop."""

    tenants: Tenants

    async def run(self, stop: asyncio.Event) -> None:
        """Look twice a second. What goes wrong with one tenant is written down and keeps nobody else waiting."""
        while not stop.is_set():
            try:
                await self.turn()
            except DatabaseUnavailable as gone:
                log.warning("nothing can be indexed: %s", gone)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def turn(self) -> int:
        """Index for every active tenant that has words waiting; how many tenants."""
        tried, after = 0, UUID(int=0)
        while True:
            async with self.tenants.control() as control:
                found = (await control.execute(_WAITING, {"after": after, "most": MOST})).all()
            waiting = [row.tenant_id for row in found if row.active]
            places = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as indexing:
                for tenant_id in waiting:
                    indexing.create_task(self._index_or_say_why(tenant_id, places))
            tried += len(waiting)
            if len(found) < MOST:
                return tried
            after = found[-1].tenant_id

    async def _index_or_say_why(self, tenant_id: UUID, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                await self.index(tenant_id)
            except DatabaseUnavailable as gone:
                log.warning("the words of tenant %s wait: %s", tenant_id, gone)
            except Exception as error:
                # The hints are back by now, so the next look tries again.
                log.error("the words of tenant %s were not indexed: %s", tenant_id, name_of(error))

    async def index(self, tenant_id: UUID) -> None:
        """Index what waits, as far as one turn goes. The hints are taken away only if it has been done."""
        tenant = await self.tenants.by_id(tenant_id)
        if tenant.state is TenantState.SUSPENDED:
            return
        async with self.tenants.control() as control:
            if not (await control.execute(_TAKE, {"tenant": tenant_id})).rowcount:
                return
            more = True
            for _ in range(BATCHES):
                async with self.tenants.session(tenant, SYSTEM.context()) as session:
                    more = await index_due(session)
                if not more:
                    return
            await control.execute(_MORE, {"tenant": tenant_id})
