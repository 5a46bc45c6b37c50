"""Which costs a person reaches: those of the tickets that they may read at least in summary.

Finance and the auditor reach all of them, whoever works on tickets those of their own. No merchant reaches any: they
see costs by their statements.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.errors import CostNotFound
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem

ON_TICKET = (Ticket.merchant_id == CostItem.merchant_id) & (Ticket.id == CostItem.ticket_id)


async def ticket_with_costs(session: AsyncSession, person: Person, number: str) -> Ticket:
    """The ticket of that number, of which the person may see what it cost. Raises TicketNotFound, PermissionMissing."""
    authorize(person, Permission.READ_COSTS)
    query = select(Ticket).where(Ticket.number == number, summarised_for(person))
    ticket = (await session.scalars(query)).one_or_none()
    if ticket is None:
        raise TicketNotFound(number)
    return ticket


async def visible_cost(session: AsyncSession, person: Person, number: str) -> tuple[CostItem, Ticket]:
    """The cost item of that number and its ticket. Raises CostNotFound, PermissionMissing."""
    authorize(person, Permission.READ_COSTS)
    query = select(CostItem, Ticket).join(Ticket, ON_TICKET).where(CostItem.number == number, summarised_for(person))
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise CostNotFound(number)
    item, ticket = found
    return item, ticket
