"""Which tickets a person reaches. Row-level security holds the merchants apart; here stands the rest.

- The front desk reaches the tickets of the merchants assigned to it.
- Specialists and supervisors reach what their department carries or ever carried, what they own or opened, and what
  they have a measure of. Operations management coordinates all departments and reaches everything.
- The executive and the worker reach everything, merchants their own.
- Finance and the auditor read summaries of everything, and no ticket whole.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department, Role
from anshou.people.serving import assigned_to_query
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.hand_overs import HandOver
from anshou.tickets.plans import Measure
from anshou.tickets.tickets import Ticket


async def visible_ticket(session: AsyncSession, person: Person, number: str) -> Ticket:
    """The ticket of that number. Raises TicketNotFound, and PermissionMissing for those who read no tickets."""
    authorize(person, Permission.READ_TICKETS)
    query = select(Ticket).where(Ticket.number == number, reached_by(person))
    ticket = (await session.scalars(query)).one_or_none()
    if ticket is None:
        raise TicketNotFound(number)
    return ticket


def reached_by(person: Person) -> ColumnElement[bool]:
    """The tickets that the person may read whole."""
    if person.merchant_id is not None:
        return Ticket.merchant_id == person.merchant_id
    if person.is_system or person.has(Role.EXECUTIVE):
        return true()
    if Department.OPERATIONS_MANAGEMENT in person.departments:
        return true()
    reaches: list[ColumnElement[bool]] = []
    if not person.roles.isdisjoint(ASSIGNED_ROLES):
        reaches.append(Ticket.merchant_id.in_(assigned_to_query(person.id)))
    if person.departments:
        reaches.append(_carried_by(person))
    return or_(*reaches) if reaches else false()


def summarised_for(person: Person) -> ColumnElement[bool]:
    """The tickets of which the person may read at least the summary."""
    whole = allows(person, Permission.READ_TICKETS)
    if person.has(Role.FINANCE, Role.AUDITOR) and allows(person, Permission.READ_TICKET_SUMMARY):
        return true()
    return reached_by(person) if whole else false()


def _carried_by(person: Person) -> ColumnElement[bool]:
    departments = sorted(person.departments)
    carried = select(HandOver.id).where(
        HandOver.merchant_id == Ticket.merchant_id,
        HandOver.ticket_id == Ticket.id,
        HandOver.to_department.in_(departments),
    )
    measured = select(Measure.id).where(
        Measure.merchant_id == Ticket.merchant_id, Measure.ticket_id == Ticket.id, Measure.owner_id == person.id
    )
    return or_(
        Ticket.department.in_(departments),
        Ticket.owner_id == person.id,
        Ticket.opened_by == person.id,
        and_(Ticket.department.is_not(None), carried.exists()),
        and_(Ticket.department.is_not(None), measured.exists()),
    )
