"""Counting: one statement for each instant that decides a period, whatever it is counted by."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.performance.asking import TIMES, By, Narrowed, Period
from anshou.performance.counts import Counts, Spread
from anshou.performance.figures import DATED, DECIDED, ENDED, IS_DECIDED, RATED, RESPONDED, STARTED, Figure, condition
from anshou.performance.narrowing import key, lines, narrowing
from anshou.performance.sight import Sight
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.courses.rows import Course
from anshou.tickets.kinds import Clock
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem
from billing.costs.states import BOOKED
from billing.currencies import Currency

Key = Any
"""What a line is told apart by: the first day of a step, an id, a code, or None."""

SPREADS = {
    "response_open": (RESPONDED, Course.response_open_minutes, Figure.RESPONDED),
    "response_wall": (RESPONDED, Course.response_minutes, Figure.RESPONDED),
    "handling_open": (ENDED, Course.handling_open_minutes, Figure.HANDLED),
    "handling_wall": (ENDED, Course.handling_minutes, Figure.HANDLED),
}


async def count(
    session: AsyncSession,
    sight: Sight,
    period: Period,
    narrowed: Narrowed,
    *,
    repeat_days: int,
    by: By | None = None,
    spreads: bool = True,
) -> Mapping[Key, Counts]:
    """The counts of the period by this; under None all in one where `by` is None.

    Backlog is not counted, `backlog` does that. Spreads take longer than all the rest.
    """
    counter = Counter(sight, period, narrowed, repeat_days, by)
    found = await counter.counted(session)
    if sight.costs:
        await add_costs(session, counter, found)
    if spreads:
        for name in SPREADS:
            take_spread(found, name, (await session.execute(ranks(often(counter, name).subquery().c))).all())
    if by is None:
        found.setdefault(None, Counts())
    return found


async def add_costs(session: AsyncSession, counter: "Counter", found: dict[Key, Counts]) -> None:
    """Count what was verified too; nothing is zero, not unknown."""
    for row in await session.execute(counter.costs()):
        found.setdefault(row.key, Counts()).fen = int(row.fen)
    for counts in found.values():
        counts.fen = counts.fen or 0


def take_spread(found: dict[Key, Counts], name: str, rows: Sequence[Any]) -> None:
    """Note the percentiles of each line."""
    for row in rows:
        setattr(found.setdefault(row.key, Counts()), name, Spread(int(row.of), row.median, row.ninetieth))


async def backlog(session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed) -> int:
    """How many tickets were open when the period ended."""
    asked = select(func.count()).select_from(Course).where(*open_at_end(period), *narrowing(Course, narrowed, sight))
    return await session.scalar(asked) or 0


def open_at_end(period: Period) -> list[ColumnElement[bool]]:
    """The courses that ran when the period ended."""
    return [Course.started_at < period.ends, or_(Course.ended_at.is_(None), Course.ended_at >= period.ends)]


def within(dated: ColumnElement[Any], period: Period) -> ColumnElement[bool]:
    """That the instant lies in the period."""
    return and_(dated >= period.begins, dated < period.ends)


class Counter:
    """The statements of one question."""

    def __init__(self, sight: Sight, period: Period, narrowed: Narrowed, repeat_days: int, by: By | None) -> None:
        self.sight, self.period, self.narrowed, self.repeat_days, self.by = sight, period, narrowed, repeat_days, by

    def courses(self, dated: ColumnElement[Any]) -> Select[Any]:
        counted: list[ColumnElement[Any]] = [
            func.count().filter(condition(figure, self.repeat_days)).label(figure.value)
            for figure, of in DATED.items()
            if of is dated
        ]
        if dated is ENDED:
            rounds = func.sum(Course.unsatisfied).filter(condition(Figure.ENDED, self.repeat_days))
            counted.append(func.coalesce(rounds, 0).label("rounds"))
        if dated is RATED:
            counted.append(func.coalesce(func.sum(Course.score), 0).label("scores"))
        told = self.told(Course, dated)
        asked = select(told.label("key"), *counted).where(within(dated, self.period), *self.of(Course))
        return asked if self.by is None else asked.group_by(told)

    def take(self, counts: Counts, row: Mapping[str, Any]) -> None:
        counts.add({Figure(name): number for name, number in row.items() if name in _COUNTED})
        counts.rounds += row.get("rounds", 0)
        counts.scores += row.get("scores", 0)

    def clocks(self) -> Select[Any]:
        told = self.told(Ticket, DECIDED)
        counted = [
            func.count().filter(condition(figure, self.repeat_days)).label(figure.value)
            for figure in (Figure.KEPT, Figure.BREACHED)
        ]
        asked = select(told.label("key"), TicketClock.clock, *counted).where(IS_DECIDED, within(DECIDED, self.period))
        if (of := self.of(Ticket)) or self.by not in (None, *TIMES):
            asked = asked.join(Ticket, ON_TICKET).where(*of)
        return asked.group_by(TicketClock.clock, *(() if self.by is None else (told,)))

    def costs(self) -> Select[Any]:
        told = self.told(Ticket, CostItem.incurred_on.expression)
        asked = select(told.label("key"), func.coalesce(func.sum(CostItem.fen), 0).label("fen"))
        asked = asked.join(Ticket, COST_OF_TICKET).where(*booked_in(self.period), *self.of(Ticket))
        return asked if self.by is None else asked.group_by(told)

    async def counted(self, session: AsyncSession) -> dict[Key, Counts]:
        """Everything but backlog, costs and spreads."""
        found: dict[Key, Counts] = {}
        for dated in (STARTED, ENDED, RESPONDED, RATED):
            for row in await session.execute(self.courses(dated)):
                self.take(found.setdefault(row.key, Counts()), row._mapping)
        for row in await session.execute(self.clocks()):
            counts = found.setdefault(row.key, Counts())
            counts.kept[Clock(row.clock)], counts.breached[Clock(row.clock)] = row.kept, row.breached
        return found

    def of(self, row: type[Course | Ticket]) -> list[ColumnElement[bool]]:
        of = narrowing(row, self.narrowed, self.sight)
        if self.by is not None and self.by not in TIMES:
            of += lines(row, self.by, self.sight)
        return of

    def told(self, row: type[Course | Ticket], dated: ColumnElement[Any]) -> ColumnElement[Any]:
        if self.by is None:
            return null()
        if self.by not in TIMES:
            return key(row, self.by)
        unit = "month" if self.by is By.MONTH else "day"
        is_day = isinstance(dated.type, Date)
        local = dated if is_day else func.timezone(self.period.zone.key, dated)
        return func.date_trunc(unit, local).cast(Date)


ON_TICKET = and_(Ticket.merchant_id == TicketClock.merchant_id, Ticket.id == TicketClock.ticket_id)
COST_OF_TICKET = and_(Ticket.merchant_id == CostItem.merchant_id, Ticket.id == CostItem.ticket_id)
_COUNTED = {figure.value for figure in DATED}


def booked_in(period: Period) -> Sequence[ColumnElement[bool]]:
    """The verified costs in yuan that were incurred in the period."""
    return (
        CostItem.state.in_(BOOKED),
        CostItem.currency == Currency.CNY,
        CostItem.incurred_on >= period.first,
        CostItem.incurred_on <= period.last,
    )


def often(counter: Counter, name: str) -> Select[Any]:
    """How often each time occurs: sorting every single one takes far longer than walking through this."""
    dated, minutes, figure = SPREADS[name]
    told = counter.told(Course, dated)
    counted = (
        select(told.label("key"), minutes.label("minutes"), func.count().label("times"))
        .where(within(dated, counter.period), condition(figure, counter.repeat_days), *counter.of(Course))
        .group_by(minutes)
    )
    return counted if counter.by is None else counted.group_by(told)


def ranks(often: Any) -> Select[Any]:
    """Median and 90th percentile by nearest rank of a table of `key`, `minutes` and `times`."""
    until = func.sum(often.times).over(partition_by=often.key, order_by=often.minutes)
    whole = func.sum(often.times).over(partition_by=often.key)
    walked = select(often.key, often.minutes, until.label("until"), whole.label("whole")).subquery().c
    return select(
        walked.key,
        func.max(walked.whole).label("of"),
        func.min(walked.minutes).filter(walked.until * 2 >= walked.whole).label("median"),
        func.min(walked.minutes).filter(walked.until * 10 >= walked.whole * 9).label("ninetieth"),
    ).group_by(walked.key)
