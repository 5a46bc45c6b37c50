"""What a clock leaves elsewhere: its timer in `control`, and the ticket's next due time, by which queues are sorted."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import and_, column, func, select, table, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.clocks.stages import next_event
from tenants.timers import cancel_timer, set_timers

# The kind of all clocks' timers; the subject is the clock's id.
TIMER = "tickets.clock"

# Only the columns that clocks have to do with: the tickets themselves import the clocks.
_TICKET = table("ticket", column("id"), column("merchant_id"), column("next_due_at"))


async def schedule(session: AsyncSession, clocks: Iterable[TicketClock]) -> None:
    """Have each clock looked at when its next event is due, or not again if there is none."""
    events = {clock.id: next_event(clock) for clock in clocks}
    if ahead := {clock_id: event for clock_id, event in events.items() if event is not None}:
        await set_timers(session, TIMER, ahead)
    for clock_id in events.keys() - ahead.keys():
        await cancel_timer(session, TIMER, clock_id)


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
    # Most moves leave it as it is; a row written for nothing is work for everybody who reads the queue.
    other = _TICKET.c.next_due_at.is_distinct_from(earliest)
    changed = update(_TICKET).where(_TICKET.c.id.in_(ticket_ids), other).values(next_due_at=earliest)
    await session.execute(changed, execution_options={"synchronize_session": False})
