"""How a cost was allocated, for who reads costs: each allocation with a sentence per party; what is still pending."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reach import ON_TICKET
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.determinations import Determination
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket
from billing.attribution.allocations import Allocation
from billing.attribution.explaining import explain
from billing.attribution.tables import (
    AllocationPart,
    AllocationRow,
    ClaimConclusion,
    allocations_of,
    conclusions_of,
    parts_of,
)
from billing.costs.items import CostItem
from billing.costs.states import State
from billing.parties import Party
from tenants.refusals import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """An allocation as it is shown: what each party bears in fen and why; its parts with their steps; its claims."""

    row: AllocationRow
    fen: dict[Party, int]
    why: dict[Party, Message]
    parts: Sequence[AllocationPart]
    conclusions: dict[UUID, ClaimConclusion]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A verified cost that nobody bears yet. `is_determined`: the responsibility is decided, the allocation is not."""

    item: CostItem
    ticket_number: str
    is_determined: bool


async def how_allocated(session: AsyncSession, item: CostItem, *, by: Person) -> list[Borne]:
    """The allocations of an item that the person reaches, the one that counts first. Raises PermissionMissing."""
    authorize(by, Permission.READ_COSTS)
    shown: list[Borne] = []
    for row in await allocations_of(session, item.merchant_id, item.id):
        parts = await parts_of(session, row)
        rule = f"{row.version_id}/{row.general_version}"
        value = Allocation(row.item_id, rule, tuple(part.value for part in parts))
        conclusions = await conclusions_of(session, row)
        shown.append(Borne(row=row, fen=value.borne(), why=explain(value), parts=parts, conclusions=conclusions))
    return shown


async def pending_costs(session: AsyncSession, *, by: Person, limit: int = 100) -> list[Pending]:
    """What stands under pending determination, the longest first. Raises PermissionMissing."""
    authorize(by, Permission.READ_COSTS)
    determined = exists().where(
        Determination.merchant_id == CostItem.merchant_id, Determination.ticket_id == CostItem.ticket_id
    )
    query = (
        select(CostItem, Ticket.number, determined)
        .join(Ticket, ON_TICKET)
        .where(CostItem.state == State.VERIFIED, summarised_for(by))
        .order_by(CostItem.state_since, CostItem.id)
        .limit(limit)
    )
    return [
        Pending(item=item, ticket_number=number, is_determined=is_determined)
        for item, number, is_determined in await session.execute(query)
    ]
