"""What was spent under a budget: the sums that `watching` compares."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.budgets.lines import Budget
from billing.budgets.periods import Span
from billing.costs.items import CostItem
from billing.costs.states import BOOKED, WAITING
from billing.currencies import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """In fen: verified within the period, waiting to be verified within it, verified within the window of the pace."""

    used: int
    waiting: int
    recent: int


async def spent_under(session: AsyncSession, budget: Budget, window: Span) -> Spent:
    """What was spent of what the budget covers. Needs the agency's context, which sees every merchant's costs."""
    first, last = min(budget.span.first, window.first), max(budget.span.last, window.last)
    within, recently = _on(budget.span), _on(window)
    booked, waiting = CostItem.state.in_(BOOKED), CostItem.state.in_(WAITING)
    query = select(
        _sum(within & booked).label("used"),
        _sum(within & waiting).label("waiting"),
        _sum(recently & booked).label("recent"),
    ).where(*covered(budget), CostItem.incurred_on.between(first, last), booked | waiting)
    row = (await session.execute(query)).one()
    return Spent(used=row.used, waiting=row.waiting, recent=row.recent)


def covered(budget: Budget) -> list[ColumnElement[bool]]:
    """What a cost must be to be covered, its day and state aside."""
    wanted = {
        CostItem.department: budget.department,
        CostItem.merchant_id: budget.merchant_id,
        CostItem.category: budget.category,
    }
    return [
        CostItem.currency == Currency.CNY,
        *(column == value for column, value in wanted.items() if value is not None),
    ]


def covers(budget: Budget, item: CostItem) -> bool:
    """Whether the item is one that the budget watches."""
    return (
        item.currency is Currency.CNY
        and item.incurred_on in budget.span
        and budget.department in (None, item.department)
        and budget.merchant_id in (None, item.merchant_id)
        and budget.category in (None, item.category)
    )


def _on(span: Span) -> ColumnElement[bool]:
    return CostItem.incurred_on.between(span.first, span.last)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    # Whole fen: PostgreSQL's sum of bigint is numeric.
    return func.coalesce(func.sum(CostItem.fen).filter(condition), 0).cast(CostItem.fen.type)
