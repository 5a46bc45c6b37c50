"""Tickets of 云杉 brought to where a page's test begins, through the real verbs, and committed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from anshou.people.roles import Department
from anshou.tickets.kinds import Kind
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.tickets.desk import Desk

Story = Callable[[Desk], Awaitable[None]]


async def reported(desk: Desk) -> None:
    """Just reported by the merchant's owner."""
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)


async def awaiting_plan_word(desk: Desk) -> None:
    """A plan lies before the merchant."""
    await reported(desk)
    await replanned(desk, "accept", "dispatch")


async def replanned(desk: Desk, *first: str) -> None:
    """The account manager's moves, then analysis if it is due, a plan, and its review."""
    cast = desk.cast
    for move in first:
        await desk.act(cast.account_manager, move)
    if first:
        await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")


async def carried_out(desk: Desk) -> None:
    """The accepted plan is carried out; the merchant is asked for a rating."""
    await desk.finish_measures()
    await desk.act(desk.cast.specialist, "finish_execution")


async def awaiting_rating(desk: Desk) -> None:
    """From the report to the request for a rating."""
    await awaiting_plan_word(desk)
    await desk.act(desk.cast.owner, "accept_plan")
    await carried_out(desk)


async def visited_and_closed(desk: Desk) -> None:
    """After a good rating."""
    await desk.act(desk.cast.account_manager, "return_visit")
    await desk.act(desk.cast.account_manager, "close")


async def closed(desk: Desk) -> None:
    """Rated, visited, closed."""
    await awaiting_rating(desk)
    await desk.act(desk.cast.owner, "rate")
    await visited_and_closed(desk)


async def on_hold(desk: Desk) -> None:
    """The merchant owes an answer."""
    await reported(desk)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "hold", reason="请提供确认稿的原始文件")


async def explained(desk: Desk) -> None:
    """The cause of an anomaly and what was done lie before the merchant."""
    cast = desk.cast
    await desk.open(Kind.DATA_ANOMALY, cast.specialist)
    await desk.act(cast.account_manager, "dispatch", department=Department.TECHNICAL_SUPPORT)
    await desk.act(cast.specialist, "conclude_triage")
    await replanned_anomaly(desk)
    await desk.finish_measures()
    await desk.act(cast.specialist, "start_monitoring")
    first = desk.now.date()
    desk.now += timedelta(days=7)
    for day in (first, first + timedelta(days=7)):
        await desk.act(cast.specialist, "observe_metric", day=day)
    await desk.act(cast.account_manager, "report_result")


async def replanned_anomaly(desk: Desk) -> None:
    """Analysis, plan, review."""
    await desk.act(desk.cast.specialist, "conclude_analysis")
    await replanned(desk)


async def negotiating(desk: Desk) -> None:
    """A dispute after the first round of talks."""
    cast = desk.cast
    await desk.open(Kind.CONTRACT_DISPUTE, cast.owner)
    await desk.act(cast.account_manager, "start_procedure")
    await desk.act(cast.account_manager, "conclude_investigation")
    await desk.act(cast.account_manager, "record_round")


async def to_be_signed(desk: Desk) -> None:
    """An agreement is proposed; nobody has signed."""
    await negotiating(desk)
    await desk.act(desk.cast.account_manager, "propose_agreement")


class Stories:
    """Tells stories into the database that the portal serves; the portal's clock goes on where a story ended."""

    def __init__(self, tenants: Tenants, tenant: Tenant, cast: Anhe, clock: TestClock) -> None:
        self.tenants, self.tenant, self.cast, self.clock = tenants, tenant, cast, clock

    async def tell(self, story: Story, number: str = "") -> str:
        """Tell it, of a new ticket or of that one; returns the ticket's number."""
        async with self.tenants.session(self.tenant, AGENCY) as session:

            async def act_as(context: Context) -> None:
                await self.tenants.switch(session, context)

            desk = Desk(session, act_as, self.cast, now=self.clock.now, number=number)
            await story(desk)
        self.clock.now = max(self.clock.now, desk.now)
        self.clock.forward(minutes=1)
        return desk.number
