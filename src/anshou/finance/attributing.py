"""A determination becomes who bears what: the contract of the day, its clauses, the costs, the books.

Run by the worker whenever a cost was verified or a determination was made. It brings the ticket's costs to where they
have to stand now, so running it again changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.booking import book_allocation, book_cost, unbook_allocation
from anshou.finance.deeds import ALLOCATED
from anshou.finance.moving import do
from anshou.merchants.amounts import terms_to_attribute
from anshou.merchants.contracts import find_contract_in_force
from anshou.merchants.merchants import Merchant
from anshou.people.person import SYSTEM
from anshou.tickets.determinations import Determination, find_determination, shares_of
from anshou.tickets.tickets import Ticket
from billing.attribution.allocations import CostFacts
from billing.attribution.attributing import attribute
from billing.attribution.errors import AmountsClosed
from billing.attribution.rules import Rule
from billing.attribution.setting import read_general_rule
from billing.attribution.tables import (
    AllocationRow,
    conclusions_of,
    find_allocation,
    keep_parts,
    parts_of,
    used_so_far,
)
from billing.costs.items import CostItem
from billing.costs.states import BOOKED, Deed
from billing.shares import Share


async def attribute_costs(session: AsyncSession, merchant_id: UUID, ticket_id: UUID, *, at: datetime) -> None:
    """Book what was verified of the ticket's costs, and allocate it by the determination that counts.

    Without one, or while the amounts of the contract cannot be read, it stays under pending determination. Needs the
    agency's context, because the books are the agency's.
    """
    # The merchant's caps are shared between its tickets, so one at a time; new rows of the merchant need not wait.
    await session.execute(select(Merchant.id).where(Merchant.id == merchant_id).with_for_update(key_share=True))
    query = select(Ticket).where(Ticket.merchant_id == merchant_id, Ticket.id == ticket_id)
    ticket = (await session.scalars(query)).one()
    items = await _booked(session, ticket)
    for item in items:
        await book_cost(session, ticket, item, at=at)
    determination = await find_determination(session, ticket)
    if determination is None:
        return
    standing = {item.id: await find_allocation(session, merchant_id, item.id) for item in items}
    due = [item for item in items if not _follows(standing[item.id], determination)]
    if due:
        await _allocate(session, ticket, due, standing, determination, at=at)


def _follows(row: AllocationRow | None, determination: Determination) -> bool:
    return row is not None and row.determination_id == determination.id


async def _booked(session: AsyncSession, ticket: Ticket) -> Sequence[CostItem]:
    query = select(CostItem).where(
        CostItem.merchant_id == ticket.merchant_id, CostItem.ticket_id == ticket.id, CostItem.state.in_(BOOKED)
    )
    query = query.order_by(CostItem.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def _allocate(
    session: AsyncSession,
    ticket: Ticket,
    items: Sequence[CostItem],
    standing: dict[UUID, AllocationRow | None],
    determination: Determination,
    *,
    at: datetime,
) -> None:
    """Allocate each item by the contract that was in force on the day the problem occurred."""
    contract = await find_contract_in_force(session, ticket.merchant_id, ticket.occurred_on)
    terms = None if contract is None else await terms_to_attribute(session, contract, at=at)
    general = await read_general_rule(session)
    version_id = None if contract is None else contract.id
    try:
        rule = Rule(f"{version_id}/{general.version}", () if terms is None else terms.cost_clauses, general)
    except AmountsClosed:
        # Not lost: it stays under pending determination, where the list shows it.
        return
    shares = tuple(
        Share(party=share.party, basis_points=share.basis_points) for share in await shares_of(session, determination)
    )
    for item in items:
        before = standing[item.id]
        if before is not None:
            conclusions = list((await conclusions_of(session, before)).values())
            await unbook_allocation(session, before, conclusions, at=at)
        used = await used_so_far(session, ticket.merchant_id, version_id, besides=before.id if before else None)
        facts = CostFacts(
            item_id=item.id, category=item.category, fen=item.fen, incurred_on=item.incurred_on, shares=shares
        )
        row = AllocationRow(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            item_id=item.id,
            determination_id=determination.id,
            version_id=version_id,
            general_version=general.version,
            supersedes_id=before.id if before else None,
            fen=item.fen,
            currency=item.currency,
            allocated_by=SYSTEM.id,
            allocated_at=at,
        )
        await keep_parts(session, row, attribute(facts, rule, used))
        await book_allocation(session, ticket, item, row, await parts_of(session, row), at)
        await do(session, item, Deed.ALLOCATED, ALLOCATED, by=SYSTEM, at=at)
