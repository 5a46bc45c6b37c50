"""What a clock leaves elsewhere: its timer in `control`, and the ticket's next due time, by which queues are sorted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, column, func, select, table, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.clocks.stages import next_event
from tenants.timers import cancel_timer, set_timer

# The kind of all clocks' timers; the subject is the clock's id.
TIMER = "tickets.clock"

# Only the columns that clocks have to do with: the tickets themselves import the clocks.
_TICKET = table("ticket", column("id"), column("merchant_id"), column("next_due_at"))


async def schedule(session: AsyncSession, clock: TicketClock) -> None:
    """Have the clock looked at when its next event is due, or not again if there is none."""
    event = next_event(clock)
    if event is None:
        await cancel_timer(session, TIMER, clock.id)
    else:
        await set_timer(session, TIMER, clock.id, event)


async def hold_tickets(session: AsyncSession, ticket_ids: Collection[UUID]) -> None:
    """Lock the tickets' rows, as a move does before it touches their clocks."""
    locked = select(_TICKET.c.id).where(_TICKET.c.id.in_(ticket_ids)).order_by(_TICKET.c.id)
    await session.execute(locked.with_for_update(key_share=True))


async def note_next_due(session: AsyncSession, ticket_ids: Collection[UUID]) -> None:
    """Write into the tickets' rows the earliest due time of what each still owes.

    Past due times count too; null while the ticket waits for the merchant or owes nothing.
    """
    await session.flush()
    of_ticket = and_(TicketClock.merchant_id == _TICKET.c.merchant_id, TicketClock.ticket_id == _TICKET.c.id)
    earliest = select(func.min(TicketClock.due_at)).where(of_ticket, *IS_RUNNING).scalar_subquery()
    changed = update(_TICKET).where(_TICKET.c.id.in_(ticket_ids)).values(next_due_at=earliest)
    await session.execute(changed, execution_options={"synchronize_session": False})
