"""A clock that is due is told within seconds, and clocks that are many are computed again behind the scenes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange, TicketClock
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK, ChannelClass
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.clocks.recomputing import ACTOR
from anshou.tickets.clocks.running import TimedTicket, start_clocks
from anshou.tickets.clocks.setting_rows import CalendarYear, LimitSetting
from anshou.tickets.clocks.workdays import published_years
from anshou.tickets.kinds import Clock, Urgency
from anshou.worker.actors import ACTORS
from tenants.context import AGENCY
from tenants.jobs import enqueue
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.clocks.desk import new_ticket
from tests.database import Database
from tests.worker.workshop import Ledger, plan, until, working

PLAN = (Clock.PLAN_SUBMISSION,)
# An urgent plan has four hours around the clock: warned of after 3 h 12 min, late after six hours.
FOUR_HOURS = timedelta(hours=4)


@pytest.fixture
async def ticket(tenants: Tenants, tenant: Tenant, ledger: Ledger) -> TimedTicket:
    """An urgent ticket, committed."""
    async with tenants.session(tenant, AGENCY) as session:
        return await new_ticket(session, urgency=Urgency.URGENT)


async def test_warning_breach_and_lateness_reach_the_timeline_and_the_people(
    database: Database, tenants: Tenants, tenant: Tenant, ticket: TimedTicket, ledger: Ledger
) -> None:
    async def told() -> list[str]:
        async with tenants.session(tenant, AGENCY) as session:
            query = text("SELECT move FROM entry WHERE ticket_id = :id AND sort = 'system' ORDER BY at, id")
            return list(await session.scalars(query, {"id": ticket.id}))

    async def told_is(expected: list[str]) -> bool:
        return await told() == expected

    async with working(plan(database, ACTORS)):
        # Once the worker is at work: whoever looks only after the breach no longer warns of it.
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "tickets.take_in_published_years", {})
        await until(ledger.all_are, "done")
        almost_over = datetime.now(UTC) - FOUR_HOURS + timedelta(seconds=8)
        async with tenants.session(tenant, AGENCY) as session:
            await start_clocks(session, ticket, PLAN, at=almost_over)
        await until(told_is, ["clock_warning", "clock_breach"])
    async with tenants.session(tenant, AGENCY) as session:
        clock = (await session.scalars(select(TicketClock))).one()
        assert clock.breached_at == clock.due_at == almost_over + FOUR_HOURS
        assert clock.breach_told_at is not None
        # Sooner than anything but its timer would find it.
        assert clock.breach_told_at - clock.breached_at < timedelta(minutes=1)
    left = await _jobs_of(database, ticket.id)
    assert left - {"tickets.tell_systems"} == {"tickets.tell_front_desk", "tickets.tell_supervisor"}


async def test_clocks_are_computed_again_by_a_job(
    database: Database, tenants: Tenants, tenant: Tenant, ticket: TimedTicket, ledger: Ledger
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await start_clocks(session, ticket, PLAN, at=datetime.now(UTC))
        session.add(
            LimitSetting(
                clock=Clock.PLAN_SUBMISSION,
                urgency=Urgency.URGENT,
                channels=ChannelClass.ANY,
                limit_value=6,
                limit_unit=LimitUnit.HOURS,
                calendar=AROUND_THE_CLOCK,
                changed_at=datetime.now(UTC),
                changed_by=ticket.id,
            )
        )
        job_id = await enqueue(session, ACTOR, {"cause": ChangeCause.SETTING.value})

    async def is_done() -> bool:
        return bool((await ledger.job(job_id))["state"] == "done")

    async with working(plan(database, ACTORS)):
        await until(is_done)
    async with tenants.session(tenant, AGENCY) as session:
        change = (await session.scalars(select(ClockChange))).one()
        assert change.new_due_at is not None
        assert change.old_due_at is not None
        assert change.new_due_at - change.old_due_at == timedelta(hours=2)


async def test_years_that_came_with_the_product_are_taken_in_by_a_job(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await enqueue(session, "tickets.take_in_published_years", {})
    async with working(plan(database, ACTORS)):
        await until(ledger.all_are, "done")
    async with tenants.session(tenant, AGENCY) as session:
        taken_in = set(await session.scalars(select(CalendarYear.year).where(CalendarYear.entered_by.is_(None))))
    assert taken_in == {year for year in published_years() if year >= datetime.now(UTC).year}


async def _jobs_of(database: Database, ticket_id: UUID) -> set[str]:
    superuser = await database.connect_as_superuser()
    try:
        query = "SELECT actor FROM control.job WHERE payload ->> 'ticket' = $1"
        return {row[0] for row in await superuser.fetch(query, str(ticket_id))}
    finally:
        await superuser.close()
