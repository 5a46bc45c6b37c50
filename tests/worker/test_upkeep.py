"""Schedules, the canary, clearing away, and how little an idle worker asks."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec

from anshou.worker import health, sweeping
from anshou.worker.attempts import FIRST_DELAY, LONGEST_DELAY, delay_after
from anshou.worker.health import Health, read_health
from anshou.worker.schedules import Schedule, leave_scheduled_jobs
from anshou.worker.work import Nothing, Work, actor
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.workshop import Effects, Ledger, leave_effect, leave_jobs, plan, until, working

DAILY = Schedule("test.daily", "test.tidy", every=timedelta(days=1), spread=timedelta(0))


async def tidy(work: Work, _: msgspec.Struct) -> None:
    async with work.finish() as session:
        await leave_effect(session, 1)


async def test_what_recurs_is_done_once_for_every_tenant_and_slot(
    database: Database, tenant: Tenant, other_tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    made = plan(database, [actor("test.tidy", Nothing)(tidy)], schedules=(DAILY,))
    await ledger.let_be_due(DAILY.name)
    async with working(made):
        await until(ledger.has_at_least, "done", 2)
    async with working(made):
        await asyncio.sleep(1.5)
    assert await effects.of(tenant) == await effects.of(other_tenant) == [1]
    await ledger.forget_schedules()


async def test_a_schedule_that_is_new_waits_for_its_first_slot(database: Database, ledger: Ledger) -> None:
    connection = await database.connect_as_superuser()
    assert [await leave_scheduled_jobs(connection, [DAILY]) for _ in range(2)] == [0, 0]
    await connection.close()
    await ledger.forget_schedules()


async def test_several_workers_leave_the_jobs_of_a_slot_once(
    database: Database, tenant: Tenant, other_tenant: Tenant, ledger: Ledger
) -> None:
    await ledger.let_be_due(DAILY.name)
    lines = [await database.connect_as_superuser() for _ in range(4)]
    left = await asyncio.gather(*(leave_scheduled_jobs(line, [DAILY]) for line in lines))
    assert sorted(left) == [0, 0, 0, 2]
    for line in lines:
        await line.close()
    await ledger.forget_schedules()


async def test_the_canary_comes_out_of_every_broker_and_says_that_all_is_well(
    database: Database, ledger: Ledger, broker_url: str
) -> None:
    await ledger.forget_canary()
    connection = await database.connect_as_superuser()
    assert not (await read_health(connection)).well
    async with working(plan(database, [], broker_url)):
        await until(_is_well, connection)
    await connection.close()


async def test_health_fails_when_nothing_is_consumed_or_something_is_late() -> None:
    well = Health(canary_age=timedelta(seconds=20), job_lateness=timedelta(0), timer_lateness=timedelta(0), dead=3)
    assert well.well
    assert not replace(well, canary_age=None).well
    assert not replace(well, canary_age=health.CANARY_MISSED * 2).well
    assert not replace(well, job_lateness=health.LATE * 2).well
    assert not replace(well, timer_lateness=health.LATE * 2).well


async def test_what_is_long_over_is_cleared_away_and_dead_letters_stay(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    done, dead, discarded, fresh = await leave_jobs(tenants, tenant, "test.any", range(4))
    for job_id, state, age in (
        (done, "done", 15),
        (dead, "dead", 500),
        (discarded, "discarded", 15),
        (fresh, "done", 1),
    ):
        await ledger.end(job_id, state, timedelta(days=age))
    connection = await database.connect_as_superuser()
    assert await sweeping.clear_away(connection) == 2
    left = {row["id"] for row in await connection.fetch("SELECT id FROM control.job")}
    await connection.close()
    assert left == {dead, fresh}


def test_the_delay_doubles_within_its_spread_and_ends_at_an_hour() -> None:
    for attempt in range(1, 8):
        assert delay_after(attempt, lambda: 1.0) == FIRST_DELAY * 2 ** (attempt - 1)
        assert delay_after(attempt, lambda: 0.0) == FIRST_DELAY * 2 ** (attempt - 1) / 2
    assert delay_after(100, lambda: 1.0) == LONGEST_DELAY


async def _is_well(connection: object) -> bool:
    return (await read_health(connection)).well
