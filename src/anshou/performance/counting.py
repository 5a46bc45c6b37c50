"""Counting from the tickets: one statement for each instant that decides a period, whatever it is counted by."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.performance.asking import By, Narrowed, Period, month_from
from anshou.performance.figures import DATED, DECIDED, ENDED, RATED, RESPONDED, STARTED, Figure, condition
from anshou.performance.narrowing import Row, key, narrowing
from anshou.performance.sight import Sight
from anshou.performance.tallies import Tally, integers
from anshou.tickets.courses.rows import Course, DecidedLimit
from anshou.tickets.kinds import Clock
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem
from billing.costs.states import BOOKED
from billing.currencies import Currency

Key = Any
"""What a line is told apart by: an id, a code, or None."""

Cell = tuple[date | None, Key]
"""A step of the period, by its first day, and a line; None where the question tells none apart."""

_TIMES = {
    "response_open": (RESPONDED, Course.response_open_minutes, Figure.RESPONDED),
    "response_wall": (RESPONDED, Course.response_minutes, Figure.RESPONDED),
    "handling_open": (ENDED, Course.handling_open_minutes, Figure.HANDLED),
    "handling_wall": (ENDED, Course.handling_minutes, Figure.HANDLED),
}
_COUNTED = {figure.value: figure for figure in DATED}
_CLOCKS = {clock.value: clock for clock in Clock}

COST_OF_TICKET = and_(Ticket.merchant_id == CostItem.merchant_id, Ticket.id == CostItem.ticket_id)


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: of these periods together, by lines and by steps (days or months) where they are given."""

    sight: Sight
    periods: Sequence[Period]
    narrowed: Narrowed
    repeat_days: int
    by: By | None = None
    step: By | None = None

    def courses(self, dated: ColumnElement[Any]) -> Select[Any]:
        """Everything that this instant of a course decides the period of."""
        counted: list[ColumnElement[Any]] = [
            func.count().filter(condition(figure, self.repeat_days)).label(figure.value)
            for figure, of in DATED.items()
            if of is dated
        ]
        counted += [
            func.array_send(func.array_agg(minutes).filter(condition(figure, self.repeat_days))).label(name)
            for name, (of, minutes, figure) in _TIMES.items()
            if of is dated
        ]
        if dated is ENDED:
            rounds = func.sum(Course.unsatisfied).filter(condition(Figure.ENDED, self.repeat_days))
            counted.append(func.coalesce(rounds, 0).label("rounds"))
        if dated is RATED:
            counted.append(func.coalesce(func.sum(Course.score), 0).label("scores"))
        told = self._told(Course, dated)
        asked = select(*_labelled(told), *counted).where(
            or_(*(within(dated, one) for one in self.periods)), *narrowing(Course, self.narrowed, self.sight)
        )
        return asked.group_by(*_groups(told))

    def clocks(self) -> Select[Any]:
        """Limits that were decided, by clock. Reads nothing that the index by this instant does not hold."""
        told = self._told(DecidedLimit, DECIDED)
        counted = (
            func.count().filter(condition(Figure.KEPT, self.repeat_days)).label("kept"),
            func.count().filter(condition(Figure.BREACHED, self.repeat_days)).label("breached"),
        )
        asked = select(*_labelled(told), DecidedLimit.clock, *counted).where(
            or_(*(within(DECIDED, one) for one in self.periods)), *narrowing(DecidedLimit, self.narrowed, self.sight)
        )
        return asked.group_by(DecidedLimit.clock, *_groups(told))

    def costs(self) -> Select[Any]:
        """Verified costs."""
        told = self._told(Ticket, CostItem.incurred_on.expression)
        asked = select(*_labelled(told), func.coalesce(func.sum(CostItem.fen), 0).label("fen"))
        booked = or_(*(and_(*booked_in(one)) for one in self.periods))
        asked = asked.join(Ticket, COST_OF_TICKET).where(booked, *narrowing(Ticket, self.narrowed, self.sight))
        return asked.group_by(*_groups(told))

    def _told(self, row: type[Row], dated: ColumnElement[Any]) -> Sequence[ColumnElement[Any] | None]:
        step = None
        if self.step is not None:
            # Which one of them it is takes a third of the time that truncating each instant in its zone does.
            begins: Sequence[Any] = self.steps
            if not isinstance(dated.type, Date):
                begins = [Period(on, on, self.periods[0].zone).begins for on in self.steps]
            listed = array([literal(one, dated.type) for one in begins])
            step = func.width_bucket(dated, select(listed).scalar_subquery())
        return step, None if self.by is None else key(row, self.by)

    @property
    def steps(self) -> Sequence[date]:
        """The days on which the steps of the periods begin, without a gap."""
        if self.step is None or not self.periods:
            return ()
        found, last = [], max(one.last for one in self.periods)
        on = min(one.first for one in self.periods)
        on = on.replace(day=1) if self.step is By.MONTH else on
        while on <= last:
            found.append(on)
            on = month_from(on, 1) if self.step is By.MONTH else on + timedelta(days=1)
        return found


async def tally(session: AsyncSession, question: Question) -> dict[Cell, Tally]:
    """Everything but backlog and costs."""
    found: dict[Cell, Tally] = defaultdict(Tally)
    if not question.periods:
        return found
    steps = question.steps
    for dated in (STARTED, ENDED, RESPONDED, RATED):
        for row in await session.execute(question.courses(dated)):
            _take(found[_cell(row, steps)], row._asdict())
    for row in await session.execute(question.clocks()):
        counts = found[_cell(row, steps)].counts
        clock = _CLOCKS[row.clock]
        counts.kept[clock], counts.breached[clock] = row.kept, row.breached
    return found


async def costs(session: AsyncSession, question: Question) -> dict[Cell, int]:
    """Verified costs in fen."""
    steps = question.steps
    return {_cell(row, steps): int(row.fen) for row in await session.execute(question.costs())}


async def backlog(session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed) -> int:
    """How many tickets were open when the period ended."""
    # Those that still are and those that were closed since, each by an index that holds all that is asked.
    asked = select(func.count()).where(Course.started_at < period.ends, *narrowing(Course, narrowed, sight))
    still, since = (asked.where(one).scalar_subquery() for one in (ENDED.is_(None), period.ends <= ENDED))
    return await session.scalar(select(still + since)) or 0


def open_at_end(period: Period) -> list[ColumnElement[bool]]:
    """The courses that ran when the period ended."""
    return [Course.started_at < period.ends, or_(Course.ended_at.is_(None), Course.ended_at >= period.ends)]


def within(dated: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    """That the instant lies in the period."""
    return and_(dated >= period.begins, dated < period.ends)


def booked_in(period: Period) -> Sequence[ColumnElement[bool]]:
    """The verified costs in yuan that were incurred in the period."""
    return (
        CostItem.state.in_(BOOKED),
        CostItem.currency == Currency.CNY,
        CostItem.incurred_on >= period.first,
        CostItem.incurred_on <= period.last,
    )


def _labelled(told: Sequence[ColumnElement[Any] | None]) -> list[ColumnElement[Any]]:
    return [
        (null() if column is None else column).label(name) for name, column in zip(("step", "key"), told, strict=True)
    ]


def _groups(told: Sequence[ColumnElement[Any] | None]) -> list[ColumnElement[Any]]:
    return [column for column in told if column is not None]


def _cell(row: Any, steps: Sequence[date]) -> Cell:
    return None if row.step is None else steps[row.step - 1], row.key


def _take(into: Tally, row: Mapping[str, Any]) -> None:
    into.counts.add({_COUNTED[name]: number for name, number in row.items() if name in _COUNTED})
    into.counts.rounds += row.get("rounds", 0)
    into.counts.scores += row.get("scores", 0)
    for name in _TIMES:
        if (sent := row.get(name)) is not None:
            into.of(name).each.append(integers(sent))
