"""Telling people of costs and budgets. Which page a notice leads to stands in the portal's notices."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import colleagues
from anshou.people.roles import Department, Role
from anshou.privacy.telling import tell_person
from billing.budgets.lines import Budget
from billing.budgets.watching import Standing
from billing.costs.items import CostItem

COST_RETURNED = "cost_returned"
BUDGET_WARNED = "budget_warned"
BUDGET_FLAGGED = "budget_flagged"

_TOLD = {Standing.WARNED: BUDGET_WARNED, Standing.FLAGGED: BUDGET_FLAGGED}


async def tell_returned(session: AsyncSession, item: CostItem) -> None:
    """Tell the claimant that the item came back."""
    await tell_person(session, COST_RETURNED, item.claimed_by, subject=item.id, number=item.number)


async def tell_passed(session: AsyncSession, budget: Budget, threshold: Standing) -> None:
    """Tell finance and those who set budgets that the budget passed a threshold. Needs the agency's context."""
    meant = [
        *await colleagues(session, role=Role.FINANCE),
        *await colleagues(session, role=Role.EXECUTIVE),
        *await colleagues(session, role=Role.SUPERVISOR, department=Department.FINANCE),
    ]
    for account_id in sorted({one.id for one in meant}):
        await tell_person(session, _TOLD[threshold], account_id, subject=budget.id, number="")
