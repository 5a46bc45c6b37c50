"""The sealer: finds tenants whose audit leaves have no place in the tree yet, seals them, publishes the checkpoints.

One sealer at a time works on a tenant: it holds a row of `control` that only sealers lock, and lets go when it dies.
Which tenants have work is found in `control`, by one index over all of them.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from anshou.people.person import SYSTEM
from anshou.worker.attempts import name_of
from confidentiality.audit.checkpoints import Checkpoint, CheckpointKey
from confidentiality.audit.errors import CheckpointInvalid
from confidentiality.audit.leaves import record
from confidentiality.audit.own_actions import HISTORY_FORKED
from confidentiality.audit.publishing import CheckpointFiles
from confidentiality.audit.sealing import seal_batch
from confidentiality.audit.tree import find_checkpoint
from tenants.errors import DatabaseUnavailable
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants

log = logging.getLogger(__name__)

# Seconds between two looks: with the time to seal, the window in which only a receipt tells of a leaf.
EVERY = 1.0

# How long leaves may wait before somebody must hear of it.
LATE = timedelta(seconds=10)

# Tenants found by one look at the index; the next look goes on behind the last of them, so that nobody is passed over.
MOST = 200

# Tenants sealed at the same time. Each takes one of the few connections of the control login.
AT_ONCE = 3

_BEFORE_ALL = UUID(int=0)

# A skip scan: one look at the index per tenant, however many leaves it left.
_WAITING = text(
    """
    WITH RECURSIVE waiting (tenant_id, place) AS (
        (SELECT tenant_id, 1 FROM control.audit_hint WHERE tenant_id > :after ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT hint.tenant_id FROM control.audit_hint AS hint
                WHERE hint.tenant_id > waiting.tenant_id ORDER BY hint.tenant_id LIMIT 1), place + 1
        FROM waiting WHERE waiting.tenant_id IS NOT NULL AND place < :most
    )
    SELECT tenant_id, coalesce(tenant.state = 'active', false) AS active
    FROM waiting LEFT JOIN control.tenant ON tenant.id = tenant_id WHERE tenant_id IS NOT NULL ORDER BY tenant_id
    """
).bindparams(bindparam("after", type_=Uuid))
_ENSURE = text("INSERT INTO control.audit_sealing (tenant_id) VALUES (:tenant) ON CONFLICT DO NOTHING")
_HOLD = text("SELECT size FROM control.audit_sealing WHERE tenant_id = :tenant FOR UPDATE SKIP LOCKED")
_SINCE = text("SELECT min(xid) AS since, min(noted_at) AS oldest FROM control.audit_hint WHERE tenant_id = :tenant")
_SEALED = text(
    """
    WITH settled AS (DELETE FROM control.audit_hint WHERE tenant_id = :tenant AND
        (xid < :below OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint))
    UPDATE control.audit_sealing SET size = greatest(size, :size), sealed_at = :at, failed_at = NULL, failure = NULL
    WHERE tenant_id = :tenant
    """
).bindparams(bindparam("below", type_=BigInteger), bindparam("size", type_=BigInteger))
_FAILED = text(
    "UPDATE control.audit_sealing SET failed_at = :at, failure = :failure "
    "WHERE tenant_id = :tenant AND failure IS DISTINCT FROM :failure"
)


@dataclass(slots=True)
class Sealer:
    """Seals for all tenants, until told to stop."""

    tenants: Tenants
    secret: bytes
    publish_to: Sequence[CheckpointFiles] = ()

    async def run(self, stop: asyncio.Event) -> None:
        """Look every second. What goes wrong with one tenant is written down and keeps nobody else waiting."""
        while not stop.is_set():
            try:
                await self.turn()
            except DatabaseUnavailable as gone:
                log.warning("nothing can be sealed: %s", gone)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def turn(self) -> int:
        """Seal for every active tenant that has leaves waiting; how many tenants."""
        tried, after = 0, _BEFORE_ALL
        while True:
            async with self.tenants.control() as control:
                found = (await control.execute(_WAITING, {"after": after, "most": MOST})).all()
            waiting = [row.tenant_id for row in found if row.active]
            places = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as sealing:
                for tenant_id in waiting:
                    sealing.create_task(self._seal_or_say_why(tenant_id, places))
            tried += len(waiting)
            if len(found) < MOST:
                return tried
            after = found[-1].tenant_id

    async def _seal_or_say_why(self, tenant_id: UUID, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                await self.seal(await self.tenants.by_id(tenant_id))
            except DatabaseUnavailable as gone:
                log.warning("the audit record of tenant %s waits: %s", tenant_id, gone)
            except Exception as error:
                await self._failed(tenant_id, error)

    async def seal(self, tenant: Tenant) -> None:
        """Seal what waits, unless another sealer is at it, and publish."""
        if tenant.state is TenantState.SUSPENDED:
            return
        async with self.tenants.control() as control:
            await control.execute(_ENSURE, {"tenant": tenant.id})
        async with self.tenants.control() as control:
            if (await control.execute(_HOLD, {"tenant": tenant.id})).first() is None:
                return
            await self._seal_held(control, tenant)

    async def _seal_held(self, control: AsyncConnection, tenant: Tenant) -> None:
        key = CheckpointKey(self.secret, tenant.id)
        since, oldest = (await control.execute(_SINCE, {"tenant": tenant.id})).one()
        if since is None:
            return
        more = True
        while more:
            now = datetime.now(UTC)
            async with self.tenants.session(tenant, SYSTEM.context()) as session:
                sealed = await seal_batch(session, key, since=since, at=now)
            more = sealed.more
            if sealed.checkpoint is not None:
                await self._publish(tenant, key, sealed.checkpoint)
            size = sealed.checkpoint.size if sealed.checkpoint else 0
            values = {"tenant": tenant.id, "below": sealed.below, "size": size, "at": now}
            await control.execute(_SEALED, values)
        if now - oldest > LATE:
            log.warning("audit leaves of tenant %s waited %d s", tenant.id, (now - oldest).total_seconds())

    async def _publish(self, tenant: Tenant, key: CheckpointKey, made: Checkpoint) -> None:
        for files in self.publish_to:
            last = await asyncio.to_thread(files.last, tenant.id)
            await asyncio.to_thread(files.append, made)
            if last is not None and last != made.note:
                await self._compare(tenant, key, last, made)

    async def _compare(self, tenant: Tenant, key: CheckpointKey, last: str, made: Checkpoint) -> None:
        """Whether what was published before is still part of the record: a restored backup has forgotten it."""
        try:
            published = key.verifying.read(last)
        except CheckpointInvalid as error:
            log.error("the last published checkpoint of tenant %s: %s", tenant.id, error)
            return
        async with self.tenants.session(tenant, SYSTEM.context()) as session:
            kept = await find_checkpoint(session, published.size)
            if kept is not None and kept.note == last:
                return
            log.error("the audit record of tenant %s forked at %d leaves", tenant.id, published.size)
            said = {"size": published.size, "root": published.root.hex(), "continued_from": made.previous}
            await record(session, HISTORY_FORKED, actor=SYSTEM.actor(), at=datetime.now(UTC), body=said)

    async def _failed(self, tenant_id: UUID, error: Exception) -> None:
        log.error("the audit record of tenant %s was not sealed: %s", tenant_id, name_of(error))
        values = {"tenant": tenant_id, "at": datetime.now(UTC), "failure": name_of(error)}
        # Without a database there is nobody to tell; the next look meets the failure again.
        with suppress(DatabaseUnavailable):
            async with self.tenants.control() as control:
                await control.execute(_FAILED, values)
