"""The statutory holidays (法定节假日), on which overtime is paid threefold and never made up for by days off. Pure.

Only the days that 《全国年节及纪念日放假办法》 art. 2 names (13 days since the revision of 2024): the days that
the State Council adds around them by moving weekends are rest days. Those of the lunar calendar are listed by year.
"""

from datetime import date, timedelta

from billing.costs.errors import HolidaysUnknown

# Spring festival's first day, Qingming, dragon boat and mid-autumn, as month and day.
_LUNAR = {
    2024: ((2, 10), (4, 4), (6, 10), (9, 17)),
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
}

# Since 2025 New Year's Eve and May 2 count too.
_SINCE = 2025

_FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


def statutory_holidays(year: int) -> frozenset[date]:
    """The statutory holidays of a year. Raises HolidaysUnknown for a year that is not listed."""
    if year not in _LUNAR:
        raise HolidaysUnknown(year, min(_LUNAR), max(_LUNAR))
    spring, *others = (date(year, month, day) for month, day in _LUNAR[year])
    days = {date(year, month, day) for month, day in _FIXED} | set(others)
    days |= {spring + timedelta(days=later) for later in range(3)}
    if year >= _SINCE:
        days |= {spring - timedelta(days=1), date(year, 5, 2)}
    return frozenset(days)


def is_statutory_holiday(day: date) -> bool:
    """Whether the day is one. Raises HolidaysUnknown."""
    return day in statutory_holidays(day.year)
