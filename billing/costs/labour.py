"""What labour costs: minutes times an hourly rate, and for overtime times what the Labour Law asks. Pure, whole fen."""

from dataclasses import dataclass
from datetime import date

from billing.costs.statutory import is_statutory_holiday
from tenants.labels import Labelled
from tenants.refusals import N_

MINUTES_OF_A_DAY = 24 * 60


class DayKind(Labelled):
    """What a day is to whoever works overtime on it (《劳动法》 art. 44)."""

    WORKDAY = "workday", N_("工作日")
    REST_DAY = "rest_day", N_("休息日")
    HOLIDAY = "holiday", N_("法定节假日")


# In per cent of the usual wage, the least that the law allows.
LEAST_PERCENT = {DayKind.WORKDAY: 150, DayKind.REST_DAY: 200, DayKind.HOLIDAY: 300}

# 《劳动法》 art. 41: no more overtime in a month, in minutes.
MOST_OVERTIME_OF_A_MONTH = 36 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What some minutes cost, and how that came about: the rate in fen per hour, and per cent of it."""

    minutes: int
    rate_fen: int
    percent: int

    @property
    def fen(self) -> int:
        """The amount in fen, rounded half up once, at the end."""
        return half_up(self.minutes * self.rate_fen * self.percent, 60 * 100)


def kind_of_day(day: date, *, is_worked: bool) -> DayKind:
    """What the day is; `is_worked` as the agency's calendar says. Raises HolidaysUnknown."""
    if is_statutory_holiday(day):
        return DayKind.HOLIDAY
    return DayKind.WORKDAY if is_worked else DayKind.REST_DAY


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, a half away from zero (四舍五入), so that -x rounds to minus x's."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size
