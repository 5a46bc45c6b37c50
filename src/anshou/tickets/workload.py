"""Workload: the open tickets of departments by who has them, for whoever leads these departments.

Two statements, whatever the number of people and tickets: what each carries, and the most pressing of each.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.people.teams import departments_led
from anshou.tickets.cards import Card, as_cards, by_deadline, first_due
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.errors import DepartmentNotLed
from anshou.tickets.kinds import Status, Urgency
from anshou.tickets.queue_orders import DUE
from anshou.tickets.tickets import Ticket

# The most pressing of so many open tickets are added up; beyond that the figures read as "at least".
CONSIDERED = 5000

# What an open ticket weighs; one that waits for the merchant asks nothing of whoever has it.
WEIGHTS = {Urgency.NORMAL: 1, Urgency.URGENT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What somebody carries of the departments' open tickets. `overdue` and `soon` leave each other out.

    `soon` are those whose limit has been used up to 80 %; `awaiting` wait for the merchant; `weight` is by WEIGHTS.
    """

    open: int = 0
    urgent: int = 0
    overdue: int = 0
    soon: int = 0
    awaiting: int = 0
    weight: int = 0


async def loads_of(
    session: AsyncSession, departments: Collection[Department], *, by: Person, at: datetime
) -> dict[UUID | None, Load]:
    """What each owner carries of these departments, None standing for nobody. Raises PermissionMissing,
    DepartmentNotLed.
    """
    _authorize_led(by, departments)
    soon = _warned(at).exists()
    considered = (
        select(Ticket.owner_id, Ticket.urgency, Ticket.status, Ticket.next_due_at, soon.label("warned"))
        .where(*_of(departments, by))
        .order_by(DUE, Ticket.id)
        .limit(literal_column(str(CONSIDERED), Integer()))
        .subquery()
    )
    overdue = considered.c.next_due_at <= at
    awaiting = considered.c.status == Status.AWAITING_CUSTOMER
    weight = case((awaiting, 0), *((considered.c.urgency == urgency, heavy) for urgency, heavy in WEIGHTS.items()))
    query = select(
        considered.c.owner_id,
        func.count(),
        func.count().filter(considered.c.urgency == Urgency.URGENT),
        func.count().filter(overdue),
        func.count().filter(considered.c.next_due_at > at, considered.c.warned),
        func.count().filter(awaiting),
        func.coalesce(func.sum(weight), 0),
    ).group_by(considered.c.owner_id)
    return {
        owner: Load(open=total, urgent=urgent, overdue=late, soon=near, awaiting=waiting, weight=heavy)
        for owner, total, urgent, late, near, waiting, heavy in await session.execute(query)
    }


async def most_pressing(
    session: AsyncSession,
    departments: Collection[Department],
    owners: Collection[UUID],
    *,
    by: Person,
    limit: int,
) -> dict[UUID | None, list[Card]]:
    """The first `limit` open tickets of each owner and of nobody (None), by next deadline.

    Raises PermissionMissing, DepartmentNotLed.
    """
    _authorize_led(by, departments)
    nobodys = first_due(*_of(departments, by), Ticket.owner_id.is_(None), limit=limit).subquery()
    parts = [as_cards(nobodys)]
    if owners:
        # One text, so that the statement is the same for however many they are.
        listed = func.string_to_array(literal(",".join(map(str, sorted(owners))), Text()), ",")
        asked = select(func.unnest(cast(listed, ARRAY(Uuid()))).label("owner")).subquery("asked")
        whose = Ticket.owner_id == asked.c.owner
        theirs = first_due(*_of(departments, by), whose, limit=limit).correlate(asked).lateral("theirs")
        parts.append(as_cards(theirs, asked.join(theirs, true())))
    found: dict[UUID | None, list[Card]] = {}
    for row in await session.execute(union_all(*parts)):
        card = Card(**row._mapping)
        found.setdefault(card.owner_id, []).append(card)
    for cards in found.values():
        cards.sort(key=by_deadline)
    return found


def _authorize_led(by: Person, departments: Collection[Department]) -> None:
    authorize(by, Permission.READ_TEAM)
    if strange := set(departments) - set(departments_led(by)):
        raise DepartmentNotLed(min(strange))


def _of(departments: Collection[Department], by: Person) -> Sequence[ColumnElement[bool]]:
    """The open tickets of departments. What nobody has dispatched yet is the front desk's, for those who reach it."""
    carried: ColumnElement[bool] = Ticket.department.in_(sorted(departments))
    if Department.AFTER_SALES_SERVICE in departments and departments_led(by) == tuple(Department):
        carried = or_(carried, Ticket.department.is_(None))
    return (Ticket.closed_at.is_(None), carried)


def _warned(at: datetime) -> Select[Any]:
    return select(TicketClock.id).where(
        TicketClock.merchant_id == Ticket.merchant_id,
        TicketClock.ticket_id == Ticket.id,
        TicketClock.warn_at <= at,
        *IS_RUNNING,
    )
