"""Jobs are worked off once, timers fire once, and a late message about either has no effect."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.context import AGENCY
from tenants.jobs import LeasedJob, enqueue, finish_job, lease_job, list_dead_jobs, retry_job
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.timers import cancel_timer, fire_timer, set_timer

MINUTE = timedelta(minutes=1)


async def test_a_key_makes_one_job_of_many(session: AsyncSession) -> None:
    first = await enqueue(session, "tickets.tell", {"ticket": "1"}, key="tell:1")
    assert await enqueue(session, "tickets.tell", {"ticket": "1"}, key="tell:1") == first
    assert await enqueue(session, "tickets.tell", {"ticket": "2"}, key="tell:2") != first
    assert await enqueue(session, "tickets.tell", {"ticket": "2"}) != await enqueue(session, "tickets.tell", {})


async def test_a_leased_job_is_nobody_elses_until_the_lease_ends(session: AsyncSession) -> None:
    job_id = await enqueue(session, "tickets.tell", {"ticket": "1"}, trace="00-1-1-01")
    leased = await lease_job(session, job_id, MINUTE)
    assert leased == LeasedJob(job_id, "tickets.tell", {"ticket": "1"}, 1, "00-1-1-01")
    assert await lease_job(session, job_id, MINUTE) is None
    await finish_job(session, leased)
    assert await lease_job(session, job_id, MINUTE) is None


async def test_who_lost_the_lease_cannot_finish_the_job(session: AsyncSession) -> None:
    job_id = await enqueue(session, "tickets.tell", {})
    slow = await lease_job(session, job_id, timedelta(seconds=-1))
    quick = await lease_job(session, job_id, MINUTE)
    assert slow is not None
    assert quick is not None
    assert quick.attempt == 2
    with pytest.raises(DBAPIError, match="lease of this job was lost"):
        async with session.begin_nested():
            await finish_job(session, slow)
    await finish_job(session, quick)


@pytest.mark.usefixtures("wiped")
async def test_a_dead_letter_is_seen_and_put_back(tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        job_id = await enqueue(session, "tickets.tell", {"ticket": "1"})
    async with tenants.control() as control:
        died = text(
            "UPDATE control.job SET state = 'dead', attempts = 9, last_error = 'SMTPError', finished_at = now()"
        )
        await control.execute(died)
    async with tenants.session(tenant, AGENCY) as session:
        (dead,) = await list_dead_jobs(session)
        assert (dead.id, dead.attempts, dead.last_error) == (job_id, 9, "SMTPError")
        assert await lease_job(session, job_id, MINUTE) is None
        assert await retry_job(session, job_id)
        assert not await retry_job(session, job_id)
        assert await list_dead_jobs(session) == []
        assert (await lease_job(session, job_id, MINUTE)) is not None


async def timer(tenants: Tenants) -> tuple[UUID, int, datetime]:
    async with tenants.control() as control:
        row = (await control.execute(text("SELECT id, generation, due_at FROM control.timer"))).one()
    return row[0], row[1], row[2]


@pytest.mark.usefixtures("wiped")
async def test_a_timer_set_again_makes_the_earlier_one_stale(tenants: Tenants, tenant: Tenant) -> None:
    subject, soon = uuid4(), datetime(2026, 12, 1, 9, tzinfo=UTC)
    async with tenants.session(tenant, AGENCY) as session:
        await set_timer(session, "clock.warn", subject, soon)
    timer_id, early, _ = await timer(tenants)
    async with tenants.session(tenant, AGENCY) as session:
        await set_timer(session, "clock.warn", subject, soon + MINUTE)
    same_id, late, due_at = await timer(tenants)
    assert (same_id, due_at) == (timer_id, soon + MINUTE)
    assert late > early
    async with tenants.session(tenant, AGENCY) as session:
        assert not await fire_timer(session, timer_id, early)
        assert await fire_timer(session, timer_id, late)
        assert not await fire_timer(session, timer_id, late)


@pytest.mark.usefixtures("wiped")
async def test_a_cancelled_timer_does_not_fire_even_when_set_anew(tenants: Tenants, tenant: Tenant) -> None:
    subject, soon = uuid4(), datetime(2026, 12, 1, 9, tzinfo=UTC)
    async with tenants.session(tenant, AGENCY) as session:
        await set_timer(session, "clock.warn", subject, soon)
    timer_id, early, _ = await timer(tenants)
    async with tenants.session(tenant, AGENCY) as session:
        await cancel_timer(session, "clock.warn", subject)
        await set_timer(session, "clock.warn", subject, soon)
        await cancel_timer(session, "no such", subject)
    again_id, again, _ = await timer(tenants)
    async with tenants.session(tenant, AGENCY) as session:
        assert not await fire_timer(session, timer_id, early)
        assert not await fire_timer(session, again_id, early)
        assert await fire_timer(session, again_id, again)


async def test_a_timer_needs_an_instant_with_a_time_zone(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await set_timer(session, "clock.warn", uuid4(), datetime(2026, 12, 1, 9))  # noqa: DTZ001
