"""What measures can be asked of: a period, what narrows it, and by what they are laid out side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from tenants.labels import Labelled
from tenants.refusals import N_

# Beyond so many days a period is drawn by month instead of by day.
DRAWN_BY_DAY = 45


class By(Labelled):
    """What tells lines apart."""

    MONTH = "month", N_("月份")
    DAY = "day", N_("日期")
    MERCHANT = "merchant", N_("商家")
    SHOP = "shop", N_("店铺")
    KIND = "kind", N_("工单类型")
    CATEGORY = "category", N_("问题类别")
    DEPARTMENT = "department", N_("部门")
    PERSON = "person", N_("负责人")


TIMES = (By.MONTH, By.DAY)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, as days begin in the agency's zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """The instant from which."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The instant until which, itself not included."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> bool:
        """Whether it is made of whole months."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins: as many months if it is of whole ones."""
        last = self.first - timedelta(days=1)
        if self.whole_months:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(month_from(self.first, -months), last, self.zone)
        return Period(last - timedelta(days=self.days - 1), last, self.zone)

    @property
    def steps(self) -> By:
        """What it is drawn by."""
        return By.DAY if self.days <= DRAWN_BY_DAY else By.MONTH

    def each(self) -> Iterator[date]:
        """The first day of each step, in order."""
        on = self.first if self.steps is By.DAY else self.first.replace(day=1)
        while on <= self.last:
            yield on
            on = on + timedelta(days=1) if self.steps is By.DAY else month_from(on, 1)

    def step(self, on: date) -> "Period":
        """The part of it that the step which begins on this day has."""
        until = on if self.steps is By.DAY else month_from(on, 1) - timedelta(days=1)
        return Period(max(on, self.first), min(until, self.last), self.zone)


def month_from(on: date, months: int) -> date:
    """The first day of the month so many months away."""
    number = on.year * 12 + on.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What measures are of; None narrows nothing. `unknown` names what the tickets must not have, e.g. no owner."""

    merchant: UUID | None = None
    shop: UUID | None = None
    kind: Kind | None = None
    category: Category | None = None
    department: Department | None = None
    person: UUID | None = None
    unknown: frozenset[By] = frozenset()


NOTHING = Narrowed()
