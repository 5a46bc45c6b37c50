"""At 80 % the owner is warned, at 100 % it is a breach for good and the supervisor hears, at 150 % the executive."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.clock_rows import ChangeCause
from anshou.tickets.clocks.firing import Reached, fire
from anshou.tickets.clocks.running import (
    TimedTicket,
    end_clocks,
    meet_clocks,
    recompute,
    resume_clocks,
    start_clocks,
    stop_clocks,
)
from anshou.tickets.clocks.scheduling import TIMER
from anshou.tickets.clocks.stages import Stage
from anshou.tickets.kinds import Clock, Urgency
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.clocks.desk import MONDAY, new_ticket, the_clock, urgent
from tests.clocks.shanghai import shanghai, shown
from tests.database import Database

PLAN = (Clock.PLAN_SUBMISSION,)


class Told:
    """Writes down what people would have been told."""

    def __init__(self) -> None:
        self.all: list[Reached] = []

    async def __call__(self, session: AsyncSession, reached: Reached) -> None:
        self.all.append(reached)

    @property
    def stages(self) -> list[Stage]:
        return [reached.stage for reached in self.all]


@pytest.fixture
async def ticket(session: AsyncSession) -> TimedTicket:
    """An urgent ticket whose plan is due in four hours, at 14:00."""
    made = await new_ticket(session, urgency=Urgency.URGENT)
    await start_clocks(session, made, PLAN, at=MONDAY)
    return made


async def fire_at(session: AsyncSession, ticket: TimedTicket, at: datetime, told: Told) -> None:
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    await fire(session, clock.id, tell=told, at=at)


async def test_each_stage_is_told_once_when_it_is_reached(session: AsyncSession, ticket: TimedTicket) -> None:
    told = Told()
    for at in ("13:11", "13:12", "13:12", "14:00", "14:00", "15:59", "16:00", "18:00"):
        await fire_at(session, ticket, shanghai(f"2026-11-16 {at}"), told)
    assert told.stages == [Stage.WARNING, Stage.BREACH, Stage.LATE]
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.warned_at) == "2026-11-16 13:12"
    assert shown(clock.breached_at) == "2026-11-16 14:00"
    assert shown(clock.late_told_at) == "2026-11-16 16:00"


async def test_what_is_told_names_ticket_clock_and_due_time(session: AsyncSession, ticket: TimedTicket) -> None:
    told = Told()
    await fire_at(session, ticket, shanghai("2026-11-16 13:30"), told)
    [warning] = told.all
    assert (warning.ticket_id, warning.merchant_id) == (ticket.id, ticket.merchant_id)
    assert warning.clock is Clock.PLAN_SUBMISSION
    assert shown(warning.due_at) == "2026-11-16 14:00"


async def test_a_worker_that_was_away_tells_the_breach_and_no_longer_warns(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    told = Told()
    await fire_at(session, ticket, shanghai("2026-11-17 09:00"), told)
    assert told.stages == [Stage.BREACH, Stage.LATE]
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.breached_at) == "2026-11-16 14:00"


async def test_a_clock_met_in_time_tells_nothing_when_an_old_timer_fires(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    told = Told()
    await meet_clocks(session, ticket, PLAN, at=shanghai("2026-11-16 13:00"))
    await fire_at(session, ticket, shanghai("2026-11-16 14:00"), told)
    assert told.stages == []


async def test_a_breach_is_told_even_if_the_clock_was_met_late_before_the_timer_fired(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    told = Told()
    await meet_clocks(session, ticket, PLAN, at=shanghai("2026-11-16 16:30"))
    await fire_at(session, ticket, shanghai("2026-11-16 16:31"), told)
    await fire_at(session, ticket, shanghai("2026-11-16 16:32"), told)
    assert told.stages == [Stage.BREACH]


async def test_a_stopped_clock_tells_nothing_until_its_moved_due_time(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    told = Told()
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 13:00"))
    await fire_at(session, ticket, shanghai("2026-11-16 15:00"), told)
    assert told.stages == []
    await resume_clocks(session, ticket, at=shanghai("2026-11-16 16:00"))
    await fire_at(session, ticket, shanghai("2026-11-16 16:11"), told)
    assert told.stages == []
    await fire_at(session, ticket, shanghai("2026-11-16 16:12"), told)
    await fire_at(session, ticket, shanghai("2026-11-16 17:00"), told)
    assert told.stages == [Stage.WARNING, Stage.BREACH]


async def test_while_a_breached_ticket_waits_for_the_merchant_the_executive_hears_nothing(
    session: AsyncSession, ticket: TimedTicket
) -> None:
    told = Told()
    await fire_at(session, ticket, shanghai("2026-11-16 14:00"), told)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 15:00"))
    await fire_at(session, ticket, shanghai("2026-11-16 20:00"), told)
    assert told.stages == [Stage.BREACH]
    await resume_clocks(session, ticket, at=shanghai("2026-11-16 20:00"))
    await fire_at(session, ticket, shanghai("2026-11-16 21:00"), told)
    assert told.stages == [Stage.BREACH, Stage.LATE]


async def test_a_clock_that_is_not_there_tells_nothing(session: AsyncSession) -> None:
    assert await fire(session, new_id(), tell=Told(), at=MONDAY) == []


@pytest.mark.usefixtures("wiped")
async def test_the_timer_follows_the_clock(tenants: Tenants, tenant: Tenant, database: Database) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        ticket = await new_ticket(session)
        await start_clocks(session, ticket, PLAN, at=MONDAY)
        clock_id = (await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).id
    # Two workdays from Monday 10:00 are 6.5 + 7.5 + 7.5 = 21.5 open hours, of which 80 % are 17.2.
    assert await _timer(database, clock_id) == shanghai("2026-11-18 13:42")

    async with tenants.session(tenant, AGENCY) as session:
        await recompute(session, urgent(ticket), cause=ChangeCause.URGENCY, at=shanghai("2026-11-16 10:30"))
    assert await _timer(database, clock_id) == shanghai("2026-11-16 13:12")

    async with tenants.session(tenant, AGENCY) as session:
        await fire(session, clock_id, tell=Told(), at=shanghai("2026-11-16 13:12"))
    assert await _timer(database, clock_id) == shanghai("2026-11-16 14:00")

    async with tenants.session(tenant, AGENCY) as session:
        await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 13:30"))
    assert await _timer(database, clock_id) is None

    async with tenants.session(tenant, AGENCY) as session:
        await resume_clocks(session, ticket, at=shanghai("2026-11-16 15:30"))
    assert await _timer(database, clock_id) == shanghai("2026-11-16 16:00")

    async with tenants.session(tenant, AGENCY) as session:
        await end_clocks(session, ticket, at=shanghai("2026-11-16 15:45"))
    assert await _timer(database, clock_id) is None


async def _timer(database: Database, clock_id: UUID) -> datetime | None:
    superuser = await database.connect_as_superuser()
    try:
        query = "SELECT due_at FROM control.timer WHERE kind = $1 AND subject = $2"
        found: datetime | None = await superuser.fetchval(query, TIMER, clock_id)
        assert found is None or found.utcoffset() == timedelta(0)
        return found
    finally:
        await superuser.close()


@pytest.mark.usefixtures("wiped")
async def test_a_timer_that_fires_while_the_clock_is_being_met_waits_and_then_tells_nothing(
    tenants: Tenants, tenant: Tenant
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        ticket = await new_ticket(session, urgency=Urgency.URGENT)
        await start_clocks(session, ticket, PLAN, at=MONDAY)
        clock_id = (await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).id
    told = Told()

    async def fire_meanwhile() -> None:
        async with tenants.session(tenant, AGENCY) as other:
            await fire(other, clock_id, tell=told, at=shanghai("2026-11-16 14:00"))

    async with tenants.session(tenant, AGENCY) as session:
        await meet_clocks(session, ticket, PLAN, at=shanghai("2026-11-16 13:59"))
        firing = asyncio.create_task(fire_meanwhile())
        await asyncio.wait([firing], timeout=0.3)
        assert not firing.done()
    await firing
    assert told.stages == []
