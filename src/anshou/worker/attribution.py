"""Costs are attributed when they are verified, when the responsibility is determined, and when a rule changes."""

from datetime import date
from uuid import UUID

import msgspec

from anshou.finance.attributing import apply_rules, attribute_costs
from anshou.worker.work import Work, actor
from billing.attribution.asking import APPLY_RULES, ATTRIBUTE_COSTS


class OfTicket(msgspec.Struct, frozen=True):
    """Whose costs."""

    merchant: UUID
    ticket: UUID


@actor(ATTRIBUTE_COSTS, OfTicket)
async def attribute(work: Work, asked: OfTicket) -> None:
    """Bring the ticket's costs to where they have to stand now."""
    async with work.finish() as session:
        await attribute_costs(session, asked.merchant, asked.ticket, at=work.at)


class OfRules(msgspec.Struct, frozen=True):
    """Since which day another rule decides, for one merchant or for all."""

    since: date
    merchant: UUID | None = None


@actor(APPLY_RULES, OfRules)
async def apply(work: Work, asked: OfRules) -> None:
    """Ask for the attribution of each ticket that it may touch."""
    async with work.finish() as session:
        await apply_rules(session, asked.since, asked.merchant)
