"""Queues: the lists of tickets that people work from, by tab, filtered, sorted, a page at a time.

Core rows, because lists are read far more often than anything else. Every query starts from what the person reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.queue_filters import NO_FILTERS, Filters, conditions, knows_inside
from anshou.tickets.queue_orders import Cursor, Order
from anshou.tickets.queue_tabs import UNCOUNTED, Tab, in_tab, order_of, tabs_of
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket, TicketDesk

# Counts are for orientation: beyond this they read 999+.
COUNTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ticket of a list: what a row shows. `severity` and `level` are None for a merchant. Instants are UTC."""

    id: UUID
    merchant_id: UUID
    shop_id: UUID | None
    number: str
    kind: Kind
    title: str
    channel: Channel
    category: Category | None
    step: str
    status: Status
    urgency: Urgency
    severity: Severity | None
    level: EscalationLevel | None
    owner_id: UUID | None
    department: Department | None
    promised_at: datetime | None
    next_due_at: datetime | None
    awaiting_since: datetime | None
    step_since: datetime
    round: int
    on_hold: bool
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None
    last_entry_at: datetime
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a queue; `after` continues it, None at its end."""

    lines: tuple[Line, ...]
    after: Cursor | None


async def list_tickets(
    session: AsyncSession,
    person: Person,
    tab: Tab,
    filters: Filters = NO_FILTERS,
    *,
    at: datetime,
    order: Order | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """A page of the person's queue, in the order wished for or the tab's usual one. Raises PermissionMissing."""
    chosen = order_of(tab, order)
    query = await _narrowed(session, select(*_columns(person)), person, tab, filters, at=at)
    if not person.is_merchant:
        query = query.outerjoin(
            TicketDesk, and_(TicketDesk.merchant_id == Ticket.merchant_id, TicketDesk.ticket_id == Ticket.id)
        )
    rows = (await session.execute(chosen.sorted(_at_most(query, limit + 1), after))).all()
    lines = tuple(Line(**row._mapping) for row in rows[:limit])
    more = len(rows) > limit and lines
    return Page(lines, chosen.cursor(lines[-1]) if more else None)


async def numbers_of(
    session: AsyncSession,
    person: Person,
    tab: Tab,
    filters: Filters = NO_FILTERS,
    *,
    at: datetime,
    order: Order | None = None,
    limit: int,
) -> Sequence[str]:
    """The numbers of everything in the person's queue, in order, up to a limit. Raises PermissionMissing."""
    query = await _narrowed(session, select(Ticket.number), person, tab, filters, at=at)
    return (await session.scalars(order_of(tab, order).sorted(_at_most(query, limit), None))).all()


async def count_tickets(
    session: AsyncSession, person: Person, tab: Tab, filters: Filters = NO_FILTERS, *, at: datetime
) -> int:
    """How many tickets the person's queue holds; COUNTED means so many or more. Raises PermissionMissing."""
    bounded = await _narrowed(session, select(Ticket.id), person, tab, filters, at=at)
    return await session.scalar(select(func.count()).select_from(_at_most(bounded, COUNTED).subquery())) or 0


async def count_tabs(session: AsyncSession, person: Person, *, at: datetime) -> dict[Tab, int]:
    """How many tickets each tab of open ones holds, in one statement that stops counting a tab at COUNTED.

    A count of COUNTED means: so many or more. Closed ones are not counted: nobody works through them.
    """
    authorize(person, Permission.READ_TICKET_SUMMARY)
    tabs = [tab for tab in tabs_of(person) if tab not in UNCOUNTED]
    reached = summarised_for(person)
    counts = []
    for tab in tabs:
        bounded = select(Ticket.id).where(reached, *in_tab(tab, person, at)).limit(COUNTED).subquery()
        counts.append(select(func.count()).select_from(bounded).scalar_subquery().label(tab.value))
    row = (await session.execute(select(*counts))).one()
    return {tab: row._mapping[tab.value] for tab in tabs}


async def _narrowed(
    session: AsyncSession, query: Select[Any], person: Person, tab: Tab, filters: Filters, *, at: datetime
) -> Select[Any]:
    authorize(person, Permission.READ_TICKET_SUMMARY)
    narrowing = await conditions(session, person, filters, at=at)
    return query.where(summarised_for(person), *in_tab(tab, person, at), *narrowing)


def _at_most(query: Select[Any], limit: int) -> Select[Any]:
    # A number in the text: with a parameter PostgreSQL plans for any number of rows, finds its own plan too dear, and
    # plans anew at each call, which takes as long as the list itself.
    return query.limit(literal_column(str(limit), Integer()))


def _columns(person: Person) -> list[ColumnElement[Any]]:
    hidden = {"severity", "level"}
    columns = [getattr(Ticket, name).expression.label(name) for name in Line.__dataclass_fields__ if name not in hidden]
    for name in sorted(hidden):
        # A merchant's context has no desk; finance and the auditor need none.
        column = getattr(TicketDesk, name)
        columns.append((column if knows_inside(person) else literal(None, column.type)).label(name))
    return columns
