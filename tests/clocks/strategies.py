"""Random calendars, starts, stops and limits, in pairs: one for the product, one for the slow reference."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from anshou.tickets.clocks.calendars import Calendar
from anshou.tickets.clocks.due import Stop
from anshou.tickets.clocks.hours import Opening, checked_hours
from anshou.tickets.clocks.limits import Limit, LimitUnit
from anshou.tickets.clocks.workdays import EVERY_DAY, WorkdayRule, Workdays, own_workdays
from tests.clocks.slow_reference import SlowCalendar

GRID = 10  # Minutes; coarse, so that times coincide often.

# Zones and days at which something odd happens to the wall clock, and a few quiet ones.
ODD_DAYS = [
    ("Asia/Shanghai", date(2026, 2, 11)),  # Spring Festival with make-up working days on 14 and 28 February.
    ("Asia/Shanghai", date(2026, 9, 28)),  # National Day.
    ("Asia/Shanghai", date(1988, 4, 16)),  # China had daylight saving from 1986 to 1991.
    ("Asia/Shanghai", date(2026, 12, 29)),  # Into a year not yet published.
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Europe/Berlin", date(2026, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 24)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # The clock moves by half an hour.
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("America/Santiago", date(2026, 9, 5)),  # Midnight does not exist.
    ("Asia/Beirut", date(2026, 10, 24)),  # Midnight comes twice.
    ("America/St_Johns", date(2010, 11, 6)),  # From 00:01 back to 23:01 of the day before.
    ("Pacific/Apia", date(2011, 12, 29)),  # 30 December 2011 never was.
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("UTC", date(2024, 2, 28)),
]

_minutes_of_day = st.integers(0, 24 * 60 // GRID).map(lambda steps: steps * GRID)


@dataclass
class Pair:
    """The same calendar twice."""

    fast: Calendar
    slow: SlowCalendar
    around: datetime


@st.composite
def day_hours(draw: st.DrawFn, *, least: int = 0) -> list[tuple[int, int]]:
    bounds = draw(st.lists(_minutes_of_day, min_size=2 * least, max_size=6, unique=True))
    bounds = sorted(bounds)[: len(bounds) // 2 * 2]
    return list(zip(bounds[::2], bounds[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Pair:
    zone, odd_day = draw(st.sampled_from(ODD_DAYS))
    rule = draw(st.sampled_from(WorkdayRule))
    busy_day = draw(st.integers(0, 4))
    week = [draw(day_hours(least=1 if weekday == busy_day else 0)) for weekday in range(7)]
    makeup = draw(day_hours(least=1))
    near = st.integers(-3, 12).map(lambda days: odd_day + timedelta(days=days))
    exceptions = {} if rule is WorkdayRule.EVERY_DAY else draw(st.dictionaries(near, st.booleans(), max_size=8))
    match rule:
        case WorkdayRule.EVERY_DAY:
            workdays = EVERY_DAY
        case WorkdayRule.OWN:
            workdays = own_workdays(exceptions)
        case WorkdayRule.CHINA:
            workdays = Workdays(WorkdayRule.CHINA, days=exceptions)
    fast = Calendar(
        name="drawn",
        week=tuple(_hours(day) for day in week),  # type: ignore[arg-type]
        workdays=workdays,
        zone=zone,
        makeup_hours=_hours(makeup),
    )
    slow = SlowCalendar(
        zone=zone,
        week={weekday: _texts(day) for weekday, day in enumerate(week)},
        china=rule is WorkdayRule.CHINA,
        exceptions=exceptions,
        makeup=_texts(makeup),
    )
    return Pair(fast, slow, datetime.combine(odd_day, datetime.min.time(), UTC))


def instants_near(around: datetime, *, days_before: int = 1, days_after: int = 3) -> st.SearchStrategy[datetime]:
    steps = 24 * 60 // GRID
    return st.integers(-days_before * steps, days_after * steps).map(
        lambda drawn: around + timedelta(minutes=GRID * drawn)
    )


@st.composite
def stops_near(draw: st.DrawFn, around: datetime, *, open_ended: bool = True) -> list[Stop]:
    """Stops anywhere: before the start, over each other, after the due time, without length, without end."""
    stops = []
    for since in draw(st.lists(instants_near(around, days_after=6), max_size=4)):
        length = draw(st.integers(0, 300))
        stops.append(Stop(since, since + timedelta(minutes=GRID * length)))
    if open_ended and draw(st.integers(0, 3)) == 0:
        stops.append(Stop(draw(instants_near(around, days_after=6))))
    return stops


limits = st.one_of(
    st.integers(1, 120).map(lambda steps: Limit(steps * GRID, LimitUnit.MINUTES)),
    st.integers(1, 24).map(lambda value: Limit(value, LimitUnit.HOURS)),
    st.integers(1, 4).map(lambda value: Limit(value, LimitUnit.WORKDAYS)),
)


def slow_amount(limit: Limit) -> dict[str, Any]:
    """The limit in the reference's words."""
    match limit.unit:
        case LimitUnit.MINUTES:
            return {"minutes": limit.value}
        case LimitUnit.HOURS:
            return {"minutes": limit.value * 60}
        case LimitUnit.WORKDAYS:
            return {"workdays": limit.value}


def slow_stops(stops: list[Stop]) -> list[tuple[datetime, datetime | None]]:
    return [(stop.since, stop.until) for stop in stops]


def _hours(day: list[tuple[int, int]]) -> tuple[Opening, ...]:
    return checked_hours([Opening(*opening) for opening in day])


def _texts(day: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(_text(opens), _text(closes)) for opens, closes in day]


def _text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
