"""The months, quarters and years of the calendar for which budgets are set. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tenants.labels import Labelled
from tenants.refusals import N_

DAY = timedelta(days=1)


class Per(Labelled):
    """How long a budget's period is."""

    MONTH = "month", N_("月度")
    QUARTER = "quarter", N_("季度")
    YEAR = "year", N_("年度")


MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Every day, in its order."""
        for later in range((self.last - self.first).days + 1):
            yield self.first + later * DAY


def period_of(per: Per, day: date) -> Span:
    """The period that holds the day."""
    months = MONTHS[per]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    # Fewer than 31 days beyond the start of the last month is never in the month after next.
    in_last_month = date(first.year, first.month + months - 1, 28)
    return Span(first, (in_last_month + 4 * DAY).replace(day=1) - DAY)


def name_of(per: Per, first: date) -> str:
    """`2026-11`, `2026 Q4` or `2026`: the period that begins on that day."""
    match per:
        case Per.MONTH:
            return first.isoformat()[:7]
        case Per.QUARTER:
            return f"{first.year} Q{(first.month + 2) // 3}"
        case Per.YEAR:
            return str(first.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Which days tell how fast a period is spent.

    `window` holds as many workdays as the whole period has, `workdays`, and ends today, or with the period when that
    is over. `ahead` of the period's workdays are still to come.
    """

    window: Span
    workdays: int
    ahead: int


def pace_of(span: Span, today: date, is_worked: Callable[[date], bool]) -> Pace:
    """The days by which the period's end is forecast.

    While the period has just begun, most of the window lies before it; at its end the window is the period. A period
    without any workday counts every day as worked.
    """
    worked = [day for day in span.days() if is_worked(day)]
    if not worked:
        worked, is_worked = list(span.days()), _always
    last = min(today, span.last)
    # Calendars are closed for days and weeks, not for years: the bound ends a search that would find nothing.
    first, found, bound = last + DAY, 0, 3 * len(list(span.days()))
    while found < len(worked) and (last - first).days < bound:
        first -= DAY
        found += is_worked(first)
    return Pace(window=Span(first, last), workdays=len(worked), ahead=sum(day > today for day in worked))


def _always(day: date) -> bool:
    return True
