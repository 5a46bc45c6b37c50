"""What the timeline and the people are told when a clock reaches a stage: the `tell` of `clocks.firing.fire`.

At 80 % the owner is warned, at 100 % the supervisor is told of the breach, at 150 % the executive (domain.md 3).
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.tickets.clocks.firing import Reached, Tell
from anshou.tickets.clocks.stages import Stage
from anshou.tickets.entries import new_entry, next_instant
from anshou.tickets.entry_labels import CLOCK_BREACH, CLOCK_LATE, CLOCK_WARNING
from anshou.tickets.events import (
    TELL_EXECUTIVE,
    TELL_SUPERVISOR,
    Tiding,
    announce,
    tidings_for_carriers,
)
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.tickets import Ticket, lock_ticket

EVENT_OF = {Stage.WARNING: CLOCK_WARNING, Stage.BREACH: CLOCK_BREACH, Stage.LATE: CLOCK_LATE}


def telling_at(at: datetime) -> Tell:
    """Tell on the timeline, and leave jobs for the people, at the instant `at` (UTC)."""

    async def tell(session: AsyncSession, reached: Reached) -> None:
        query = select(Ticket).where(Ticket.merchant_id == reached.merchant_id, Ticket.id == reached.ticket_id)
        ticket = (await session.scalars(query)).one()
        await lock_ticket(session, ticket)
        entry = new_entry(
            ticket,
            EntrySort.SYSTEM,
            Side.AGENCY,
            by=SYSTEM,
            at=next_instant(ticket, at),
            move=EVENT_OF[reached.stage],
            record={"clock": str(reached.clock), "due_at": reached.due_at.isoformat()},
        )
        ticket.last_entry_at = entry.at
        session.add(entry)
        await session.flush()
        await announce(session, ticket, entry, tidings_of_stage(ticket, reached.stage))

    return tell


def tidings_of_stage(ticket: Ticket, stage: Stage) -> Iterator[Tiding]:
    """Who hears of it."""
    event = EVENT_OF[stage]
    match stage:
        case Stage.WARNING:
            yield from tidings_for_carriers(ticket, event, SYSTEM)
        case Stage.BREACH:
            yield Tiding(actor=TELL_SUPERVISOR, event=event, department=ticket.department)
        case Stage.LATE:
            yield Tiding(actor=TELL_EXECUTIVE, event=event, department=ticket.department)
