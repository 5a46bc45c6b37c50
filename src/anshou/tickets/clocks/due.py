"""When a limit is due: the rules of domain.md section 3, without a database.

- Minutes and hours count inside the calendar from the instant of the start.
- Workdays: the starting day does not count, and the limit ends when service ends on the last workday (Civil Code of
  the People's Republic of China, articles 201 and 203).
- A stop moves the due time on by the open time of the calendar that passed in it. Only the part of a stop after the
  start and a stop that began before the due time count; stops that overlap count once.

A workday limit is turned into the open time from its start to its unstopped end. So stops move both kinds in the same
way, and 80 % and 150 % of it mean that share of its open time; `docs/decisions/0030-workday-limits.md` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from anshou.tickets.clocks.calendars import Calendar
from anshou.tickets.clocks.instants import as_datetime, instant
from anshou.tickets.clocks.limits import Limit
from anshou.tickets.clocks.open_time import Interval

WARN_PERCENT = 80
LATE_PERCENT = 150

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """A time during which the clock stood still; `until` is None while it still does."""

    since: datetime
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Due:
    """A computed due time; all times are UTC.

    `at`, `warn_at` (80 %) and `late_at` (150 %) are None if a stop that has no end yet keeps the clock from getting
    there. What they are made of is worked out only when asked for.
    """

    start: datetime
    limit: Limit
    calendar: Calendar
    stops: tuple[Stop, ...]
    at: datetime | None
    warn_at: datetime | None
    late_at: datetime | None
    counted: timedelta
    """The open time that the limit comes to."""

    @property
    def stopped_since(self) -> datetime | None:
        """The start of the stop without end that keeps the due time open; None if the due time is known."""
        if self.at is not None:
            return None
        return min(stop.since for stop in self.stops if stop.until is None)

    @cached_property
    def counted_intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches of open time that counted, from the start to the due time or to the open stop."""
        running = _between_stops(instant(self.start), self._end, _stops_joined(self.start, self.stops))
        opening = self.calendar.open_time
        return tuple(
            (as_datetime(begins), as_datetime(ends))
            for running_from, running_until in running
            for begins, ends in opening.intervals(running_from, running_until)
        )

    @cached_property
    def counted_stops(self) -> tuple[tuple[Stop, timedelta], ...]:
        """The stops that moved the due time or hold it, each with the open time that passed in it.

        Of stops that overlap, the earlier one has the common time. A stop without end has no time yet.
        """
        counted: list[tuple[Stop, timedelta]] = []
        reached = instant(self.start)
        for stop in sorted(self.stops, key=_by_beginning):
            since = max(instant(stop.since), reached)
            if since >= self._end and (self.at is not None or stop.until is not None):
                break
            if stop.until is None:
                counted.append((stop, timedelta(0)))
                break
            until = instant(stop.until)
            if until > since:
                counted.append((stop, timedelta(microseconds=self.calendar.open_time.between(since, until))))
                reached = until
        return tuple(counted)

    @cached_property
    def provisional_years(self) -> tuple[int, ...]:
        """The years between start and due time of which China's calendar was not known."""
        last = as_datetime(self._end)
        return self.calendar.workdays.provisional_years(_day(self.start, self.calendar), _day(last, self.calendar))

    @property
    def _end(self) -> int:
        if self.at is not None:
            return instant(self.at)
        since = self.stopped_since
        return instant(since if since is not None and since > self.start else self.start)


def compute(start: datetime, limit: Limit, calendar: Calendar, stops: Sequence[Stop] = ()) -> Due:
    """When the limit is due, and its points at 80 % and 150 %. `start` and the stops are aware datetimes.

    Raises LimitOutOfReach if the calendar is hardly ever open.
    """
    begin = instant(start)
    counted = limit.microseconds
    if counted is None:
        end = calendar.open_time.closing_of_workday(_day(start, calendar), limit.value)
        counted = calendar.open_time.between(begin, end)
    joined = _stops_joined(start, stops)
    return Due(
        start=start,
        limit=limit,
        calendar=calendar,
        stops=tuple(stops),
        at=_reached(begin, counted, calendar, joined),
        warn_at=_reached(begin, counted * WARN_PERCENT // 100, calendar, joined),
        late_at=_reached(begin, counted * LATE_PERCENT // 100, calendar, joined),
        counted=timedelta(microseconds=counted),
    )


def elapsed_open(start: datetime, end: datetime, calendar: Calendar, stops: Sequence[Stop] = ()) -> timedelta:
    """The open time from `start` to `end` that no stop took away; zero if `end` is not later."""
    running = _between_stops(instant(start), instant(end), _stops_joined(start, stops))
    return sum((calendar.open_time.between(*stretch) for stretch in running), 0) * _MICROSECOND


def _reached(begin: int, amount: int, calendar: Calendar, stops: list[tuple[int, int | None]]) -> datetime | None:
    """When `amount` of open time outside the stops has passed; None if a stop without end comes first."""
    open_time = calendar.open_time
    for since, until in stops:
        running = open_time.between(begin, since)
        if running >= amount:
            break
        if until is None:
            return None
        amount -= running
        begin = until
    return as_datetime(open_time.after(begin, amount))


def _stops_joined(start: datetime, stops: Sequence[Stop]) -> list[tuple[int, int | None]]:
    """The stops after the start, in order, overlapping ones joined; None ends the one that still lasts."""
    begin = instant(start)
    joined: list[tuple[int, int | None]] = []
    for stop in sorted(stops, key=_by_beginning):
        since = max(instant(stop.since), begin)
        until = None if stop.until is None else instant(stop.until)
        if until is not None and until <= since:
            continue
        if not joined:
            joined.append((since, until))
            continue
        earlier_since, earlier_until = joined[-1]
        if earlier_until is None:
            break
        if since > earlier_until:
            joined.append((since, until))
        else:
            joined[-1] = (earlier_since, None if until is None else max(until, earlier_until))
    return joined


def _between_stops(begin: int, end: int, stops: list[tuple[int, int | None]]) -> list[Interval]:
    stretches: list[Interval] = []
    for since, until in stops:
        if since >= end:
            break
        stretches.append((begin, since))
        if until is None:
            return stretches
        begin = until
    return [*stretches, (begin, end)]


def _by_beginning(stop: Stop) -> datetime:
    return stop.since


def _day(at: datetime, calendar: Calendar) -> date:
    return at.astimezone(calendar.tz).date()
