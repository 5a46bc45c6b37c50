"""Costs are attributed when they are verified and when the responsibility is determined."""

from uuid import UUID

import msgspec

from anshou.finance.attributing import attribute_costs
from anshou.worker.work import Work, actor
from billing.attribution.asking import ATTRIBUTE_COSTS


class OfTicket(msgspec.Struct, frozen=True):
    """Whose costs."""

    merchant: UUID
    ticket: UUID


@actor(ATTRIBUTE_COSTS, OfTicket)
async def attribute(work: Work, asked: OfTicket) -> None:
    """Bring the ticket's costs to where they have to stand now."""
    async with work.finish() as session:
        await attribute_costs(session, asked.merchant, asked.ticket, at=work.at)
