"""The days and months that books know.

What is dated before or after them was mistyped, or made by a program that lost the year. Every room may go a month or a
quarter beyond a day without leaving the calendar.
"""

import re
from datetime import date

from tenants.refusals import N_, Message
from tenants.shapes import Unfit

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def is_bookable(day: date) -> bool:
    """Whether the books know the day."""
    return FIRST_DAY <= day <= LAST_DAY


def require_bookable(day: date, field: str) -> None:
    """Return when the books know the day that stands in a shape's field; otherwise raise Unfit."""
    if not is_bookable(day):
        raise Unfit(Message(N_("日期须在 2000 年至 2199 年之间")), field)


def month_named(text: str) -> date | None:
    """The first day of a month like `2026-11`; None for any other text, and for months that the books do not know."""
    found = _MONTH.fullmatch(text)
    try:
        month = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    return month if month and is_bookable(month) else None
