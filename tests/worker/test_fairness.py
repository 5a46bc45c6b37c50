"""One tenant's mountain of jobs does not stand in another's way."""

import asyncio
from statistics import quantiles

from anshou.worker.work import Work
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.workshop import Effects, Ledger, Number, leave_effect, leave_jobs, plan, quick, until, working

MOUNTAIN = 100_000


async def test_a_hundred_thousand_jobs_of_one_tenant_hardly_delay_those_of_another(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    async def toil(work: Work, payload: Number) -> None:
        async with work.finish():
            await asyncio.sleep(0.25)

    async def count(work: Work, payload: Number) -> None:
        async with work.finish() as session:
            await leave_effect(session, payload.number)

    await ledger.pile_up(tenant, "test.toil", MOUNTAIN)
    delays = []
    async with working(plan(database, [quick("test.toil", toil), quick("test.count", count)])):
        await until(ledger.has_at_least, "done", 8)
        for number in range(20):
            await leave_jobs(tenants, other_tenant, "test.count", [number])
            delays.append(await until(_has, effects, other_tenant, number))
            await asyncio.sleep(0.1)
        # Worked off as well, meanwhile.
        await until(ledger.has_at_least, "done", 60)
    assert await ledger.count("queued") > MOUNTAIN * 0.9, "the mountain was gone before the other tenant came"
    # The whole mountain would take an hour and a half.
    assert quantiles(delays, n=20)[-1] < 15


async def test_every_tenant_has_its_turn_before_any_has_its_second(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, ledger: Ledger
) -> None:
    order: list[str] = []

    async def sign(work: Work, payload: Number) -> None:
        async with work.finish():
            order.append(work.tenant.code)

    await leave_jobs(tenants, tenant, "test.sign", range(20))
    await leave_jobs(tenants, other_tenant, "test.sign", range(3))
    async with working(plan(database, [quick("test.sign", sign)], threads=2)):
        await until(ledger.all_are, "done")
    assert order.index(other_tenant.code) < 4
    assert other_tenant.code not in order[10:]


async def test_the_jobs_of_a_suspended_tenant_wait_until_it_is_resumed(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    async def count(work: Work, payload: Number) -> None:
        async with work.finish() as session:
            await leave_effect(session, payload.number)

    await leave_jobs(tenants, tenant, "test.count", [1])
    await leave_jobs(tenants, other_tenant, "test.count", [2])
    await ledger.set_state(tenant, "suspended")
    try:
        async with working(plan(database, [quick("test.count", count)])):
            await until(_has, effects, other_tenant, 2)
            await asyncio.sleep(1.2)
            assert await effects.of(tenant) == []
            await ledger.set_state(tenant, "active")
            await until(_has, effects, tenant, 1)
    finally:
        await ledger.set_state(tenant, "active")
        tenants.forget(tenant)


async def _has(effects: Effects, tenant: Tenant, number: int) -> bool:
    return number in await effects.of(tenant)
