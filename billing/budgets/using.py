"""What was spent under budgets: the sums that `watching` compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    Uuid,
    and_,
    cast,
    column,
    func,
    or_,
    select,
    values,
)
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


async def spent_under(session: AsyncSession, budgets: Sequence[tuple[Budget, Span]]) -> list[Spent]:
    """What was spent of what each budget covers, `recent` within the span beside it; one query for all of them.

    Needs the agency's context, which sees every merchant's costs.
    """
    if not budgets:
        return []
    asked = _asked.data([_row(place, budget, window) for place, (budget, window) in enumerate(budgets)]).alias("asked")
    spent = _daily([span for budget, window in budgets for span in (budget.span, window)]).subquery("spent")
    of, daily = asked.c, spent.c
    scope = {daily.department: of.department, daily.merchant_id: of.merchant_id, daily.category: of.category}
    covered = and_(*(or_(wanted.is_(None), own == wanted) for own, wanted in scope.items()))
    within = daily.incurred_on.between(of.first, of.last)
    recently = daily.incurred_on.between(of.window_first, of.window_last)
    query = (
        select(
            _sum(daily.booked, within).label("used"),
            _sum(daily.waiting, within).label("waiting"),
            _sum(daily.booked, recently).label("recent"),
        )
        .select_from(asked.outerjoin(spent, covered & (within | recently)))
        .group_by(of.place)
        .order_by(of.place)
    )
    rows = await session.execute(query)
    return [Spent(used=row.used, waiting=row.waiting, recent=row.recent) for row in rows]


def covers(budget: Budget, item: CostItem) -> bool:
    """Whether the item is one that the budget watches."""
    return (
        item.currency is Currency.CNY
        and item.incurred_on in budget.span
        and budget.department in (None, item.department)
        and budget.merchant_id in (None, item.merchant_id)
        and budget.category in (None, item.category)
    )


_asked = values(
    column("place", Integer),
    column("department", String),
    column("merchant_id", Uuid),
    column("category", String),
    column("first", Date),
    column("last", Date),
    column("window_first", Date),
    column("window_last", Date),
)


def _row(place: int, budget: Budget, window: Span) -> tuple[object, ...]:
    """A budget as a row that is asked about; null, which has no type by itself, covers everything."""
    category = budget.category.value if budget.category else None
    scope = (cast(budget.department, String), cast(budget.merchant_id, Uuid), cast(category, String))
    return (place, *scope, budget.span.first, budget.span.last, window.first, window.last)


def _daily(spans: Sequence[Span]) -> Select[*tuple[Any, ...]]:
    """The costs of all these days by what budgets tell apart: added up once, however many budgets there are."""
    booked, waiting = CostItem.state.in_(BOOKED), CostItem.state.in_(WAITING)
    scope = (CostItem.department, CostItem.merchant_id, CostItem.category, CostItem.incurred_on)
    return (
        select(*scope, _sum(CostItem.fen, booked).label("booked"), _sum(CostItem.fen, waiting).label("waiting"))
        .where(
            CostItem.currency == Currency.CNY,
            CostItem.incurred_on.between(min(one.first for one in spans), max(one.last for one in spans)),
            booked | waiting,
        )
        .group_by(*scope)
    )


def _sum(fen: SQLColumnExpression[int], condition: ColumnElement[bool]) -> ColumnElement[int]:
    # Whole fen: PostgreSQL's sum of bigint is numeric.
    return func.coalesce(func.sum(fen).filter(condition), 0).cast(CostItem.fen.type)
