"""Many running clocks are computed again in jobs, batch by batch, and a batch done twice changes nothing more."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks import recomputing
from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange, TicketClock
from anshou.tickets.clocks.recomputing import ACTOR, recompute_batch
from anshou.tickets.clocks.running import meet_clocks, resume_clocks, start_clocks, stop_clocks
from anshou.tickets.clocks.setting_days import DayGiven, save_days
from anshou.tickets.kinds import Clock
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.clocks.desk import MONDAY, new_merchant, new_ticket, somebody, the_clock
from tests.clocks.shanghai import shanghai, shown
from tests.database import Database

ADMIN = somebody()
PLAN = (Clock.PLAN_SUBMISSION,)
TUESDAY_OFF = DayGiven(day=date(2026, 11, 17), working=False, name="公司团建")


async def changes(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(ClockChange)) or 0


async def test_stops_are_kept_and_clocks_on_record_stay(session: AsyncSession) -> None:
    stopped, met, breached = [await new_ticket(session) for _ in range(3)]
    for ticket in (stopped, met, breached):
        await start_clocks(session, ticket, PLAN, at=MONDAY)
    await stop_clocks(session, stopped, reason="等待商家补充材料", at=shanghai("2026-11-16 11:00"))
    await resume_clocks(session, stopped, at=shanghai("2026-11-16 12:00"))
    await meet_clocks(session, met, PLAN, at=shanghai("2026-11-16 15:00"))
    late = shanghai("2026-11-18 18:30")
    await save_days(session, [TUESDAY_OFF], by=ADMIN, at=late)
    due = [shown((await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).due_at) for ticket in (stopped, met)]
    # One stopped hour after the end of two workdays, which are now Wednesday and Thursday.
    assert due == ["2026-11-20 10:00", "2026-11-18 18:00"]
    clock = await the_clock(session, breached, Clock.PLAN_SUBMISSION)
    assert (shown(clock.due_at), shown(clock.breached_at)) == ("2026-11-18 18:00", "2026-11-18 18:00")


@pytest.mark.usefixtures("wiped")
async def test_many_clocks_are_left_to_jobs_that_hand_on_to_each_other(
    tenants: Tenants, tenant: Tenant, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputing, "AT_ONCE", 4)
    monkeypatch.setattr(recomputing, "BATCH", 2)
    async with tenants.session(tenant, AGENCY) as session:
        merchant_id = await new_merchant(session)
        for _ in range(5):
            await start_clocks(session, await new_ticket(session, merchant_id=merchant_id), PLAN, at=MONDAY)
    async with tenants.session(tenant, AGENCY) as session:
        await save_days(session, [TUESDAY_OFF], by=ADMIN, at=MONDAY)
        assert await changes(session) == 0
    assert await _payloads(database) == [{"cause": "calendar"}]

    async with tenants.session(tenant, AGENCY) as session:
        first = await recompute_batch(session, cause=ChangeCause.CALENDAR, at=MONDAY)
        assert await changes(session) == 2
        assert await recompute_batch(session, cause=ChangeCause.CALENDAR, at=MONDAY) == first
        assert await changes(session) == 2
        second = await recompute_batch(session, cause=ChangeCause.CALENDAR, at=MONDAY, after=first)
        assert await recompute_batch(session, cause=ChangeCause.CALENDAR, at=MONDAY, after=second) is None
        assert await changes(session) == 5
        assert {shown(at) for at in await session.scalars(select(TicketClock.due_at))} == {"2026-11-19 18:00"}
    assert {"cause": "calendar", "after": str(first)} in await _payloads(database)


async def _payloads(database: Database) -> list[dict[str, str]]:
    superuser = await database.connect_as_superuser()
    try:
        rows = await superuser.fetch("SELECT payload FROM control.job WHERE actor = $1 ORDER BY id", ACTOR)
        return [json.loads(row[0]) for row in rows]
    finally:
        await superuser.close()
