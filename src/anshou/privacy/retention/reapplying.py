"""After a restore: what was erased since the backup is erased again, before the doors open.

A database that is not behind costs one look per tenant at the list outside.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from anshou.privacy.retention.carrying_out import erase_again
from anshou.privacy.retention.erasure_list import ErasureList
from tenants.context import AGENCY
from tenants.erasing import lock_head
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage

# Tenants looked at side by side; each takes a connection.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What became of one tenant. `batches` were carried out again; `lost` says that the list ends before the database.

    A list that ends early protects nothing that is restored from now on: somebody has removed a part of it.
    """

    tenant: Tenant
    batches: int
    lost: bool


async def reapply(
    tenants: Tenants,
    known: Collection[Tenant],
    storage: ObjectStorage,
    listing: ErasureList,
    *,
    tell: Callable[[Reapplied], None],
) -> None:
    """Carry out what each tenant's database is missing of the list, and tell of those where something was the matter.

    Raises ErasureListBroken; what was carried out until then stays.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def one(tenant: Tenant) -> None:
        async with places:
            found = await reapply_tenant(tenants, tenant, storage, listing)
        if found.batches or found.lost:
            tell(found)

    async with asyncio.TaskGroup() as tasks:
        for tenant in known:
            tasks.create_task(one(tenant))


async def reapply_tenant(tenants: Tenants, tenant: Tenant, storage: ObjectStorage, listing: ErasureList) -> Reapplied:
    """The same for one tenant, batch by batch, each in its own transaction."""
    # A suspended agency's transactions only read; but its people still read, and must not read this.
    writing = replace(tenant, state=TenantState.ACTIVE)
    async with tenants.session(writing, AGENCY) as session:
        lost = not await listing.knows(tenant.id, await lock_head(session))
    batches = 0
    while True:
        async with tenants.session(writing, AGENCY) as session:
            if not await erase_again(session, storage, listing):
                return Reapplied(tenant, batches, lost)
        batches += 1
