"""The life of a job, the same on every broker."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from anshou.worker.broker import open_broker
from anshou.worker.publishing import message_for
from anshou.worker.relay import DueJob
from anshou.worker.work import Work
from tenants import jobs
from tenants.context import AGENCY
from tenants.errors import TenantNotFound
from tenants.refusals import Conflict
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.workshop import Effects, Ledger, Number, leave_effect, leave_jobs, plan, quick, until, working

SECRET = "13812345678"


async def count(work: Work, payload: Number) -> None:
    async with work.finish() as session:
        await leave_effect(session, payload.number)


async def test_jobs_are_done_soon_after_they_are_committed(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, broker_url: str
) -> None:
    async with working(plan(database, [quick("test.count", count)], broker_url)):
        await leave_jobs(tenants, tenant, "test.count", range(1))
        await until(ledger.all_are, "done")
        await leave_jobs(tenants, tenant, "test.count", range(1, 50))
        await until(ledger.all_are, "done")
    assert await effects.of(tenant) == list(range(50))


async def test_a_job_that_was_rolled_back_is_never_done(
    database: Database, tenants: Tenants, tenant: Tenant, effects: Effects, broker_url: str
) -> None:
    async with working(plan(database, [quick("test.count", count)], broker_url)):
        with pytest.raises(ZeroDivisionError):
            async with tenants.session(tenant, AGENCY) as session:
                await jobs.enqueue(session, "test.count", {"number": 1})
                raise ZeroDivisionError
        await leave_jobs(tenants, tenant, "test.count", [2])
        await until(_has, effects, tenant, 1)
        await asyncio.sleep(0.3)
    assert await effects.of(tenant) == [2]


async def test_a_job_for_later_waits_for_its_time(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, broker_url: str
) -> None:
    async with tenants.control() as control:
        later = (await control.exec_driver_sql("SELECT now() + interval '2 seconds'")).scalar_one()
    async with working(plan(database, [quick("test.count", count)], broker_url)):
        await leave_jobs(tenants, tenant, "test.count", [1], run_at=later)
        await until(ledger.all_are, "done")
    # By the database's clock, which said when it is to be done.
    assert await effects.first_made_at(tenant) >= later


async def test_a_failed_job_is_tried_again_later_and_leaves_nothing_of_the_failure(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, broker_url: str
) -> None:
    tries = 0

    async def fail_twice(work: Work, payload: Number) -> None:
        nonlocal tries
        tries += 1
        async with work.finish() as session:
            await leave_effect(session, payload.number)
            if tries < 3:
                raise ConnectionError(f"no answer from {SECRET}")

    async with working(plan(database, [quick("test.fail_twice", fail_twice)], broker_url)):
        (job_id,) = await leave_jobs(tenants, tenant, "test.fail_twice", [7])
        for attempt in (1, 2):
            await until(_waits_after, ledger, job_id, attempt)
            assert (await ledger.job(job_id))["last_error"] == "ConnectionError"
            assert await effects.of(tenant) == []
            await ledger.hasten()
        await until(ledger.all_are, "done")
    assert await effects.of(tenant) == [7]


async def test_a_job_that_fails_too_often_is_a_dead_letter_that_quotes_nothing(
    database: Database,
    tenants: Tenants,
    tenant: Tenant,
    ledger: Ledger,
    effects: Effects,
    broker_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(work: Work, payload: Number) -> None:
        raise ValueError(f"cannot reach {SECRET}")

    async with working(plan(database, [quick("test.fail", fail)], broker_url)):
        (job_id,) = await leave_jobs(tenants, tenant, "test.fail", [1])
        for attempt in (1, 2):
            await until(_waits_after, ledger, job_id, attempt)
            await ledger.hasten()
        await until(ledger.all_are, "dead")
    async with tenants.session(tenant, AGENCY) as session:
        (dead,) = await jobs.list_dead_jobs(session)
    assert (dead.id, dead.actor, dead.attempts, dead.last_error) == (job_id, "test.fail", 3, "ValueError")
    assert SECRET not in caplog.text
    assert SECRET not in str(dict(await ledger.job(job_id)))


async def test_a_dead_letter_can_be_retried_or_discarded(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, broker_url: str
) -> None:
    mended = False

    async def fail_until_mended(work: Work, payload: Number) -> None:
        if not mended:
            raise TenantNotFound
        await count(work, payload)

    async with working(plan(database, [quick("test.mend", fail_until_mended)], broker_url)):
        first, second = await leave_jobs(tenants, tenant, "test.mend", [1, 2])
        await until(ledger.all_are, "dead")
        mended = True
        async with tenants.session(tenant, AGENCY) as session:
            assert await jobs.retry_job(session, first)
            assert await jobs.discard_job(session, second)
        await until(_is, ledger, first, "done")
        async with tenants.session(tenant, AGENCY) as session:
            assert not await jobs.retry_job(session, second)
            assert not await jobs.discard_job(session, first)
            assert await jobs.list_dead_jobs(session) == []
    assert await effects.of(tenant) == [1]
    assert (await ledger.job(second))["state"] == "discarded"


async def test_another_tenants_dead_letter_cannot_be_touched(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, ledger: Ledger
) -> None:
    async def fail(work: Work, payload: Number) -> None:
        raise TenantNotFound

    async with working(plan(database, [quick("test.fail", fail)])):
        (job_id,) = await leave_jobs(tenants, tenant, "test.fail", [1])
        await until(ledger.all_are, "dead")
    async with tenants.session(other_tenant, AGENCY) as session:
        assert await jobs.list_dead_jobs(session) == []
        assert not await jobs.retry_job(session, job_id)
        assert not await jobs.discard_job(session, job_id)


async def test_what_cannot_become_right_by_waiting_is_dead_at_once_and_a_conflict_is_not(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, broker_url: str
) -> None:
    async def refuse(work: Work, payload: Number) -> None:
        raise Conflict("somebody was faster") if payload.number else TenantNotFound

    async with working(plan(database, [quick("test.refuse", refuse)], broker_url)):
        hopeless, hopeful = await leave_jobs(tenants, tenant, "test.refuse", [0, 1])
        await until(_is, ledger, hopeless, "dead")
        await until(_waits_after, ledger, hopeful, 1)
    assert (await ledger.job(hopeless))["attempts"] == 1


async def test_a_message_that_is_delivered_again_and_again_has_one_effect(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit_url: str
) -> None:
    async def linger(work: Work, payload: Number) -> None:
        async with work.finish() as session:
            await leave_effect(session, payload.number)
            await asyncio.sleep(0.3)

    async with working(plan(database, [quick("test.linger", linger)], rabbit_url)):
        (job_id,) = await leave_jobs(tenants, tenant, "test.linger", [1])
        broker = open_broker(rabbit_url)
        for _ in range(20):
            broker.enqueue(message_for(DueJob(job_id, tenant.id, "test.linger", "default")))
        broker.close()
        await until(ledger.all_are, "done")
        await asyncio.sleep(0.5)
    assert await effects.of(tenant) == [1]
    assert (await ledger.job(job_id))["attempts"] == 1


async def test_a_job_that_takes_too_long_is_broken_off(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    async def dawdle(work: Work, payload: Number) -> None:
        async with work.finish() as session:
            await leave_effect(session, payload.number)
            await asyncio.sleep(30)

    actors = [quick("test.dawdle", dawdle, time_limit=timedelta(seconds=0.3))]
    async with working(plan(database, actors)):
        (job_id,) = await leave_jobs(tenants, tenant, "test.dawdle", [1])
        await until(_waits_after, ledger, job_id, 1)
    assert (await ledger.job(job_id))["last_error"] == "TimeoutError"
    assert await effects.of(tenant) == []


async def test_an_actor_that_forgets_to_finish_has_failed(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    async def forget(work: Work, payload: Number) -> None:
        return

    async with working(plan(database, [quick("test.forget", forget)])):
        (job_id,) = await leave_jobs(tenants, tenant, "test.forget", [1])
        await until(_waits_after, ledger, job_id, 1)
    assert (await ledger.job(job_id))["last_error"] == "RuntimeError"


async def test_a_job_for_an_actor_of_another_version_waits_and_holds_nobody_up(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    async with working(plan(database, [quick("test.count", count)])):
        (unknown,) = await leave_jobs(tenants, tenant, "test.of_tomorrow", [1])
        await leave_jobs(tenants, tenant, "test.count", [2])
        await until(_has, effects, tenant, 1)
        await until(_waits_after, ledger, unknown, 0)
    assert (await ledger.job(unknown))["last_error"] == "ActorUnknown"


async def _waits_after(ledger: Ledger, job_id: UUID, attempts: int) -> bool:
    job = await ledger.job(job_id)
    return bool(job["state"] == "queued" and job["attempts"] == attempts and job["last_error"])


async def _is(ledger: Ledger, job_id: UUID, state: str) -> bool:
    return bool((await ledger.job(job_id))["state"] == state)


async def _has(effects: Effects, tenant: Tenant, at_least: int) -> bool:
    return len(await effects.of(tenant)) >= at_least
