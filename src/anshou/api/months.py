"""Months of the books as addresses, queries and bodies name them: `2026-11`."""

import re
from datetime import date
from typing import Annotated

from msgspec import Meta

from anshou.api.errors import MonthUnknown
from tenants.refusals import N_

# The centuries in which books are kept: what lies beyond has no month before or after it that a date can hold.
_SHAPE = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"

Month = Annotated[str, Meta(pattern=_SHAPE, title=N_("月份，如 2026-11"))]


def first_day(month: str) -> date:
    """The first day of a month: the one place that also checks those of an address. Raises MonthUnknown."""
    # The pattern alone would let a line break pass behind the month.
    if not re.match(_SHAPE, month) or len(month) != len("2026-11"):
        raise MonthUnknown
    return date.fromisoformat(f"{month}-01")


def named(month: date) -> str:
    """The month as it is named."""
    return f"{month:%Y-%m}"
