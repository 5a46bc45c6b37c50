"""The rows of budgets: what a budget covers, the versions of its amount, and which thresholds it passed when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from billing.budgets.periods import Per, Span, name_of, period_of
from billing.budgets.watching import Standing
from billing.parties import CostCategory
from tenants.base import Base, Row


class Budget(Row, Base):
    """What a budget covers: the costs of a department, of a merchant, of a category, or of several of these at once.

    None means any; at least one is named. The same scope and period is one row for ever, so nothing is budgeted twice.
    """

    __tablename__ = "budget"

    department: Mapped[str | None]
    merchant_id: Mapped[UUID | None]
    category: Mapped[CostCategory | None]
    per: Mapped[Per]
    first_day: Mapped[date]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]

    @property
    def span(self) -> Span:
        """The days of its period."""
        return period_of(self.per, self.first_day)

    @property
    def period(self) -> str:
        """The name of its period."""
        return name_of(self.per, self.first_day)


class BudgetVersion(Row, Base):
    """What somebody set the budget to; the latest version counts. `fen` None: it is not in force any more."""

    __tablename__ = "budget_version"

    budget_id: Mapped[UUID]
    version: Mapped[int]
    fen: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


class BudgetPassing(Row, Base):
    """That a version's threshold was passed for the first time, with how much was used then, in fen."""

    __tablename__ = "budget_passing"

    version_id: Mapped[UUID]
    budget_id: Mapped[UUID]
    threshold: Mapped[Standing]
    used_fen: Mapped[int] = mapped_column(BigInteger)
    passed_at: Mapped[datetime]


async def find_budget(session: AsyncSession, budget_id: UUID) -> Budget | None:
    """The budget, or None."""
    return await session.get(Budget, budget_id)


async def find_same(session: AsyncSession, wanted: Budget) -> Budget | None:
    """The budget of the same scope and period, if there ever was one."""
    query = select(Budget).where(
        Budget.department.is_not_distinct_from(wanted.department),
        Budget.merchant_id.is_not_distinct_from(wanted.merchant_id),
        Budget.category.is_not_distinct_from(wanted.category),
        Budget.per == wanted.per,
        Budget.first_day == wanted.first_day,
    )
    return (await session.scalars(query)).one_or_none()


async def versions_of(session: AsyncSession, budget: Budget) -> Sequence[BudgetVersion]:
    """What it was set to, the latest first."""
    query = select(BudgetVersion).where(BudgetVersion.budget_id == budget.id)
    return (await session.scalars(query.order_by(BudgetVersion.version.desc()))).all()


async def passings_of(session: AsyncSession, budget: Budget) -> Mapping[UUID, Sequence[BudgetPassing]]:
    """Which thresholds were passed, by version, the lowest first."""
    query = select(BudgetPassing).where(BudgetPassing.budget_id == budget.id).order_by(BudgetPassing.id)
    found: dict[UUID, list[BudgetPassing]] = {}
    for one in await session.scalars(query):
        found.setdefault(one.version_id, []).append(one)
    return found


async def budgets_on(session: AsyncSession, days: Collection[date]) -> list[tuple[Budget, BudgetVersion]]:
    """The budgets in force whose period holds one of the days, the longest period first."""
    starts = {(per, period_of(per, day).first) for per in Per for day in days}
    of_period: list[ColumnElement[bool]] = [(Budget.per == per) & (Budget.first_day == first) for per, first in starts]
    later = aliased(BudgetVersion)
    superseded = exists().where(later.budget_id == BudgetVersion.budget_id, later.version > BudgetVersion.version)
    in_force = (
        select(Budget, BudgetVersion)
        .join(BudgetVersion, BudgetVersion.budget_id == Budget.id)
        .where(or_(*of_period), ~superseded, BudgetVersion.fen.is_not(None))
    )
    found = [(row[0], row[1]) for row in await session.execute(in_force)]
    order = [Per.YEAR, Per.QUARTER, Per.MONTH]
    return sorted(found, key=lambda one: (order.index(one[0].per), one[0].first_day, one[0].id))
