"""Measuring is done by one job at a time; those that come meanwhile keep no worker, and nothing stays unmeasured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select, text

from anshou.people.person import SYSTEM
from anshou.performance.months import months_to_measure
from anshou.tickets.courses.counting_all import is_counted
from anshou.tickets.courses.owed import MEASURE, owe_courses
from anshou.tickets.courses.rows import Course
from anshou.worker.measures import measure
from anshou.worker.work import Work
from tenants.jobs import enqueue
from tenants.prepared import fetch
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.cast import settle
from tests.database import Database
from tests.tickets.importing.ledgers import imported
from tests.worker.workshop import Effects, Ledger, Number, leave_effect, leave_jobs, plan, quick, until, working

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")

_LEFT = text("SELECT count(*) FROM control.job WHERE actor = :actor AND state NOT IN ('done', 'dead')")


@asynccontextmanager
async def somebody_measures(tenants: Tenants, tenant: Tenant) -> AsyncIterator[None]:
    """As if another worker were in the middle of it."""
    async with tenants.session(tenant, SYSTEM.context()) as session:
        await session.execute(_HOLD, {"key": f"{tenant.schema}:measures"})
        yield


async def ask_to_measure(tenants: Tenants, tenant: Tenant, times: int) -> None:
    async with tenants.session(tenant, SYSTEM.context()) as session:
        for _ in range(times):
            await enqueue(session, MEASURE, {}, queue="bulk")


async def jobs_left(tenants: Tenants) -> int:
    """Jobs to measure that are still to be done."""
    async with tenants.control() as control:
        return int((await control.execute(_LEFT, {"actor": MEASURE})).scalar_one())


async def import_ledger(tenants: Tenants, tenant: Tenant) -> int:
    """A ledger taken over and committed, its courses owed; how many tickets."""
    async with tenants.session(tenant, SYSTEM.context()) as session:
        anhe = await settle(session)
        await tenants.switch(session, anhe.supervisor.context())
        return (await imported(session, open_storage("memory:"), anhe.supervisor)).ticket_count


async def is_all_measured(tenants: Tenants, tenant: Tenant) -> bool:
    async with tenants.session(tenant, SYSTEM.context()) as session:
        today = datetime.now(UTC).date()
        return await is_counted(session) and not await months_to_measure(session, today)


async def test_jobs_that_come_while_another_measures_leave_the_workers_to_others(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    async def count(work: Work, payload: Number) -> None:
        async with work.finish() as session:
            await leave_effect(session, payload.number)

    async def is_over() -> bool:
        return not await jobs_left(tenants)

    async def has_counted() -> bool:
        return await effects.of(tenant) == [1]

    actors = [measure, quick("test.count", count)]
    # Four threads are two places for one tenant.
    async with working(plan(database, actors, threads=4)):
        async with somebody_measures(tenants, tenant):
            await ask_to_measure(tenants, tenant, 12)
            await until(ledger.has_at_least, "done", 12)
            # One job waits for all twelve, or one of this turn and one of the next.
            assert await jobs_left(tenants) <= 2
            await leave_jobs(tenants, tenant, "test.count", [1], queue="bulk")
            await until(has_counted, seconds=15)
        await until(is_over)


async def test_of_two_at_once_the_one_that_comes_too_late_is_made_up_for(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    async def is_over() -> bool:
        return await is_all_measured(tenants, tenant) and not await jobs_left(tenants)

    tickets = await import_ledger(tenants, tenant)
    async with working(plan(database, [measure], threads=8)):
        await until(is_over)
        async with tenants.session(tenant, SYSTEM.context()) as session:
            months = await fetch(session, "SELECT month FROM measured_state")
            rows = await session.execute(select(Course.merchant_id, Course.ticket_id))
            counted: dict[UUID, list[UUID]] = {}
            for merchant, ticket in rows:
                counted.setdefault(merchant, []).append(ticket)
        # What is owed while somebody measures, who does not see it any more.
        async with somebody_measures(tenants, tenant):
            for _ in range(5):
                async with tenants.session(tenant, SYSTEM.context()) as session:
                    await owe_courses(session, counted)
                    for (month,) in months:
                        await fetch(session, "INSERT INTO stale_month (month) VALUES ($1)", month)
            await asyncio.sleep(1)
            assert not await is_all_measured(tenants, tenant)
        await until(is_over)
    async with tenants.session(tenant, SYSTEM.context()) as session:
        assert await session.scalar(select(func.count(func.distinct(Course.ticket_id)))) == tickets
