"""What happens when a clock's timer fires: the row says what is reached, the caller's `tell` says it to people.

Called by the worker in one transaction, after it has claimed the timer (`tenants.timers.fire_timer` checks the
generation). Firing twice, late, or for a clock that has moved on since tells nothing twice and nothing wrong.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.scheduling import hold_tickets, schedule
from anshou.tickets.clocks.stages import Stage, advance
from anshou.tickets.kinds import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A clock has reached a stage: the owner hears of a warning, the supervisor of a breach, the executive of 150 %.

    `due_at` is the due time that is near or has passed.
    """

    stage: Stage
    clock: Clock
    clock_id: UUID
    ticket_id: UUID
    merchant_id: UUID
    due_at: datetime


# Writes the timeline entry and the notices, in the same transaction.
Tell = Callable[[AsyncSession, Reached], Awaitable[None]]


async def fire(session: AsyncSession, clock_id: UUID, *, tell: Tell, at: datetime) -> list[Reached]:
    """Record and tell what the clock has reached at `at`, and have it looked at again for what comes next."""
    ticket_id = await session.scalar(select(TicketClock.ticket_id).where(TicketClock.id == clock_id))
    if ticket_id is None:
        return []
    # In the order in which a move takes them, or the two would wait for each other.
    await hold_tickets(session, [ticket_id])
    query = select(TicketClock).where(TicketClock.id == clock_id).with_for_update()
    clock = (await session.scalars(query.execution_options(populate_existing=True))).one()
    reached = [_reached(clock, stage) for stage in advance(clock, at)]
    await session.flush()
    await schedule(session, [clock])
    for one in reached:
        await tell(session, one)
    return reached


def _reached(clock: TicketClock, stage: Stage) -> Reached:
    due_at = clock.due_at or clock.breached_at
    if due_at is None:
        raise AssertionError("a clock without a due time reaches nothing")
    return Reached(
        stage=stage,
        clock=clock.clock,
        clock_id=clock.id,
        ticket_id=clock.ticket_id,
        merchant_id=clock.merchant_id,
        due_at=due_at,
    )
