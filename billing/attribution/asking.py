"""Asking for costs to be attributed: done by the worker, because the books are the whole agency's."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.jobs import enqueue

ATTRIBUTE_COSTS = "finance.attribute_costs"
APPLY_RULES = "finance.apply_rules"


async def ask_attribution(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> None:
    """Leave the job for one ticket, in the transaction of what changes who bears what."""
    await enqueue(session, ATTRIBUTE_COSTS, {"merchant": str(merchant_id), "ticket": str(ticket_id)})


async def ask_rules(session: AsyncSession, since: date, merchant_id: UUID | None = None) -> None:
    """Leave the job for all that happened since that day, to this merchant or to all: another rule decides it."""
    merchant = {} if merchant_id is None else {"merchant": str(merchant_id)}
    await enqueue(session, APPLY_RULES, {"since": since.isoformat(), **merchant})
