"""The end of a hold when the merchant answers by what they say or send, not only by a move."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM, Person
from anshou.tickets.entries import new_entry, next_instant
from anshou.tickets.entry_labels import ANSWERED
from anshou.tickets.events import announce
from anshou.tickets.holds import end_hold
from anshou.tickets.kinds import EntrySort, Side, Status
from anshou.tickets.tickets import Ticket
from anshou.tickets.timing import clocks_of_ticket, save_time


async def resume_on_answer(session: AsyncSession, ticket: Ticket, *, by: Person) -> None:
    """End the hold and let the clocks run on; nothing if the ticket is not on hold. The caller holds the ticket's lock.

    The entry is the system's and both sides read it: the merchant sees that their answer counts.
    """
    if not ticket.on_hold:
        return
    at = next_instant(ticket, ticket.last_entry_at)
    before = ticket.status
    await end_hold(session, ticket, by=by.id, at=at)
    ticket.on_hold = False
    ticket.awaiting_since = None
    ticket.status = ticket.process.step(ticket.step).status
    ticket.version += 1
    ticket.last_entry_at = at
    changes = {"on_hold": [True, False], "status": [str(before), str(ticket.status)]}
    entry = new_entry(ticket, EntrySort.SYSTEM, Side.MERCHANT, by=SYSTEM, at=at, move=ANSWERED, changes=changes)
    session.add(entry)
    if ticket.status is not Status.AWAITING_CUSTOMER:
        clocks = await clocks_of_ticket(session, ticket)
        clocks.resume(at)
        await save_time(session, ticket, clocks)
    # Whoever carries the ticket hears of the answer itself; here only the agency's own systems do.
    await announce(session, ticket, entry, ())
    await session.flush()
