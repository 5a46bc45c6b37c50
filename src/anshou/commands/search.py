"""`anshou search reindex`: have the words that tickets are found by read anew, of a tenant or of all."""

import argparse
import time

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.house.tenants_named import tenants_named
from anshou.settings import Settings
from anshou.tickets.search.indexing import count_due, index_due, reindex
from tenants.context import AGENCY
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants

# Seconds between two lines about one tenant.
TELL_EVERY = 5.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    again = verbs.add_parser(
        "reindex", help="read every ticket's words anew; people may work meanwhile, and what is left the worker reads"
    )
    again.add_argument("--tenant", metavar="CODE", help="only this tenant's; all of them if not given")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Reindex one tenant or all. Raises TenantNotFound."""
    async with database(settings) as url:
        tenants = Tenants(url, secret=root_secret(settings))
        try:
            for tenant in await tenants_named(tenants, asked.tenant):
                await _reindex(tenants, tenant)
        finally:
            await tenants.close()
    return 0


async def _reindex(tenants: Tenants, tenant: Tenant) -> None:
    """Note every ticket first, so that the worker goes on where this is interrupted; then read them all."""
    if tenant.state is TenantState.SUSPENDED:
        print(f"{tenant.code}: suspended, nothing is read", flush=True)
        return
    async with tenants.session(tenant, AGENCY) as session:
        await reindex(session)
        tickets = await count_due(session)
    began = told = time.monotonic()
    more = tickets > 0
    while more:
        async with tenants.session(tenant, AGENCY) as session:
            more = await index_due(session)
            if more and time.monotonic() - told >= TELL_EVERY:
                told = time.monotonic()
                print(f"{tenant.code}: {tickets - await count_due(session):,} of {tickets:,} tickets", flush=True)
    print(f"{tenant.code}: {tickets:,} tickets read in {time.monotonic() - began:.0f} s", flush=True)
