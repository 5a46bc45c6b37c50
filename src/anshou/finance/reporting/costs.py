"""Costs side by side, by merchant, kind, cause, department or whatever else, and with whom they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reporting.asking import BEARER_OF, COSTS, OUTSIDE, Bearer, By, Months, Narrowed
from anshou.finance.reporting.entries import Sum, sums
from anshou.people.person import Person


@dataclass(slots=True)
class Borne:
    """What stands with each, in fen; below zero where a correction takes back more than the months brought."""

    by: dict[Bearer, int] = field(default_factory=dict)

    def __getitem__(self, bearer: Bearer) -> int:
        """What stands with one, or with all of those outside."""
        if bearer is Bearer.OUTSIDE:
            return sum(self.by.get(one, 0) for one in OUTSIDE)
        return self.by.get(bearer, 0)

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by.values())

    def add(self, sums: Iterable[Sum]) -> None:
        """What these come to, as far as they are costs."""
        for one in sums:
            if one.sort in COSTS:
                bearer = BEARER_OF[one.use]
                self.by[bearer] = self.by.get(bearer, 0) + one.fen


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: the merchant, kind or whatever it is by (None: there is none), and who bears how much."""

    key: Any
    borne: Borne


@dataclass(frozen=True, slots=True)
class Report:
    """The lines, and what they add up to."""

    by: By
    lines: Sequence[Line]
    whole: Borne


async def costs_by(session: AsyncSession, months: Months, narrowed: Narrowed, *, by: By, person: Person) -> Report:
    """The costs of these months: months in their order, all else by the greatest cost. Raises PermissionMissing."""
    lines: dict[Any, Borne] = {month: Borne() for month in months.each()} if by is By.MONTH else {}
    whole = Borne()
    for one in await sums(session, months, narrowed, by=by, person=person):
        key = BEARER_OF[one.use] if by is By.BEARER else one.key
        if one.sort in COSTS:
            lines.setdefault(key, Borne()).add((one,))
            whole.add((one,))
    found = [Line(key, borne) for key, borne in lines.items()]
    if by is not By.MONTH:
        found.sort(key=lambda line: (-line.borne.total, str(line.key)))
    return Report(by, found, whole)
