"""A second, slow way to find a due time: look at every minute of the wall clock. Shares no code with the product.

It knows the rules of domain.md section 3 and nothing of intervals, offsets or prefix sums, so that an error would have
to be made twice, in two ways, to go unseen. Hours, starts and stops must lie on whole minutes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass
class SlowCalendar:
    """Hours as pairs of wall clock texts per weekday (0 is Monday); `exceptions` says whether a date is worked."""

    zone: str
    week: dict[int, list[tuple[str, str]]]
    china: bool = False
    exceptions: dict[date, bool] = field(default_factory=dict)
    makeup: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tz = ZoneInfo(self.zone)
        self.seen: dict[datetime, bool] = {}

    def hours(self, day: date) -> list[tuple[str, str]]:
        usual = self.week.get(day.weekday(), [])
        if day in self.exceptions:
            return (usual or self.makeup) if self.exceptions[day] else []
        if self.china and day.weekday() in (5, 6):
            return []
        return usual

    def is_open(self, minute: datetime) -> bool:
        if minute not in self.seen:
            wall = minute.astimezone(self.tz)
            shown = f"{wall.hour:02d}:{wall.minute:02d}"
            self.seen[minute] = any(opens <= shown < closes for opens, closes in self.hours(wall.date()))
        return self.seen[minute]


def minutes_from(start: datetime) -> Iterator[datetime]:
    minute = start.astimezone(UTC)
    while True:
        yield minute
        minute += MINUTE


def due(
    start: datetime,
    calendar: SlowCalendar,
    stops: list[tuple[datetime, datetime | None]],
    *,
    minutes: int | None = None,
    workdays: int | None = None,
    percent: int = 100,
) -> datetime | None:
    """The due time, or None if a stop without end holds the clock."""
    if workdays is not None:
        end = _end_of_workdays(start, calendar, workdays)
        minutes = open_minutes(start, end, calendar)
        if percent == 100:
            return _moved_on(end, start, calendar, stops)
    assert minutes is not None
    wanted = MINUTE * (minutes * percent) / 100
    return _count(start, calendar, wanted, lambda minute: any(_lies_in(minute, stop) for stop in stops), stops)


def open_minutes(start: datetime, end: datetime, calendar: SlowCalendar) -> int:
    counted = 0
    for minute in minutes_from(start):
        if minute >= end:
            return counted
        counted += calendar.is_open(minute)
    raise AssertionError


def _count(
    start: datetime,
    calendar: SlowCalendar,
    wanted: timedelta,
    stands_still: Callable[[datetime], bool],
    stops: list[tuple[datetime, datetime | None]],
) -> datetime | None:
    for minute in minutes_from(start):
        if not wanted:
            return minute
        if any(until is None and since <= minute for since, until in stops):
            return None
        if calendar.is_open(minute) and not stands_still(minute):
            if wanted < MINUTE:
                return minute + wanted
            wanted -= MINUTE
    raise AssertionError


def _end_of_workdays(start: datetime, calendar: SlowCalendar, workdays: int) -> datetime:
    starting_day = start.astimezone(calendar.tz).date()
    day = starting_day
    last_open: datetime | None = None
    passed = 0
    # A workday is a date, other than the starting one, on which any minute is open; it ends after its last open minute.
    for minute in minutes_from(start):
        shown = minute.astimezone(calendar.tz).date()
        if shown > day:
            if passed == workdays and last_open is not None and last_open.astimezone(calendar.tz).date() == day:
                return last_open + MINUTE
            day = shown
        if shown == day and calendar.is_open(minute) and shown > starting_day:
            if last_open is None or last_open.astimezone(calendar.tz).date() != shown:
                passed += 1
            last_open = minute
    raise AssertionError


def _moved_on(
    due_at: datetime, start: datetime, calendar: SlowCalendar, stops: list[tuple[datetime, datetime | None]]
) -> datetime | None:
    """Move a workday limit's end on, stop by stop, as the policy says it; another way than counting anew."""
    stopped_minutes: set[datetime] = set()
    while True:
        held = {
            minute
            for since, until in stops
            if since < due_at and (until is None or until > start)
            for minute in _minutes_between(max(since, start), until)
            if calendar.is_open(minute)
        }
        if any(until is None and since < due_at for since, until in stops):
            return None
        new = held - stopped_minutes
        if not new:
            return due_at
        stopped_minutes |= new
        moved = _count(due_at, calendar, MINUTE * len(new), lambda _: False, [])
        assert moved is not None
        due_at = moved


def _minutes_between(since: datetime, until: datetime | None) -> Iterator[datetime]:
    if until is None:
        return
    for minute in minutes_from(since):
        if minute >= until:
            return
        yield minute


def _lies_in(minute: datetime, stop: tuple[datetime, datetime | None]) -> bool:
    since, until = stop
    return since <= minute and (until is None or minute < until)
