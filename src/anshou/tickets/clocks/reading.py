"""Read the tenant's figures and calendars into a rulebook: one statement, because every move of a ticket needs it."""

from datetime import date

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from anshou.people.roles import Department
from anshou.tickets.clocks.calendars import Week
from anshou.tickets.clocks.figures import ChannelClass, Figure, FigureKey
from anshou.tickets.clocks.hours import Hours, parse_hours
from anshou.tickets.clocks.limits import Limit, LimitUnit
from anshou.tickets.clocks.rulebook import DayChanges, NamedCalendar, Rulebook
from anshou.tickets.clocks.setting_rows import CHINA, CalendarDay, CalendarSetting, CalendarYear, LimitSetting
from anshou.tickets.clocks.workdays import WorkdayRule
from anshou.tickets.kinds import Clock, Urgency


class _Limit(msgspec.Struct):
    clock: Clock
    urgency: Urgency
    channels: ChannelClass
    limit_value: int | None
    limit_unit: LimitUnit | None
    calendar: str | None


class _Calendar(msgspec.Struct):
    code: str
    department: Department | None
    label: str
    zone: str
    week: list[str]
    rule: WorkdayRule
    makeup_hours: str


class _Day(msgspec.Struct):
    calendar: str
    day: date
    working: bool


class _Year(msgspec.Struct):
    year: int


class _Rows(msgspec.Struct):
    limits: list[_Limit]
    calendars: list[_Calendar]
    days: list[_Day]
    years: list[_Year]


async def read_rulebook(session: AsyncSession) -> Rulebook:
    """The tenant's rules as they are now. Readable in every context: a merchant's answer moves clocks too."""
    row = (await session.execute(_RULES)).one()
    return _rulebook(msgspec.convert(row._asdict(), _Rows))


def _rulebook(rows: _Rows) -> Rulebook:
    calendars = [_named(row) for row in rows.calendars]
    by_code: dict[str, set[tuple[date, bool]]] = {}
    for day in rows.days:
        by_code.setdefault(day.calendar, set()).add((day.day, day.working))
    days: dict[str, DayChanges] = {code: frozenset(changes) for code, changes in by_code.items()}
    return Rulebook(
        figures={FigureKey(row.clock, row.urgency, row.channels): _figure(row) for row in rows.limits},
        calendars={calendar.key: calendar for calendar in calendars},
        china_changes=days.pop(CHINA, frozenset()),
        entered_years=frozenset(row.year for row in rows.years),
        own_days=days,
    )


def _figure(row: _Limit) -> Figure | None:
    if row.limit_value is None or row.limit_unit is None or row.calendar is None:
        return None
    return Figure(Limit(row.limit_value, row.limit_unit), row.calendar)


def _named(row: _Calendar) -> NamedCalendar:
    return NamedCalendar(
        code=row.code,
        label=row.label,
        week=week_of(row.week),
        rule=row.rule,
        zone=row.zone,
        makeup_hours=parse_hours(row.makeup_hours),
        department=row.department,
    )


def week_of(texts: list[str]) -> Week:
    """The hours of Monday to Sunday from seven texts. Raises HoursInvalid, or ValueError if they are not seven."""
    days: list[Hours] = [parse_hours(text) for text in texts]
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _as_list(*columns: InstrumentedAttribute[object]) -> ColumnElement[object]:
    """All rows of the columns' table as one JSON array of objects."""
    pairs = [part for column in columns for part in (column.key, column)]
    objects = func.coalesce(func.jsonb_agg(func.jsonb_build_object(*pairs)), func.jsonb_build_array())
    return select(objects).scalar_subquery()


_RULES = select(
    _as_list(
        LimitSetting.clock,
        LimitSetting.urgency,
        LimitSetting.channels,
        LimitSetting.limit_value,
        LimitSetting.limit_unit,
        LimitSetting.calendar,
    ).label("limits"),
    _as_list(
        CalendarSetting.code,
        CalendarSetting.department,
        CalendarSetting.label,
        CalendarSetting.zone,
        CalendarSetting.week,
        CalendarSetting.rule,
        CalendarSetting.makeup_hours,
    ).label("calendars"),
    _as_list(CalendarDay.calendar, CalendarDay.day, CalendarDay.working).label("days"),
    _as_list(CalendarYear.year).label("years"),
)
