"""The tickets behind a figure: exactly the rows that it counts, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.performance.asking import Narrowed, Period
from anshou.performance.counting import COST_OF_TICKET, booked_in, open_at_end, within
from anshou.performance.figures import DATED, DECIDED, OF_CLOCKS, STARTED, Figure, condition
from anshou.performance.narrowing import narrowing
from anshou.performance.sight import Sight
from anshou.tickets.categories import Category
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.courses.rows import Course, DecidedLimit
from anshou.tickets.kinds import Clock, Kind, Outcome
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem

_OF_COURSE = and_(Ticket.merchant_id == Course.merchant_id, Ticket.id == Course.ticket_id)
_OF_LIMIT = and_(Ticket.merchant_id == DecidedLimit.merchant_id, Ticket.id == DecidedLimit.ticket_id)
_ITS_CLOCK = and_(TicketClock.merchant_id == DecidedLimit.merchant_id, TicketClock.id == DecidedLimit.clock_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One row behind a figure: the ticket, and what of it was counted. `at` decides the period; minutes are whole.

    `place` continues a list after it. For a cost `at` is None and `on` the day.
    """

    place: str
    number: str
    title: str
    merchant_id: UUID
    kind: Kind
    category: Category | None
    department: Department | None
    owner_id: UUID | None
    opened_at: datetime
    at: datetime | None
    on: date | None = None
    outcome: Outcome | None = None
    response_open: int | None = None
    response_wall: int | None = None
    handling_open: int | None = None
    handling_wall: int | None = None
    score: int | None = None
    rounds: int | None = None
    clock: Clock | None = None
    due_at: datetime | None = None
    fen: int | None = None


async def behind(
    session: AsyncSession,
    sight: Sight,
    figure: Figure,
    period: Period,
    narrowed: Narrowed,
    *,
    repeat_days: int,
    clock: Clock | None = None,
    after: str = "",
    limit: int = 100,
) -> Sequence[Counted]:
    """A page of what the figure counts; `after` is the `place` of the last one. Costs need the sight of costs."""
    columns, ident, dated = _shape(figure)
    asked = _told(_rows(columns, figure, period, narrowed, sight, repeat_days, clock), figure)
    if (place := _read(after)) is not None:
        at, last = place
        asked = asked.where(or_(dated < at, and_(dated == at, ident < last)))
    rows = await session.execute(asked.order_by(dated.desc(), ident.desc()).limit(limit))
    return [_counted(row) for row in rows]


async def how_many(
    session: AsyncSession,
    sight: Sight,
    figure: Figure,
    period: Period,
    narrowed: Narrowed,
    *,
    repeat_days: int,
    clock: Clock | None = None,
) -> int:
    """How many rows the figure counts."""
    asked = _rows([literal(1)], figure, period, narrowed, sight, repeat_days, clock)
    return await session.scalar(select(func.count()).select_from(asked.subquery())) or 0


_TICKET = {
    "number": Ticket.number,
    "title": Ticket.title,
    "merchant_id": Ticket.merchant_id,
    "kind": Ticket.kind,
    "category": Ticket.category,
    "department": Ticket.department,
    "owner_id": Ticket.owner_id,
    "opened_at": Ticket.opened_at,
}
_COURSE = {
    "outcome": Course.outcome,
    "response_open": Course.response_open_minutes,
    "response_wall": Course.response_minutes,
    "handling_open": Course.handling_open_minutes,
    "handling_wall": Course.handling_minutes,
    "score": Course.score,
    "rounds": Course.unsatisfied,
}
_LIMIT = {"clock": DecidedLimit.clock, "due_at": func.coalesce(TicketClock.breached_at, TicketClock.due_at)}


def _shape(figure: Figure) -> tuple[list[ColumnElement[Any]], ColumnElement[Any], ColumnElement[Any]]:
    """The columns of a row, its id, and what decides the period."""
    given: dict[str, Any]
    ident: ColumnElement[Any]
    if figure is Figure.COSTED:
        given, ident, dated = {"fen": CostItem.fen}, CostItem.id.expression, CostItem.incurred_on.expression
    elif figure in OF_CLOCKS:
        given, ident, dated = _LIMIT, DecidedLimit.clock_id.expression, DECIDED
    else:
        given, ident, dated = _COURSE, Course.ticket_id.expression, DATED.get(figure, STARTED)
    named = {**_TICKET, **given}
    columns = [column.label(name) for name, column in named.items()]
    return [*columns, ident.label("ident"), dated.label("dated")], ident, dated


def _rows(
    columns: Sequence[ColumnElement[Any]],
    figure: Figure,
    period: Period,
    narrowed: Narrowed,
    sight: Sight,
    repeat_days: int,
    clock: Clock | None,
) -> Select[Any]:
    asked = select(*columns)
    if figure is Figure.COSTED:
        asked = asked.select_from(CostItem).join(Ticket, COST_OF_TICKET).where(*booked_in(period))
        return asked.where(*narrowing(Ticket, narrowed, sight)) if sight.costs else asked.where(literal(False))
    if figure in OF_CLOCKS:
        asked = asked.select_from(DecidedLimit).where(
            condition(figure, repeat_days), within(DECIDED, period), *narrowing(DecidedLimit, narrowed, sight)
        )
        return asked if clock is None else asked.where(DecidedLimit.clock == clock)
    asked = asked.select_from(Course).where(*narrowing(Course, narrowed, sight))
    if figure is Figure.BACKLOG:
        return asked.where(*open_at_end(period))
    return asked.where(condition(figure, repeat_days), within(DATED[figure], period))


def _told(asked: Select[Any], figure: Figure) -> Select[Any]:
    """With what a page says of each row besides: its ticket, and of a limit its clock."""
    if figure is Figure.COSTED:
        return asked
    if figure in OF_CLOCKS:
        return asked.join(Ticket, _OF_LIMIT).join(TicketClock, _ITS_CLOCK)
    return asked.join(Ticket, _OF_COURSE)


def _counted(row: Any) -> Counted:
    given = dict(row._mapping)
    ident, dated = given.pop("ident"), given.pop("dated")
    is_day = not isinstance(dated, datetime)
    place = f"{dated.isoformat()}~{ident}"
    return Counted(**given, place=place, at=None if is_day else dated, on=dated if is_day else None)


def _read(place: str) -> tuple[date, UUID] | None:
    """Where a page ended; None where it says nothing."""
    at, _, ident = place.partition("~")
    try:
        is_day = len(at) == len("2026-11-22")
        return (date.fromisoformat(at) if is_day else datetime.fromisoformat(at)), UUID(ident)
    except ValueError:
        return None
