"""A limit: how much time there is, in minutes, hours or workdays."""

from dataclasses import dataclass

from anshou.merchants.limits import LONGEST as LONGEST
from anshou.merchants.limits import LimitUnit as LimitUnit
from anshou.tickets.clocks.errors import LimitInvalid
from tenants.refusals import N_

_MICROSECONDS = {LimitUnit.MINUTES: 60_000_000, LimitUnit.HOURS: 3_600_000_000}


@dataclass(frozen=True, slots=True)
class Limit:
    """A whole number of minutes, hours or workdays. The calendar it counts in is named beside it.

    Raises LimitInvalid for less than 1 or more than LONGEST.
    """

    value: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not 1 <= self.value <= LONGEST[self.unit]:
            raise LimitInvalid(N_("时限须为 1 到 %(longest)s %(unit)s"), longest=LONGEST[self.unit], unit=self.unit)

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"

    @property
    def microseconds(self) -> int | None:
        """The time to be counted; None for workdays, which end at closing time."""
        per_unit = _MICROSECONDS.get(self.unit)
        return None if per_unit is None else self.value * per_unit


def minutes(value: int) -> Limit:
    """A limit in minutes."""
    return Limit(value, LimitUnit.MINUTES)


def hours(value: int) -> Limit:
    """A limit in hours."""
    return Limit(value, LimitUnit.HOURS)


def workdays(value: int) -> Limit:
    """A limit in workdays."""
    return Limit(value, LimitUnit.WORKDAYS)
