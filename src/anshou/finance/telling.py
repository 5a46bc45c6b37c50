"""Telling whoever claimed a cost what became of it. Which page a notice leads to stands in the portal's notices."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.telling import tell_person
from billing.costs.items import CostItem

COST_RETURNED = "cost_returned"


async def tell_returned(session: AsyncSession, item: CostItem) -> None:
    """Tell the claimant that the item came back."""
    await tell_person(session, COST_RETURNED, item.claimed_by, subject=item.id, number=item.number)
