"""The courses of a tenant made in bulk, counted by all cores at once: what the worker would do merchant by merchant."""

import asyncio
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import asyncpg
from sqlalchemy import select

from anshou.tickets.courses.counting_all import count_on
from anshou.tickets.courses.recounting import recount
from anshou.tickets.tickets import Ticket
from bench.ground import Ground
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants

COUNTERS = 4


async def fill_courses(ground: Ground, tenant: Tenant) -> float:
    """Count the courses of every ticket; the seconds that it took."""
    began = time.monotonic()
    superuser = await ground.superuser()
    try:
        await superuser.execute(f'SET search_path = "{tenant.schema}"')
        # The largest first, so that no core waits for another at the end.
        largest = "SELECT merchant_id FROM ticket GROUP BY merchant_id ORDER BY count(*) DESC"
        merchants = [row[0] for row in await superuser.fetch(largest)]
        count = partial(_count, ground.url, ground.credentials.secret, tenant)
        with ProcessPoolExecutor(COUNTERS, mp_context=multiprocessing.get_context("spawn")) as counters:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(counters, count, merchant) for merchant in merchants))
        await _finish(ground, tenant, superuser, max(merchants))
        # As autovacuum leaves them: while tickets were seeded, something older may have been running.
        for table in ("ticket_course", "ticket_limit"):
            await superuser.execute(f"VACUUM (ANALYZE) {table}")
    finally:
        await superuser.close()
    return time.monotonic() - began


async def _finish(ground: Ground, tenant: Tenant, superuser: asyncpg.Connection, last: UUID) -> None:
    """Let the job find that it is through: pages say while courses are not all counted."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret)
    try:
        async with tenants.session(tenant, AGENCY) as session:
            await count_on(session, at=datetime.now(UTC))
        await superuser.execute("UPDATE course_count SET reached = $1", last)
        async with tenants.session(tenant, AGENCY) as session:
            await count_on(session, at=datetime.now(UTC))
    finally:
        await tenants.close()


def _count(url: str, secret: bytes, tenant: Tenant, merchant: UUID) -> None:
    asyncio.run(_count_all(url, secret, tenant, merchant))


async def _count_all(url: str, secret: bytes, tenant: Tenant, merchant: UUID) -> None:
    tenants = Tenants(url, secret=secret)
    try:
        async with tenants.session(tenant, AGENCY) as session:
            await recount(session, list(await session.scalars(select(Ticket.id).where(Ticket.merchant_id == merchant))))
    finally:
        await tenants.close()
