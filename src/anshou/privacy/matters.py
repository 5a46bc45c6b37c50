"""The matter for which something is revealed: the ticket at hand, and whether it is still one."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.privacy.errors import NotOfThisTicket, TicketLongClosed
from anshou.privacy.handling import require_handling
from anshou.privacy.reveal_rules import RevealRules
from anshou.privacy.revealable import Held
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket


async def ticket_at_hand(session: AsyncSession, number: str, *, by: Person) -> Ticket:
    """The ticket, if the person reaches at least its summary: finance works on costs, not on tickets.

    Raises TicketNotFound.
    """
    query = select(Ticket).where(Ticket.number == number.strip().upper(), summarised_for(by))
    ticket = (await session.scalars(query)).one_or_none()
    if ticket is None:
        raise TicketNotFound(number)
    return ticket


async def require_matter(
    session: AsyncSession, held: Held, ticket: Ticket, rules: RevealRules, *, by: Person, at: datetime
) -> None:
    """Return when the ticket carries the row and its matter is not over. What is a merchant's own stays open to them.

    Raises NotOfThisTicket, TicketLongClosed, HandlingEnded.
    """
    if ticket.merchant_id != held.merchant_id or held.ticket_id not in (None, ticket.id):
        raise NotOfThisTicket
    if by.is_merchant:
        return
    if ticket.closed_at is not None and at > ticket.closed_at + timedelta(days=rules.days_after_close):
        raise TicketLongClosed(rules.days_after_close)
    await require_handling(session, held.merchant_id, at=at)
