"""Queues: the lists of tickets that people work from, by tab, sorted by the next deadline, a page at a time.

Core rows, because lists are read far more often than anything else. Every query starts from what the person reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Uuid,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.errors import CursorInvalid
from anshou.tickets.kinds import EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.reach import summarised_for
from anshou.tickets.sealed_contents import find_titled
from anshou.tickets.tickets import Ticket, TicketDesk
from tenants.labels import Labelled
from tenants.refusals import N_

# Counts are for orientation: beyond this they read 999+.
COUNTED = 1000


class Tab(Labelled):
    """A queue. The first five are what a help desk works from; a merchant has the three of `MERCHANT_TABS`."""

    MINE = "mine", N_("我的")
    UNASSIGNED = "unassigned", N_("未分派")
    AWAITING_CUSTOMER = "awaiting_customer", N_("待客户确认")
    ABOUT_TO_BREACH = "about_to_breach", N_("即将超时")
    OVERDUE = "overdue", N_("已超时")
    OPEN = "open", N_("处理中")
    CLOSED = "closed", N_("已关闭")
    ALL = "all", N_("全部")


STAFF_TABS = tuple(Tab)
MERCHANT_TABS = (Tab.AWAITING_CUSTOMER, Tab.OPEN, Tab.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a queue; None or empty narrows nothing. `text` is looked for in number and title.

    A confidential ticket is found by its number, or by its whole title among the tickets of one merchant.
    """

    kind: Kind | None = None
    merchant: UUID | None = None
    shop: UUID | None = None
    urgency: Urgency | None = None
    status: Status | None = None
    step: str | None = None
    owner: UUID | None = None
    department: Department | None = None
    escalated: bool | None = None
    text: str = ""


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ticket of a list: what a row shows. `severity` and `level` are None for a merchant. Instants are UTC."""

    id: UUID
    merchant_id: UUID
    shop_id: UUID | None
    number: str
    kind: Kind
    title: str
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


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the sort key of its last line, None for one without a deadline, and its id."""

    key: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.key.isoformat() if self.key else ''}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of its text. Raises CursorInvalid."""
        key, _, ident = text.partition("~")
        try:
            at = datetime.fromisoformat(key) if key else None
            cursor = cls(at, UUID(ident))
        except ValueError:
            raise CursorInvalid from None
        if at is not None and at.tzinfo is None:
            raise CursorInvalid
        return cursor


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
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """A page of the person's queue: open ones by next deadline, closed ones latest first, all of them newest first.

    Raises PermissionMissing.
    """
    authorize(person, Permission.READ_TICKET_SUMMARY)
    order = _order(tab)
    titled = await _titled(session, person, filters)
    query = (
        select(*_columns(person))
        .where(summarised_for(person), *_in_tab(tab, person, at), *_matching(filters, titled))
        # A number in the text: with a parameter PostgreSQL plans for any number of rows, finds its own plan too dear,
        # and plans anew at each call, which takes as long as the list itself.
        .limit(literal_column(str(limit + 1), Integer()))
    )
    if not person.is_merchant:
        query = query.outerjoin(
            TicketDesk, and_(TicketDesk.merchant_id == Ticket.merchant_id, TicketDesk.ticket_id == Ticket.id)
        )
    rows = (await session.execute(order.sorted(query, after))).all()
    lines = tuple(Line(**row._mapping) for row in rows[:limit])
    more = len(rows) > limit and lines
    return Page(lines, order.cursor(lines[-1]) if more else None)


async def count_tabs(session: AsyncSession, person: Person, *, at: datetime) -> dict[Tab, int]:
    """How many tickets each tab of open ones holds, in one statement that stops counting a tab at COUNTED.

    A count of COUNTED means: so many or more. Closed ones are not counted: nobody works through them.
    """
    authorize(person, Permission.READ_TICKET_SUMMARY)
    tabs = [tab for tab in (MERCHANT_TABS if person.is_merchant else STAFF_TABS) if tab not in (Tab.CLOSED, Tab.ALL)]
    reached = summarised_for(person)
    counts = []
    for tab in tabs:
        bounded = select(Ticket.id).where(reached, *_in_tab(tab, person, at)).limit(COUNTED).subquery()
        counts.append(select(func.count()).select_from(bounded).scalar_subquery().label(tab.value))
    row = (await session.execute(select(*counts))).one()
    return {tab: row._mapping[tab.value] for tab in tabs}


# A constant in the text, not a parameter: only so it matches the expression that the index is made of.
_NEVER: ColumnElement[Any] = literal_column("'infinity'::timestamptz", DateTime(timezone=True))
_DUE: ColumnElement[Any] = func.coalesce(Ticket.next_due_at, _NEVER)


@dataclass(frozen=True, slots=True)
class _Order:
    """By which column a tab is sorted, and how a page continues."""

    name: str
    key: ColumnElement[Any]
    falling: bool

    def sorted(self, query: Select[Any], after: Cursor | None) -> Select[Any]:
        if after is not None:
            ended = _NEVER if after.key is None else literal(after.key, DateTime(timezone=True))
            place, reached = tuple_(self.key, Ticket.id), tuple_(ended, literal(after.id, Uuid()))
            query = query.where(place < reached if self.falling else place > reached)
        ways = (self.key.desc(), Ticket.id.desc()) if self.falling else (self.key.asc(), Ticket.id.asc())
        return query.order_by(*ways)

    def cursor(self, line: Line) -> Cursor:
        return Cursor(getattr(line, self.name), line.id)


def _order(tab: Tab) -> _Order:
    if tab is Tab.CLOSED:
        return _Order("closed_at", Ticket.closed_at.expression, True)
    if tab is Tab.ALL:
        return _Order("opened_at", Ticket.opened_at.expression, True)
    return _Order("next_due_at", _DUE, False)


def _in_tab(tab: Tab, person: Person, at: datetime) -> list[ColumnElement[bool]]:
    if tab is Tab.ALL:
        return []
    if tab is Tab.CLOSED:
        return [Ticket.closed_at.is_not(None)]
    return [Ticket.closed_at.is_(None), *_open_in_tab(tab, person, at)]


def _open_in_tab(tab: Tab, person: Person, at: datetime) -> list[ColumnElement[bool]]:
    match tab:
        case Tab.MINE:
            return [Ticket.owner_id == person.id]
        case Tab.UNASSIGNED:
            return [Ticket.owner_id.is_(None)]
        case Tab.AWAITING_CUSTOMER:
            return [Ticket.status == Status.AWAITING_CUSTOMER]
        case Tab.OVERDUE:
            return [Ticket.next_due_at <= at]
        case Tab.ABOUT_TO_BREACH:
            warned = select(TicketClock.id).where(
                TicketClock.merchant_id == Ticket.merchant_id,
                TicketClock.ticket_id == Ticket.id,
                TicketClock.warn_at <= at,
                *IS_RUNNING,
            )
            return [Ticket.next_due_at > at, warned.exists()]
        case _:
            return []


async def _titled(session: AsyncSession, person: Person, filters: Filters) -> Sequence[UUID]:
    """Confidential tickets of the one merchant that is looked through whose whole title is the text."""
    merchant_id, text = person.merchant_id or filters.merchant, filters.text.strip()
    return await find_titled(session, merchant_id, text) if merchant_id is not None and text else ()


def _matching(filters: Filters, titled: Sequence[UUID]) -> list[ColumnElement[bool]]:
    exact = {
        Ticket.kind: filters.kind,
        Ticket.merchant_id: filters.merchant,
        Ticket.shop_id: filters.shop,
        Ticket.urgency: filters.urgency,
        Ticket.status: filters.status,
        Ticket.step: filters.step,
        Ticket.owner_id: filters.owner,
        Ticket.department: filters.department,
    }
    found: list[ColumnElement[bool]] = [column == wanted for column, wanted in exact.items() if wanted is not None]
    if filters.escalated is not None:
        risen = (
            select(TicketDesk.id)
            .where(
                TicketDesk.merchant_id == Ticket.merchant_id,
                TicketDesk.ticket_id == Ticket.id,
                TicketDesk.level.is_not(None),
            )
            .correlate(Ticket)
        )
        found.append(risen.exists() if filters.escalated else ~risen.exists())
    if text := filters.text.strip():
        by_text = [Ticket.number.icontains(text, autoescape=True), Ticket.title.icontains(text, autoescape=True)]
        found.append(or_(*by_text, *([Ticket.id.in_(titled)] if titled else [])))
    return found


def _columns(person: Person) -> list[ColumnElement[Any]]:
    hidden = {"severity", "level"}
    columns = [getattr(Ticket, name).expression.label(name) for name in Line.__dataclass_fields__ if name not in hidden]
    for name in sorted(hidden):
        # A merchant's context has no desk; finance and the auditor need none.
        inside = allows(person, Permission.READ_TICKETS) and not person.is_merchant
        column = getattr(TicketDesk, name)
        columns.append((column if inside else literal(None, column.type)).label(name))
    return columns
