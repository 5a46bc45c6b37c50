"""Asking for the costs of a ticket to be attributed: done by the worker, because the books are the whole agency's."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.jobs import enqueue

ATTRIBUTE_COSTS = "finance.attribute_costs"


async def ask_attribution(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> None:
    """Leave the job, in the transaction of what changes who bears what."""
    await enqueue(session, ATTRIBUTE_COSTS, {"merchant": str(merchant_id), "ticket": str(ticket_id)})
