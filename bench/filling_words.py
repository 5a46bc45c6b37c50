"""The words of a tenant made in bulk, read by all cores at once: what the worker would do by and by."""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from uuid import UUID

from anshou.tickets.search.indexing import index_tickets
from bench.ground import Ground
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants

READERS = 4
STRETCH = 5000
AT_ONCE = 500

_INDEX = "ix_ticket_words_words"


async def fill_words(ground: Ground, tenant: Tenant) -> tuple[float, float]:
    """Read the words of every ticket, then make the index over them; the seconds that each took."""
    superuser = await ground.superuser()
    try:
        await superuser.execute(f'SET search_path = "{tenant.schema}"')
        made = await superuser.fetchval("SELECT pg_get_indexdef($1::regclass)", _INDEX)
        await superuser.execute(f"DROP INDEX {_INDEX}")
        began = time.monotonic()
        tickets = [row[0] for row in await superuser.fetch("SELECT id FROM ticket ORDER BY opened_at")]
        stretches = [tickets[start : start + STRETCH] for start in range(0, len(tickets), STRETCH)]
        read = partial(_read, ground.url, ground.credentials.secret, tenant)
        with ProcessPoolExecutor(READERS, mp_context=multiprocessing.get_context("spawn")) as readers:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(readers, read, stretch) for stretch in stretches))
        read_in = time.monotonic() - began
        began = time.monotonic()
        await superuser.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 3")
        await superuser.execute(made)
        await superuser.execute("VACUUM ANALYZE ticket_words")
        return read_in, time.monotonic() - began
    finally:
        await superuser.close()


def _read(url: str, secret: bytes, tenant: Tenant, tickets: Sequence[UUID]) -> None:
    asyncio.run(_read_all(url, secret, tenant, tickets))


async def _read_all(url: str, secret: bytes, tenant: Tenant, tickets: Sequence[UUID]) -> None:
    tenants = Tenants(url, secret=secret)
    try:
        for start in range(0, len(tickets), AT_ONCE):
            async with tenants.session(tenant, AGENCY) as session:
                await index_tickets(session, tickets[start : start + AT_ONCE])
    finally:
        await tenants.close()
