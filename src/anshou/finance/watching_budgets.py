"""Watching budgets: which thresholds are passed for the first time, and who is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.telling import tell_passed
from anshou.people.agency import read_settings
from billing.budgets.lines import Budget, BudgetPassing, BudgetVersion, budgets_on
from billing.budgets.using import covers, spent_under
from billing.budgets.watching import Standing, passed
from billing.costs.items import CostItem
from tenants.base import new_id
from tenants.jobs import enqueue

WATCH_BUDGETS = "finance.watch_budgets"


async def ask_watch(session: AsyncSession, item: CostItem) -> None:
    """Leave the job, in the transaction in which the item is verified."""
    await enqueue(session, WATCH_BUDGETS, {"merchant": str(item.merchant_id), "item": str(item.id)})


async def watch_budgets_of(
    session: AsyncSession, merchant_id: UUID, item_id: UUID, *, at: datetime
) -> list[tuple[UUID, Standing]]:
    """Watch the budgets that cover the item, also those of a period that is over: costs are verified late.

    Answers the budgets that people were told of. Needs the agency's context.
    """
    query = select(CostItem).where(CostItem.merchant_id == merchant_id, CostItem.id == item_id)
    item = (await session.scalars(query)).one()
    in_force = await budgets_on(session, [item.incurred_on])
    return await _watch(session, [(budget, version) for budget, version in in_force if covers(budget, item)], at=at)


async def watch_budgets(session: AsyncSession, *, at: datetime) -> list[tuple[UUID, Standing]]:
    """Watch every budget in force of the periods that hold today. Answers the budgets that people were told of.

    Needs the agency's context.
    """
    today = at.astimezone((await read_settings(session)).zone).date()
    return await _watch(session, await budgets_on(session, [today]), at=at)


async def _watch(
    session: AsyncSession, budgets: Sequence[tuple[Budget, BudgetVersion]], *, at: datetime
) -> list[tuple[UUID, Standing]]:
    told: list[tuple[UUID, Standing]] = []
    spent = await spent_under(session, [(budget, budget.span) for budget, _ in budgets])
    for (budget, version), used in zip(budgets, (one.used for one in spent), strict=True):
        new = [one for one in passed(used, version.fen or 0) if await _is_first(session, version, one, used, at)]
        if new:
            # Whoever hears that all is used need not hear of four fifths at the same moment.
            await tell_passed(session, budget, new[-1])
            told.append((budget.id, new[-1]))
    return told


async def _is_first(
    session: AsyncSession, version: BudgetVersion, threshold: Standing, used: int, at: datetime
) -> bool:
    """Keep that the threshold was passed; whether nobody had kept it. A concurrent watcher is waited for."""
    values = {
        "id": new_id(),
        "version_id": version.id,
        "budget_id": version.budget_id,
        "threshold": threshold,
        "used_fen": used,
        "passed_at": at,
    }
    kept = insert(BudgetPassing).values(values).on_conflict_do_nothing().returning(BudgetPassing.id)
    return await session.scalar(kept) is not None
