"""Workload: the open tickets of departments by who has them, for whoever leads these departments.

Two statements, whatever the number of people and tickets: what each carries, and the most pressing of each.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    Uuid,
    and_,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
    values,
)
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.people.teams import departments_led
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.errors import DepartmentNotLed
from anshou.tickets.kinds import Clock, EscalationLevel, Kind, Status, Urgency
from anshou.tickets.tickets import Ticket, TicketDesk

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An open ticket on the board. A confidential one has its stand-in for a title. Instants are UTC.

    `clock` and `warn_at` are of the clock behind `next_due_at`.
    """

    id: UUID
    number: str
    merchant_id: UUID
    title: str
    kind: Kind
    step: str
    status: Status
    urgency: Urgency
    level: EscalationLevel | None
    owner_id: UUID | None
    on_hold: bool
    version: int
    awaiting_since: datetime | None
    next_due_at: datetime | None
    clock: Clock | None
    warn_at: datetime | None


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
        .order_by(_DUE, Ticket.id)
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
    nobodys = _first(departments, by, Ticket.owner_id.is_(None), limit).subquery()
    parts = [_with_clock(nobodys, nobodys)]
    if owners:
        asked = values(column("owner", Uuid()), name="asked").data([(owner,) for owner in sorted(owners)])
        theirs = _first(departments, by, Ticket.owner_id == asked.c.owner, limit).correlate(asked).lateral("theirs")
        parts.append(_with_clock(theirs, asked.join(theirs, true())))
    found: dict[UUID | None, list[Card]] = {}
    for row in await session.execute(union_all(*parts)):
        card = Card(**row._mapping)
        found.setdefault(card.owner_id, []).append(card)
    for cards in found.values():
        cards.sort(key=_pressing)
    return found


def _pressing(card: Card) -> tuple[bool, Any, UUID]:
    return (card.next_due_at is None, card.next_due_at or 0, card.id)


def _authorize_led(by: Person, departments: Collection[Department]) -> None:
    authorize(by, Permission.READ_TEAM)
    if strange := set(departments) - set(departments_led(by)):
        raise DepartmentNotLed(min(strange))


# As the index has it; see `queues`.
_DUE: ColumnElement[Any] = func.coalesce(
    Ticket.next_due_at, literal_column("'infinity'::timestamptz", DateTime(timezone=True))
)


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


def _first(departments: Collection[Department], by: Person, whose: ColumnElement[bool], limit: int) -> Select[Any]:
    own = [name for name in Card.__dataclass_fields__ if name not in ("level", "clock", "warn_at")]
    return (
        select(*(getattr(Ticket, name).expression.label(name) for name in own))
        .where(*_of(departments, by), whose)
        .order_by(_DUE, Ticket.id)
        # In the text, as in `queues.list_tickets`.
        .limit(literal_column(str(limit), Integer()))
    )


def _with_clock(first: FromClause, among: FromClause) -> Select[Any]:
    """The tickets of `first`, which stands in `among`, with their level and the clock that is due next."""
    clock = (
        select(TicketClock.clock, TicketClock.warn_at)
        .where(
            TicketClock.merchant_id == first.c.merchant_id,
            TicketClock.ticket_id == first.c.id,
            TicketClock.due_at == first.c.next_due_at,
            *IS_RUNNING,
        )
        .order_by(TicketClock.id)
        .limit(1)
        .correlate(first)
        .lateral()
    )
    desk = and_(TicketDesk.merchant_id == first.c.merchant_id, TicketDesk.ticket_id == first.c.id)
    return select(first, TicketDesk.level, clock.c.clock, clock.c.warn_at).select_from(
        among.outerjoin(TicketDesk, desk).outerjoin(clock, true())
    )
