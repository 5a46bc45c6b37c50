"""Timers become jobs within seconds, and a timer that was set anew or cancelled has no effect."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.worker.timers import FIRE_TIMER
from anshou.worker.work import AnyActor, Work, actor
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.timers import cancel_timer, fire_timer, set_timer
from tests.database import Database
from tests.worker.workshop import Effects, Ledger, leave_effect, plan, until, working


class DueTimer(msgspec.Struct):
    """What the job of a timer says."""

    timer: UUID
    kind: str
    subject: UUID
    generation: int


def firing() -> AnyActor:
    """An actor that counts timers, as the product's does with clocks: only if the timer is still this one."""

    async def fire(work: Work, due: DueTimer) -> None:
        async with work.finish() as session:
            if await fire_timer(session, due.timer, due.generation):
                await leave_effect(session, int(due.kind.rpartition(".")[2]))

    return actor(FIRE_TIMER, DueTimer)(fire)


def soon(seconds: float = 0.0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_a_timer_fires_within_seconds_and_once(
    database: Database, tenants: Tenants, tenant: Tenant, effects: Effects
) -> None:
    async with working(plan(database, [firing()])):
        async with tenants.session(tenant, AGENCY) as session:
            await set_timer(session, "test.1", uuid4(), soon(1))
            await set_timer(session, "test.2", uuid4(), soon(-60))
        await until(_have_fired, effects, tenant, [1, 2])
    async with working(plan(database, [firing()])):
        async with tenants.session(tenant, AGENCY) as session:
            await set_timer(session, "test.3", uuid4(), soon())
        await until(_have_fired, effects, tenant, [1, 2, 3])


async def test_timers_that_fell_due_while_no_worker_ran_fire_when_one_does(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, effects: Effects
) -> None:
    for one in (tenant, other_tenant):
        async with tenants.session(one, AGENCY) as session:
            for number in range(700):
                await set_timer(session, f"test.{number}", uuid4(), soon(-number))
    async with working(plan(database, [firing()])):
        await until(_have_fired, effects, tenant, list(range(700)))
        await until(_have_fired, effects, other_tenant, list(range(700)))


async def test_a_timer_that_was_cancelled_or_put_off_after_its_job_was_left_does_nothing(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    cancelled, put_off, kept = uuid4(), uuid4(), uuid4()

    async def change_mind(session: AsyncSession) -> None:
        await cancel_timer(session, "test.1", cancelled)
        await set_timer(session, "test.2", put_off, soon(3600))

    # Without the actor the jobs are left, and wait.
    async with working(plan(database, [])):
        async with tenants.session(tenant, AGENCY) as session:
            await set_timer(session, "test.1", cancelled, soon())
            await set_timer(session, "test.2", put_off, soon())
            await set_timer(session, "test.3", kept, soon())
        await until(ledger.has_at_least, "queued", 3)
    async with tenants.session(tenant, AGENCY) as session:
        await change_mind(session)
    await ledger.hasten()
    async with working(plan(database, [firing()])):
        await until(ledger.all_are, "done")
    assert await effects.of(tenant) == [3]


async def test_a_timer_that_is_set_anew_fires_at_its_new_time_as_well(
    database: Database, tenants: Tenants, tenant: Tenant, effects: Effects
) -> None:
    subject = uuid4()
    async with working(plan(database, [firing()])):
        for times in (1, 2, 3):
            async with tenants.session(tenant, AGENCY) as session:
                await set_timer(session, "test.5", subject, soon())
            await until(_have_fired, effects, tenant, [5] * times)


async def _have_fired(effects: Effects, tenant: Tenant, numbers: list[int]) -> bool:
    return await effects.of(tenant) == numbers
