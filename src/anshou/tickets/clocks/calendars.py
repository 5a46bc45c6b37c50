"""Calendars: when time counts. A time zone, opening hours per weekday, and a rule for which days are worked.

An instant is open if the wall clock of the calendar's zone shows at that instant a time inside the opening hours of
the date that it shows. So daylight saving shifts the hours as the wall clock does: a time that the clock jumps over
never comes and does not count, a time that it shows twice counts both times.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from anshou.tickets.clocks.errors import CalendarClosed
from anshou.tickets.clocks.hours import CLOSED, Hours
from anshou.tickets.clocks.instants import zone_named
from anshou.tickets.clocks.open_time import OpenTime
from anshou.tickets.clocks.workdays import EVERY_DAY, Workdays
from tenants.refusals import N_

DEFAULT_ZONE = "Asia/Shanghai"

Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]


@dataclass(frozen=True, eq=False)
class Calendar:
    """A named calendar; build it once and use it for many clocks, because it remembers its open time.

    - `week`: the hours of Monday to Sunday.
    - `workdays`: which dates are worked; a date that is not worked is closed.
    - `makeup_hours`: the hours of a date that is worked although its weekday has none (调休); without them, the hours
      of the first weekday that has some.

    Raises ZoneUnknown, and CalendarClosed for a week without open hours (domain.md section 3).
    """

    name: str
    week: Week
    workdays: Workdays = EVERY_DAY
    zone: str = DEFAULT_ZONE
    makeup_hours: Hours = field(default=CLOSED)

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not any(self.week):
            raise CalendarClosed(N_("日历“%(name)s”没有任何开放时间"), name=self.name)

    def hours_on(self, day: date) -> Hours:
        """The hours of a date; empty when closed."""
        usual = self.week[day.weekday()]
        match self.workdays.said_of(day):
            case None:
                return usual
            case False:
                return CLOSED
            case True:
                return usual or self._hours_of_makeup_days

    @cached_property
    def tz(self) -> ZoneInfo:
        """The calendar's time zone."""
        return zone_named(self.zone)

    @cached_property
    def open_time(self) -> OpenTime:
        """The calendar's open time, added up."""
        return OpenTime(self.hours_on, self.tz)

    @cached_property
    def _hours_of_makeup_days(self) -> Hours:
        return self.makeup_hours or next(hours for hours in self.week if hours)


def every_day(hours: Hours) -> Week:
    """The same hours on all seven days."""
    return (hours, hours, hours, hours, hours, hours, hours)


def monday_to_friday(hours: Hours) -> Week:
    """The same hours from Monday to Friday, closed at the weekend."""
    return (hours, hours, hours, hours, hours, CLOSED, CLOSED)
