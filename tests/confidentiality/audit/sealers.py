"""Sealing in tests: leaves left and sealed at once, without a worker."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from anshou.worker.sealing import Sealer
from confidentiality.audit.actions import action
from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import Receipt, record
from confidentiality.audit.publishing import CheckpointFiles
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database

NOW = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
# Of other tests some write in one transaction all the while they last.
PATIENCE_SECONDS = 150.0
TRIED = action("tests.tried", "试一试", plain=True)
SOMEBODY = Actor(new_id(), "沈清", "agency")


async def leave(tenants: Tenants, tenant: Tenant, count: int = 1, **about: Any) -> list[Receipt]:
    """So many leaves, in one transaction."""
    async with tenants.session(tenant, AGENCY) as session:
        return [await record(session, TRIED, actor=SOMEBODY, at=NOW, body={"n": n}, **about) for n in range(count)]


async def seal(tenants: Tenants, database: Database, tenant: Tenant, *files: CheckpointFiles) -> None:
    """What the worker does every second, until nothing waits.

    Any transaction of the server that wrote something holds the sealer back, those of other databases too, where other
    tests run.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        await once(tenants, database, tenant, *files)
        while await _waits(tenants, tenant):
            await asyncio.sleep(0.05)
            await once(tenants, database, tenant, *files)


async def once(tenants: Tenants, database: Database, tenant: Tenant, *files: CheckpointFiles) -> None:
    """What the worker does in one look."""
    await Sealer(tenants, database.secret, files).seal(tenant)


async def _waits(tenants: Tenants, tenant: Tenant) -> bool:
    async with tenants.control() as control:
        asked = text("SELECT EXISTS (SELECT FROM control.audit_hint WHERE tenant_id = :tenant)")
        return bool(await control.scalar(asked, {"tenant": tenant.id}))
