"""Reminding whoever carries a ticket that it waits: a notice, and nothing on the timeline, for nothing has happened."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.errors import NobodyToRemind, TicketClosed
from anshou.tickets.events import REMINDED, tidings_for_carriers
from anshou.tickets.tickets import Ticket
from tenants.base import new_id
from tenants.jobs import enqueue


async def remind(session: AsyncSession, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Tell the owner, else the department, else the merchant's front desk, once an hour at most.

    Raises PermissionMissing, TicketClosed, and NobodyToRemind when it is the person's own.
    """
    authorize(by, Permission.WRITE_NOTE)
    if ticket.is_closed:
        raise TicketClosed
    tidings = list(tidings_for_carriers(ticket, REMINDED, by))
    if not tidings:
        raise NobodyToRemind
    for tiding in tidings:
        payload = {
            "ticket": str(ticket.id),
            "merchant": str(ticket.merchant_id),
            # What happened is no entry; its id only tells two reminders apart.
            "entry": str(new_id()),
            "event": tiding.event,
        }
        if tiding.person is not None:
            payload["person"] = str(tiding.person)
        if tiding.department is not None:
            payload["department"] = tiding.department.value
        await enqueue(session, tiding.actor, payload, key=f"remind:{ticket.id}:{by.id}:{at:%Y%m%d%H}")
