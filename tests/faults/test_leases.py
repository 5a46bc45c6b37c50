"""Leases that run out: the job is attempted again, and only one attempt leaves its effect."""

import asyncio
from datetime import timedelta

from anshou.worker.attempts import Attempts
from anshou.worker.work import Work
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.workshop import (
    Effects,
    Ledger,
    Number,
    leave_effect,
    leave_jobs,
    outside,
    plan,
    quick,
    until,
    working,
)


async def count(work: Work, payload: Number) -> None:
    async with work.finish() as session:
        await leave_effect(session, payload.number)


async def test_a_job_whose_worker_vanished_is_attempted_again_when_its_lease_runs_out(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit_url: str
) -> None:
    (job_id,) = await leave_jobs(tenants, tenant, "test.count", [1])
    await ledger.pretend("running", timedelta(seconds=2), attempts=1)
    lease_until = (await ledger.job(job_id))["lease_until"]
    async with working(plan(database, [quick("test.count", count)], rabbit_url)):
        await until(ledger.all_are, "done")
    row = await ledger.job(job_id)
    assert await effects.first_made_at(tenant) > lease_until
    assert (row["attempts"], row["last_error"]) == (2, None)
    assert await effects.of(tenant) == [1]


async def test_of_two_attempts_that_are_both_alive_only_one_commits(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    first_may_end, begun = asyncio.Event(), []

    async def linger_the_first_time(work: Work, payload: Number) -> None:
        begun.append(work.job.attempt)
        async with work.finish() as session:
            await leave_effect(session, 10 * payload.number + work.job.attempt)
            if work.job.attempt == 1:
                await first_may_end.wait()

    async with working(plan(database, [quick("test.linger", linger_the_first_time, time_limit=timedelta(seconds=30))])):
        (job_id,) = await leave_jobs(tenants, tenant, "test.linger", [1])
        await until(_has_begun, begun, 1)
        await ledger.pretend("running", timedelta(seconds=-1))
        await until(ledger.all_are, "done")
        first_may_end.set()
        await asyncio.sleep(0.5)
    assert begun == [1, 2]
    assert await effects.of(tenant) == [12]
    assert (await ledger.job(job_id))["state"] == "done"


async def test_a_running_job_is_left_alone_while_its_lease_lasts(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit_url: str
) -> None:
    await leave_jobs(tenants, tenant, "test.count", [1])
    await ledger.pretend("running", timedelta(minutes=5), attempts=1)
    async with working(plan(database, [quick("test.count", count)], rabbit_url)):
        await asyncio.sleep(7)
    assert await ledger.states() == {"running": 1}
    assert await effects.of(tenant) == []


async def test_a_job_that_cannot_even_be_leased_comes_back_without_counting_an_attempt(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    # Its tenant was suspended between the relay's look and the attempt.
    (job_id,) = await leave_jobs(tenants, tenant, "test.count", [1])
    suspended = Tenants(database.url, secret=database.secret)
    await ledger.set_state(tenant, "suspended")
    try:
        counting = quick("test.count", count)
        await Attempts(suspended, outside()).carry_out(counting, tenant.id, job_id)
        row = await ledger.job(job_id)
        assert (row["state"], row["attempts"]) == ("queued", 0)
    finally:
        await ledger.set_state(tenant, "active")
        await suspended.close()
    assert await effects.of(tenant) == []


async def _has_begun(begun: list[int], times: int) -> bool:
    return len(begun) >= times
