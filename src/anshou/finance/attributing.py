"""A determination becomes who bears what: the contract of the day, its clauses, the costs, the books.

Run by the worker whenever a cost was verified, a determination made or a rule changed. It brings the ticket's costs to
where they have to stand now, so running it again changes nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.booking import (
    book_allocation,
    book_cost,
    unbook_allocation,
)
from anshou.finance.deeds import ALLOCATED
from anshou.finance.moving import do
from anshou.finance.rules_of_day import RuleOfDay, rule_of_day, says_the_same
from anshou.merchants.merchants import Merchant
from anshou.people.person import SYSTEM
from anshou.tickets.determinations import Determination, find_determination, shares_of
from anshou.tickets.tickets import Ticket
from billing.attribution.allocations import CostFacts
from billing.attribution.asking import ask_attribution
from billing.attribution.attributing import attribute
from billing.attribution.errors import AmountsClosed
from billing.attribution.tables import (
    AllocationRow,
    conclusions_of,
    find_allocation,
    keep_parts,
    parts_of,
    used_so_far,
)
from billing.costs.items import CostItem
from billing.costs.states import BOOKED, Deed, State
from billing.ledger.periods import PeriodState, find_period
from billing.ledger.vouchers import standing_vouchers
from billing.ledger.wording import DETERMINED_ANEW, RULED_ANEW
from billing.shares import Share
from billing.sources import ALLOCATION


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
    shares = tuple(
        Share(party=share.party, basis_points=share.basis_points) for share in await shares_of(session, determination)
    )
    standing = {item.id: await find_allocation(session, merchant_id, item.id) for item in items}
    try:
        # By the contract that was in force on the day the problem occurred.
        ruled = await rule_of_day(session, merchant_id, ticket.occurred_on, at=at)
        due = [
            item
            for item in items
            if not await _stands(session, standing[item.id], item, determination, shares, ruled, at)
        ]
    except AmountsClosed:
        # Not lost: it stays under pending determination, where the list shows it.
        return
    for item in due:
        await _allocate(session, ticket, item, standing[item.id], determination, shares, ruled, at=at)


async def apply_rules(session: AsyncSession, since: date, merchant_id: UUID | None) -> int:
    """Ask for the attribution of every ticket with booked costs that happened since that day; of how many.

    Another contract or general rule decides them. What it does not touch stays as it is, to the byte; so does what was
    allocated in a month that is closed. Needs the agency's context.
    """
    costly = select(CostItem.id).where(
        CostItem.merchant_id == Ticket.merchant_id, CostItem.ticket_id == Ticket.id, CostItem.state.in_(BOOKED)
    )
    query = select(Ticket.merchant_id, Ticket.id).where(Ticket.occurred_on >= since, costly.exists())
    if merchant_id is not None:
        query = query.where(Ticket.merchant_id == merchant_id)
    found = (await session.execute(query.order_by(Ticket.id))).all()
    for owner_id, ticket_id in found:
        await ask_attribution(session, owner_id, ticket_id)
    return len(found)


async def _stands(
    session: AsyncSession,
    row: AllocationRow | None,
    item: CostItem,
    determination: Determination,
    shares: Sequence[Share],
    ruled: RuleOfDay,
    at: datetime,
) -> bool:
    """Whether the allocation is what it has to be: by the determination that counts, and by what the rule says now."""
    # Verified anew after its verification was taken back: the allocation of then is no longer in the books.
    if row is None or item.state is not State.ALLOCATED or row.determination_id != determination.id:
        return False
    if await says_the_same(session, row, item, shares, ruled, at=at):
        return True
    # A determination is about the case, so it is followed into a closed month by a correction in the open one. A rule
    # is about all cases: what a closed month says by the rule of its time stays.
    return await _is_closed(session, row)


async def _is_closed(session: AsyncSession, row: AllocationRow) -> bool:
    for voucher in await standing_vouchers(session, ALLOCATION, row.id):
        period = await find_period(session, voucher.booked_on)
        if period is not None and period.state is not PeriodState.OPEN:
            return True
    return False


async def _booked(session: AsyncSession, ticket: Ticket) -> Sequence[CostItem]:
    query = select(CostItem).where(
        CostItem.merchant_id == ticket.merchant_id, CostItem.ticket_id == ticket.id, CostItem.state.in_(BOOKED)
    )
    query = query.order_by(CostItem.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def _allocate(
    session: AsyncSession,
    ticket: Ticket,
    item: CostItem,
    before: AllocationRow | None,
    determination: Determination,
    shares: tuple[Share, ...],
    ruled: RuleOfDay,
    *,
    at: datetime,
) -> None:
    if before is not None:
        conclusions = list((await conclusions_of(session, before)).values())
        reason = RULED_ANEW if before.determination_id == determination.id else DETERMINED_ANEW
        await unbook_allocation(session, before, conclusions, reason=reason, at=at)
    used = await used_so_far(session, ticket.merchant_id, ruled.version_id, besides=before.id if before else None)
    facts = CostFacts(
        item_id=item.id, category=item.category, fen=item.fen, incurred_on=item.incurred_on, shares=shares
    )
    row = AllocationRow(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        item_id=item.id,
        determination_id=determination.id,
        version_id=ruled.version_id,
        general_version=ruled.general_version,
        supersedes_id=before.id if before else None,
        fen=item.fen,
        currency=item.currency,
        allocated_by=SYSTEM.id,
        allocated_at=at,
    )
    await keep_parts(session, row, attribute(facts, ruled.rule, used))
    await book_allocation(session, ticket, item, row, await parts_of(session, row), at)
    await do(session, item, Deed.ALLOCATED, ALLOCATED, by=SYSTEM, at=at)
