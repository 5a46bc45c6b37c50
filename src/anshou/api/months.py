"""Months of the books as addresses, queries and bodies name them: `2026-11`."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from anshou.api.errors import MonthUnknown
from billing.days import month_named
from tenants.refusals import N_

Month = Annotated[str, Meta(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$", title=N_("月份，如 2026-11"))]


def first_day(month: str) -> date:
    """The first day of a month: the one place that also checks those of an address. Raises MonthUnknown."""
    found = month_named(month)
    if found is None:
        raise MonthUnknown
    return found


def named(month: date) -> str:
    """The month as it is named."""
    return f"{month:%Y-%m}"
