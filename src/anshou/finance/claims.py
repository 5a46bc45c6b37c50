"""Claims against platforms, carriers and suppliers: finance records what came of them (domain.md section 6)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.booking import book_claim
from anshou.finance.deeds import CLAIM_CONCLUDED
from anshou.finance.errors import ClaimNotOpen
from anshou.finance.moving import leave_leaf, lock_cost
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.tickets import Ticket
from billing.attribution.claims import conclude
from billing.attribution.tables import AllocationPart, ClaimConclusion, conclusions_of, find_allocation, parts_of
from billing.costs.items import CostItem
from billing.costs.states import State


async def open_claims(session: AsyncSession, item: CostItem) -> list[AllocationPart]:
    """What has to be claimed of the item and has not been concluded."""
    row = await find_allocation(session, item.merchant_id, item.id)
    if row is None or item.state is not State.ALLOCATED:
        return []
    ended = await conclusions_of(session, row)
    parts = await parts_of(session, row)
    return [part for part in parts if part.failed_to is not None and part.fen and part.id not in ended]


async def claim_at(session: AsyncSession, item: CostItem, position: int) -> AllocationPart:
    """The part at that position, of which something has still to be claimed. Raises ClaimNotOpen."""
    part = next((one for one in await open_claims(session, item) if one.position == position), None)
    if part is None:
        raise ClaimNotOpen
    return part


async def conclude_claim(
    session: AsyncSession, item: CostItem, position: int, received: int, *, by: Person, at: datetime
) -> ClaimConclusion:
    """Record that the claim for the part at that position brought `received` fen; the rest goes where the clause says.

    Raises PermissionMissing, ClaimNotOpen, ClaimOutOfRange.
    """
    authorize(by, Permission.KEEP_BOOKS)
    await lock_cost(session, item)
    part = await claim_at(session, item, position)
    row = await find_allocation(session, item.merchant_id, item.id)
    if row is None:
        raise ClaimNotOpen
    outcome = conclude(part.value, received)
    conclusion = ClaimConclusion(
        merchant_id=item.merchant_id,
        ticket_id=item.ticket_id,
        part_id=part.id,
        result=outcome.result,
        received_fen=outcome.received,
        rest_fen=outcome.rest,
        rest_to=outcome.rest_to,
        concluded_by=by.id,
        concluded_at=at,
    )
    session.add(conclusion)
    await session.flush()
    query = select(Ticket).where(Ticket.merchant_id == item.merchant_id, Ticket.id == item.ticket_id)
    ticket = (await session.scalars(query)).one()
    await book_claim(session, ticket, item, row, part, conclusion)
    await leave_leaf(session, item, CLAIM_CONCLUDED, by=by, at=at)
    return conclusion
