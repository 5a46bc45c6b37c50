"""Which tickets a person reaches. Row-level security holds the merchants apart; here stands the rest.

- The front desk reaches the tickets of the merchants assigned to it.
- Specialists and supervisors reach what their department carries or ever carried, what they own or opened, and what
  they have a measure of. Operations management coordinates all departments and reaches everything.
- The executive and the worker reach everything, merchants their own.
- Finance and the auditor read summaries of everything, and no ticket whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, false, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department, Role
from anshou.people.serving import assigned_to_query
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.hand_overs import HandOver
from anshou.tickets.plans import Measure
from anshou.tickets.tickets import Ticket
from tenants.prepared import Prepared, among, entities


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person reaches tickets, without saying who they are: there are few ways, so each is a prepared statement.

    `by` is their merchant's fence, everything, or what the two others say: whether merchants are assigned to them, and
    whether they are of a department.
    """

    by: Literal["merchant", "everything", "work"]
    assigned: bool = False
    carries: bool = False

    @classmethod
    def of(cls, person: Person) -> "Reach":
        """The way in which this person reaches tickets."""
        if person.merchant_id is not None:
            return cls("merchant")
        if person.is_system or person.has(Role.EXECUTIVE) or Department.OPERATIONS_MANAGEMENT in person.departments:
            return cls("everything")
        return cls("work", not person.roles.isdisjoint(ASSIGNED_ROLES), bool(person.departments))


async def visible_ticket(session: AsyncSession, person: Person, number: str) -> Ticket:
    """The ticket of that number. Raises TicketNotFound, and PermissionMissing for those who read no tickets."""
    authorize(person, Permission.READ_TICKETS)
    ticket = await _numbered(Reach.of(person)).one_or_none(session, number=number, **reaching(person))
    if ticket is None:
        raise TicketNotFound(number)
    return ticket


@cache
def _numbered(reach: Reach) -> Prepared[Ticket]:
    return entities(select(Ticket).where(Ticket.number == bindparam("number"), reached(reach)))


def reaching(person: Person) -> dict[str, Any]:
    """Who it is, for a prepared statement with `reached`."""
    return {
        "reaching_person": person.id,
        "reaching_merchant": person.merchant_id,
        "reaching_departments": sorted(person.departments),
    }


def reached(reach: Reach, *, many: bool = False) -> ColumnElement[bool]:
    """The tickets that somebody may read whole, as a part of a prepared statement: `reaching` says who.

    `many` for a statement that looks through many tickets and not for a few by their names.
    """
    return _reached(
        reach,
        many=many,
        person=bindparam("reaching_person", type_=Uuid()),
        merchant=bindparam("reaching_merchant", type_=Uuid()),
        carrying=lambda department: among(department, "reaching_departments"),
    )


def reached_by(person: Person) -> ColumnElement[bool]:
    """The tickets that the person may read whole, as a part of a statement that is made for them."""
    return _reached(
        Reach.of(person),
        person=literal(person.id, Uuid()),
        merchant=literal(person.merchant_id, Uuid()),
        carrying=lambda department: department.in_(sorted(person.departments)),
    )


def summarised(person: Person) -> ColumnElement[bool]:
    """The same as `summarised_for` as a part of a prepared statement: `reaching` says who."""
    return _summarised(person, lambda: reached(Reach.of(person), many=True))


def summarised_for(person: Person) -> ColumnElement[bool]:
    """The tickets of which the person may read at least the summary."""
    return _summarised(person, lambda: reached_by(person))


def _summarised(person: Person, whole: Callable[[], ColumnElement[bool]]) -> ColumnElement[bool]:
    if person.has(Role.FINANCE, Role.AUDITOR) and allows(person, Permission.READ_TICKET_SUMMARY):
        return true()
    return whole() if allows(person, Permission.READ_TICKETS) else false()


def _reached(
    reach: Reach,
    *,
    many: bool = False,
    person: ColumnElement[Any],
    merchant: ColumnElement[Any],
    carrying: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    if reach.by == "merchant":
        return Ticket.merchant_id == merchant
    if reach.by == "everything":
        return true()
    reaches: list[ColumnElement[bool]] = []
    if reach.assigned:
        # An array, read once: as a list to join, every ticket of each merchant would be sorted for one page of them.
        reaches.append(Ticket.merchant_id == func.any(func.array(assigned_to_query(person).scalar_subquery())))
    if reach.carries:
        reaches.append(_carried(person, carrying, many=many))
    return or_(*reaches) if reaches else false()


def _carried(
    person: ColumnElement[Any], carrying: Callable[[ColumnElement[Any]], ColumnElement[bool]], *, many: bool
) -> ColumnElement[bool]:
    # Whatever carried it once handed it on: few tickets changed hands, and these have an index of their own.
    carried = select(HandOver.ticket_id).where(
        HandOver.from_department.is_not(None), carrying(HandOver.from_department.expression)
    )
    measured = select(Measure.ticket_id).where(Measure.owner_id == person)
    if many:
        # Read once and hashed, as soon as a ticket comes that nothing else lets them reach.
        by_work: list[ColumnElement[bool]] = [Ticket.id.in_(carried), Ticket.id.in_(measured)]
    else:
        by_work = [
            carried.where(HandOver.merchant_id == Ticket.merchant_id, HandOver.ticket_id == Ticket.id).exists(),
            measured.where(Measure.merchant_id == Ticket.merchant_id, Measure.ticket_id == Ticket.id).exists(),
        ]
    return or_(
        carrying(Ticket.department.expression),
        Ticket.owner_id == person,
        Ticket.opened_by == person,
        *(and_(Ticket.department.is_not(None), one) for one in by_work),
    )
