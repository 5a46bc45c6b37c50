"""What the thread of a ticket names and the page around it shows: read once for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.merchants.shops import Shop, shops_of
from anshou.tickets.attachments import attachments_of
from anshou.tickets.entries import Attachment
from anshou.tickets.kinds import Kind
from anshou.tickets.obligations import Obligation
from anshou.tickets.overview import obligations_of
from anshou.tickets.plans import Measure, Plan, find_plan, measures_of
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The merchant with all its shops, the newest plan with its measures, the duties that bind, and the files."""

    merchant: Merchant
    shops: Sequence[Shop]
    plan: Plan | None
    measures: Sequence[Measure]
    obligations: Sequence[Obligation]
    files: Sequence[Attachment]

    def shop(self, ticket: Ticket) -> Shop | None:
        """The shop that the ticket is about, if it is about one."""
        return next((shop for shop in self.shops if shop.id == ticket.shop_id), None)

    def names(self) -> dict[UUID, str]:
        """What the ids of all this are called."""
        return {
            **{measure.id: measure.action for measure in self.measures},
            **{duty.id: duty.duty for duty in self.obligations},
            **{shop.id: shop.name for shop in self.shops},
            **{file.id: file.name for file in self.files},
            self.merchant.id: self.merchant.name,
        }


async def read_surroundings(session: AsyncSession, ticket: Ticket) -> Surroundings:
    """As far as the context reads it."""
    plan = await find_plan(session, ticket)
    return Surroundings(
        merchant=await visible_merchant(session, ticket.merchant_id),
        shops=await shops_of(session, ticket.merchant_id, closed=True),
        plan=plan,
        measures=await measures_of(session, plan) if plan else (),
        # Only an agreement or an award lays down duties.
        obligations=await obligations_of(session, ticket) if ticket.kind is Kind.CONTRACT_DISPUTE else (),
        files=await attachments_of(session, ticket),
    )
