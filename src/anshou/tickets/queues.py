"""Queues: the lists of tickets that people work from, by tab, filtered, sorted, a page at a time.

Every query starts from what the person reaches. Nothing is read more often than lists, so a statement is made once for
all who ask in the same shape: who they are and what they look for are its parameters (decision record 0104).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.queue_filters import NO_FILTERS, SHAPING, Filters, conditions, knows_inside, narrowing, saying
from anshou.tickets.queue_orders import Cursor, Order, continuing
from anshou.tickets.queue_tabs import UNCOUNTED, Tab, asking, in_tab, order_of, tabs_of
from anshou.tickets.reach import reaching, summarised
from anshou.tickets.tickets import Ticket, TicketDesk
from tenants.prepared import Prepared, plain, rows

# Counts are for orientation: beyond this they read 999+.
COUNTED = 1000

# Shapes of lists whose statements a process remembers.
_REMEMBERED = 1000


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
    asked = _Asked.by(person, tab, filters, at=at, order=chosen, after=after, limit=limit + 1, columns=_LINE)
    if said := await saying(session, person, filters):
        result = await session.execute(_listing(asked.shape, said), asked.values)
        found = [Line(**row._mapping) for row in result]
    else:
        found = await _lines(asked.shape).all(session, **asked.values)
    lines = tuple(found[:limit])
    return Page(lines, chosen.cursor(lines[-1]) if len(found) > limit else None)


async def list_rows(
    session: AsyncSession,
    person: Person,
    tab: Tab,
    filters: Filters = NO_FILTERS,
    *,
    columns: tuple[str, ...],
    at: datetime,
    order: Order | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> tuple[Sequence[Mapping[str, Any]], Cursor | None]:
    """What `list_tickets` lists, hardly touched on its way from the database, and the cursor that continues it.

    `columns` are names of fields of Line, among them `id` and what the order sorts by. A member of an enum may come as
    its value. Raises PermissionMissing.
    """
    chosen = order_of(tab, order)
    asked = _Asked.by(person, tab, filters, at=at, order=chosen, after=after, limit=limit + 1, columns=columns)
    if said := await saying(session, person, filters):
        found = (await session.execute(_listing(asked.shape, said), asked.values)).mappings().all()
    else:
        found = await _rows(asked.shape).all(session, **asked.values)
    rest = Cursor(found[limit - 1][chosen.column], found[limit - 1]["id"]) if len(found) > limit else None
    return found[:limit], rest


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
    found, _ = await list_rows(
        session,
        person,
        tab,
        filters,
        columns=("number", "id", order_of(tab, order).column),
        at=at,
        order=order,
        limit=limit,
    )
    return [row["number"] for row in found]


async def count_tickets(
    session: AsyncSession, person: Person, tab: Tab, filters: Filters = NO_FILTERS, *, at: datetime
) -> int:
    """How many tickets the person's queue holds; COUNTED means so many or more. Raises PermissionMissing."""
    asked = _Asked.by(person, tab, filters, at=at, limit=COUNTED, columns=("id",))
    bounded = _found(asked.shape, await saying(session, person, filters))
    return await session.scalar(select(func.count()).select_from(bounded.subquery()), asked.values) or 0


async def count_tabs(session: AsyncSession, person: Person, *, at: datetime) -> dict[Tab, int]:
    """How many tickets each tab of open ones holds, in one statement that stops counting a tab at COUNTED.

    A count of COUNTED means: so many or more. Closed ones are not counted: nobody works through them.
    """
    authorize(person, Permission.READ_TICKET_SUMMARY)
    (row,) = await _tab_counts(_anybody(person)).all(session, **reaching(person), **asking(person, at))
    return {tab: row[tab.value] for tab in _counted_tabs(person)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What decides the text of a list's statement: everything but its parameters.

    `person` is nobody in particular, `after` a cursor of which only counts whether it has a key, and `narrowed` names
    what narrows, with the value where that decides which condition it is.
    """

    person: Person
    tab: Tab
    narrowed: frozenset[tuple[str, object]]
    order: Order | None
    after: Cursor | None
    limit: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list that somebody asks for: its shape, and the parameters."""

    shape: _Shape
    values: dict[str, Any]

    @classmethod
    def by(
        cls,
        person: Person,
        tab: Tab,
        filters: Filters,
        *,
        at: datetime,
        order: Order | None = None,
        after: Cursor | None = None,
        limit: int,
        columns: tuple[str, ...],
    ) -> "_Asked":
        authorize(person, Permission.READ_TICKET_SUMMARY)
        said = narrowing(person, filters)
        shape = _Shape(
            person=_anybody(person),
            tab=tab,
            narrowed=frozenset((name, value if name in SHAPING else None) for name, value in said.items()),
            order=order,
            after=None if after is None else _UNKEYED if after.key is None else _KEYED,
            limit=limit,
            columns=columns,
        )
        return cls(shape, {**reaching(person), **asking(person, at), **said, **continuing(after)})


_ANY_ID = UUID(int=1)
_UNKEYED, _KEYED = Cursor(None, _ANY_ID), Cursor(datetime(2000, 1, 1, tzinfo=UTC), _ANY_ID)


def _anybody(person: Person) -> Person:
    """Somebody who reaches tickets in the same way: what they are is kept, who they are is not."""
    return Person(
        id=SYSTEM.id if person.is_system else _ANY_ID,
        name="",
        roles=person.roles,
        departments=person.departments,
        supervises=person.supervises,
        merchant_id=_ANY_ID if person.is_merchant else None,
        scopes=person.scopes,
    )


@lru_cache(_REMEMBERED)
def _lines(shape: _Shape) -> Prepared[Line]:
    return rows(_listing(shape), Line)


@lru_cache(_REMEMBERED)
def _rows(shape: _Shape) -> Prepared[Mapping[str, Any]]:
    return plain(_listing(shape))


@lru_cache(_REMEMBERED)
def _tab_counts(person: Person) -> Prepared[Mapping[str, Any]]:
    counts = []
    for tab in _counted_tabs(person):
        held = select(Ticket.id).where(summarised(person), *in_tab(tab, person, listed=False, narrowed=False))
        bounded = _at_most(held, COUNTED).subquery()
        counts.append(select(func.count()).select_from(bounded).scalar_subquery().label(tab.value))
    return plain(select(*counts))


def _counted_tabs(person: Person) -> list[Tab]:
    return [tab for tab in tabs_of(person) if tab not in UNCOUNTED]


def _listing(shape: _Shape, said: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    # Found first and read then: what decides stands in the indexes of open and of closed tickets, so that lists of
    # which little is shown are walked there, and only the rows of the page are read.
    found = _found(shape, said).subquery("found")
    query = select(*(_column(shape.person, name) for name in shape.columns)).join_from(
        found, Ticket, Ticket.id == found.c.id
    )
    return shape.order.sorted(query, None) if shape.order else query


def _found(shape: _Shape, said: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The ids of the tickets that a list shows."""
    narrowed = {name: value if name in SHAPING else bindparam(name) for name, value in shape.narrowed}
    of_tab = in_tab(shape.tab, shape.person, narrowed=bool(narrowed or said))
    query = select(Ticket.id).where(summarised(shape.person), *of_tab, *conditions(narrowed, shape.tab), *said)
    return _at_most(shape.order.sorted(query, shape.after) if shape.order else query, shape.limit)


def _at_most(query: Select[Any], limit: int) -> Select[Any]:
    # A number in the text: with a parameter PostgreSQL plans for any number of rows, finds its own plan too dear, and
    # plans anew at each call, which takes as long as the list itself.
    return query.limit(literal_column(str(limit), Integer()))


_LINE = tuple(one.name for one in fields(Line))
_ON_DESK = frozenset({"severity", "level"})


def _column(person: Person, name: str) -> ColumnElement[Any]:
    if name not in _ON_DESK:
        return getattr(Ticket, name).expression.label(name)  # type: ignore[no-any-return]
    # A merchant's context has no desk; finance and the auditor need none.
    column = getattr(TicketDesk, name)
    if not knows_inside(person):
        return literal_column("NULL", column.type).label(name)
    # A value and no join: it is read for the rows of the page alone, after all others are sorted out.
    of_ticket = and_(TicketDesk.merchant_id == Ticket.merchant_id, TicketDesk.ticket_id == Ticket.id)
    return select(column).where(of_ticket).correlate(Ticket).scalar_subquery().label(name)
