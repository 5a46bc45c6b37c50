"""The open time of a calendar, added up: how much passes between two instants, and when an amount has passed.

Prefix sums per UTC year, built when a year is first asked for (about a millisecond), then every question is two binary
searches. All instants and amounts are whole microseconds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from anshou.tickets.clocks.errors import LimitOutOfReach
from anshou.tickets.clocks.hours import Hours
from anshou.tickets.clocks.instants import MINUTE, Run, runs_of_year, wall_midnight, year_begin, year_of
from tenants.refusals import N_

# How far a limit is followed: a calendar that opens so rarely was entered wrongly, and a search must end.
YEARS_SEARCHED = 20

Interval = tuple[int, int]


class _Year(NamedTuple):
    """The open intervals of one UTC year, and for each the open time that passed before it in that year."""

    begins: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def passed(self, at: int) -> int:
        """The open time of this year until `at`."""
        last = bisect_right(self.begins, at) - 1
        if last < 0:
            return 0
        return self.before[last] + min(at, self.ends[last]) - self.begins[last]


class _Workdays(NamedTuple):
    """The days of one year that have open hours, as ordinals, and the instant at which each closes."""

    days: list[int]
    closings: list[int]


class OpenTime:
    """Answers about the open time of one calendar. Not for calendars that change: build a new one."""

    def __init__(self, hours_on: Callable[[date], Hours], zone: ZoneInfo) -> None:
        self._hours_on = hours_on
        self._zone = zone
        self._years: dict[int, _Year] = {}
        self._workdays: dict[int, _Workdays] = {}

    def between(self, begin: int, end: int) -> int:
        """The open time from `begin` to `end`; 0 if `end` is not later."""
        if end <= begin:
            return 0
        first, last = year_of(begin), year_of(end)
        whole_years = sum(self._year(year).total for year in range(first, last))
        return whole_years + self._year(last).passed(end) - self._year(first).passed(begin)

    def after(self, begin: int, amount: int) -> int:
        """The earliest instant at which `amount` of open time has passed since `begin`.

        An amount that is used up exactly at closing time ends then, not at the next opening.
        Raises LimitOutOfReach.
        """
        if amount <= 0:
            return begin
        first = year_of(begin)
        wanted = self._year(first).passed(begin) + amount
        for year in range(first, first + YEARS_SEARCHED):
            block = self._year(year)
            if wanted <= block.total:
                found = bisect_left(block.before, wanted) - 1
                return block.begins[found] + wanted - block.before[found]
            wanted -= block.total
        raise _out_of_reach()

    def closing_of_workday(self, start_day: date, number: int) -> int:
        """When service ends on the `number`-th workday after `start_day`; `start_day` itself does not count.

        Raises LimitOutOfReach.
        """
        first = start_day.year
        workdays = self._workdays_of(first)
        wanted = bisect_right(workdays.days, start_day.toordinal()) + number - 1
        for year in range(first, first + YEARS_SEARCHED):
            workdays = self._workdays_of(year)
            if wanted < len(workdays.days):
                return workdays.closings[wanted]
            wanted -= len(workdays.days)
        raise _out_of_reach()

    def intervals(self, begin: int, end: int) -> list[Interval]:
        """The open intervals from `begin` to `end`, cut off there, in order and joined across years."""
        found: list[Interval] = []
        for year in range(year_of(begin), year_of(end) + 1) if begin < end else ():
            block = self._year(year)
            first = bisect_right(block.ends, begin)
            last = bisect_left(block.begins, end)
            found += zip(block.begins[first:last], block.ends[first:last], strict=True)
        joined = _joined(found)
        return [(max(begins, begin), min(ends, end)) for begins, ends in joined]

    def _year(self, year: int) -> _Year:
        block = self._years.get(year)
        if block is None:
            block = self._years[year] = _added_up(self._open_in_utc_year(year))
        return block

    def _open_in_utc_year(self, year: int) -> list[Interval]:
        begin, end = year_begin(year), year_begin(year + 1)
        # A local date can lie up to a day before or after the UTC date of the same name.
        first, last = date(year, 1, 1).toordinal() - 2, date(year, 12, 31).toordinal() + 2
        runs = runs_of_year(self._zone, year)
        found = (
            (max(begins, begin), min(ends, end))
            for ordinal in range(first, last + 1)
            for begins, ends in self._open_on(ordinal, runs)
            if ends > begin and begins < end
        )
        return _joined(sorted(found))

    def _workdays_of(self, year: int) -> _Workdays:
        workdays = self._workdays.get(year)
        if workdays is None:
            workdays = self._workdays[year] = _Workdays([], [])
            runs = runs_of_year(self._zone, year)
            for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
                closings = [ends for _, ends in self._open_on(ordinal, runs)]
                if closings:
                    workdays.days.append(ordinal)
                    workdays.closings.append(max(closings))
        return workdays

    def _open_on(self, ordinal: int, runs: tuple[Run, ...]) -> Iterator[Interval]:
        midnight = wall_midnight(ordinal)
        for opening in self._hours_on(date.fromordinal(ordinal)):
            opens, closes = midnight + opening.opens * MINUTE, midnight + opening.closes * MINUTE
            for run in runs:
                begins, ends = max(opens - run.offset, run.begins), min(closes - run.offset, run.ends)
                if begins < ends:
                    yield begins, ends


def _added_up(intervals: list[Interval]) -> _Year:
    year = _Year([], [], [], 0)
    total = 0
    for begins, ends in intervals:
        year.begins.append(begins)
        year.ends.append(ends)
        year.before.append(total)
        total += ends - begins
    return year._replace(total=total)


def _joined(intervals: list[Interval]) -> list[Interval]:
    # Hours until 24:00 touch those of the next day from 00:00.
    joined: list[Interval] = []
    for begins, ends in intervals:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


def _out_of_reach() -> LimitOutOfReach:
    return LimitOutOfReach(N_("这个时限在 %(years)s 年内数不满，请检查日历的开放时间"), years=YEARS_SEARCHED)
