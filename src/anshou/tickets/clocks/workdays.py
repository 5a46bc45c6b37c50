"""Which days are worked: every day, China's workdays with holidays and make-up weekends (调休), or an own table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

import chinese_calendar

from tenants.labels import Labelled
from tenants.refusals import N_


class WorkdayRule(Labelled):
    """Where a calendar takes its workdays from."""

    EVERY_DAY = "every_day", N_("每天")
    CHINA = "china", N_("国家工作日（含调休）")
    OWN = "own", N_("自定日期表")


def _no_days() -> Mapping[date, bool]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Workdays:
    """The days that differ from the week's pattern, and the years about which that is known.

    `days` says of single dates whether they are worked. `known_years` matters for China's rule only: in any other year
    Monday to Friday are assumed worked, and due times that reach into it are provisional.
    Compared by identity, because the table is shared by all calendars that use it.
    """

    rule: WorkdayRule
    days: Mapping[date, bool] = field(default_factory=_no_days, repr=False)
    known_years: frozenset[int] = field(default=frozenset(), repr=False)

    def said_of(self, day: date) -> bool | None:
        """Whether the day is worked; None where the week's pattern decides."""
        if self.rule is WorkdayRule.EVERY_DAY:
            return None
        said = self.days.get(day)
        if said is None and self.rule is WorkdayRule.CHINA and day.weekday() >= 5:
            return False
        return said

    def provisional_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years from `first` to `last` of which the State Council's calendar is not known."""
        if self.rule is not WorkdayRule.CHINA:
            return ()
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.known_years)


EVERY_DAY = Workdays(WorkdayRule.EVERY_DAY)


def china_workdays(changes: Mapping[date, bool] | None = None, entered_years: frozenset[int] = frozenset()) -> Workdays:
    """China's workdays as the State Council published them, with the tenant's `changes` on top.

    `entered_years` are years that the tenant entered by hand: they count as known.
    """
    published = published_days()
    if not changes and entered_years <= published_years():
        return _published()
    return Workdays(
        WorkdayRule.CHINA,
        days=MappingProxyType({**published, **(changes or {})}),
        known_years=published_years() | entered_years,
    )


def own_workdays(days: Mapping[date, bool]) -> Workdays:
    """An own table: the dates in it as it says, all others as the weekly hours say."""
    return Workdays(WorkdayRule.OWN, days=MappingProxyType(dict(days)))


def name_of_day(day: date) -> str | None:
    """The festival for which China moved this day, as the library names it in Chinese; None on a usual day.

    A make-up working day carries the name of the festival whose holiday it makes up for.
    """
    name = chinese_calendar.constants.holidays.get(day) or chinese_calendar.constants.workdays.get(day)
    return _festivals().get(name)


@cache
def _festivals() -> dict[str, str]:
    return {festival.value: festival.chinese for festival in chinese_calendar.Holiday}


@cache
def _published() -> Workdays:
    return Workdays(WorkdayRule.CHINA, days=published_days(), known_years=published_years())


@cache
def published_days() -> Mapping[date, bool]:
    """Whether each day that the State Council moved is worked, for all years that the library knows."""
    holidays = dict.fromkeys(chinese_calendar.constants.holidays, False)
    makeup_days = dict.fromkeys(chinese_calendar.constants.workdays, True)
    return MappingProxyType(holidays | makeup_days)


@cache
def published_years() -> frozenset[int]:
    """The years that the library knows."""
    # The library learns a year as a whole when the State Council's notice appears.
    return frozenset(day.year for day in chinese_calendar.constants.holidays)
