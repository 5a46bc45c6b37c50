"""From costs to the books: what was verified stands under pending determination, until it is allocated.

Booked on the day itself by China's calendar, or on the first open day after it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM_ID
from anshou.tickets.tickets import Ticket
from billing.attribution.tables import (
    AllocationPart,
    AllocationRow,
    ClaimConclusion,
    conclusions_of,
    find_allocation,
)
from billing.costs.items import CostItem
from billing.ledger.drafts import Draft, Posting
from billing.ledger.periods import open_day
from billing.ledger.posting import BOOKS_ZONE, post, reverse
from billing.ledger.uses import AccountUse, Side, use_for
from billing.ledger.vouchers import standing_key, standing_vouchers
from billing.ledger.wording import (
    CLAIM_CAME_IN,
    CLAIM_FAILED,
    COST_ALLOCATED,
    COST_VERIFIED,
    DETERMINED_ANEW,
    TAKEN_BACK,
)
from billing.parties import Party
from billing.sources import ALLOCATION, CLAIM_RECEIVED, CLAIM_REST, COST
from billing.statements.crediting import reverse_with_credits


async def book_cost(session: AsyncSession, ticket: Ticket, item: CostItem, *, at: datetime) -> None:
    """Book a verified cost under pending determination, if it is not in the books yet."""
    if await standing_vouchers(session, COST, item.id):
        return
    draft = Draft(
        booked_on=await _day(session, at),
        summary=COST_VERIFIED % {"cost": item.number},
        source=COST,
        source_id=item.id,
        postings=(
            _posting(AccountUse.PENDING_DETERMINATION, Side.DEBIT, item.fen, ticket, item),
            _posting(AccountUse.PAYABLE_TO_CLAIMANT, Side.CREDIT, item.fen, ticket, item),
        ),
    )
    # Verified again after it was taken back, it is another voucher.
    key, _ = await standing_key(session, f"{COST}:{item.id}")
    await post(session, draft, idempotency_key=key, by=SYSTEM_ID, at=at)


async def unbook_cost(session: AsyncSession, item: CostItem, *, by: UUID, at: datetime) -> None:
    """Take a cost whose verification is taken back out of the books, and who bore it before that."""
    row = await find_allocation(session, item.merchant_id, item.id)
    if row is not None:
        conclusions = list((await conclusions_of(session, row)).values())
        await unbook_allocation(session, row, conclusions, reason=TAKEN_BACK, by=by, at=at)
    for voucher in await standing_vouchers(session, COST, item.id):
        await reverse(session, voucher.id, reason=TAKEN_BACK, by=by, at=at)


async def book_allocation(
    session: AsyncSession,
    ticket: Ticket,
    item: CostItem,
    row: AllocationRow,
    parts: Sequence[AllocationPart],
    at: datetime,
) -> None:
    """Move a cost from pending determination to the parties that bear it."""
    draft = Draft(
        booked_on=await _day(session, at),
        summary=COST_ALLOCATED % {"cost": item.number},
        source=ALLOCATION,
        source_id=row.id,
        postings=tuple(_to_parties(ticket, item, row, parts)),
    )
    await post(session, draft, idempotency_key=f"{ALLOCATION}:{row.id}", by=SYSTEM_ID, at=at)


async def unbook_allocation(
    session: AsyncSession,
    row: AllocationRow,
    conclusions: Sequence[ClaimConclusion],
    *,
    reason: str = DETERMINED_ANEW,
    by: UUID = SYSTEM_ID,
    at: datetime,
) -> None:
    """Take an allocation out of the books, with what its claims had shifted and what disputes took off it.

    What claims brought in came in and stays.
    """
    sources = [(ALLOCATION, row.id), *((CLAIM_REST, conclusion.id) for conclusion in conclusions)]
    for source, source_id in sources:
        for voucher in await standing_vouchers(session, source, source_id):
            await reverse_with_credits(session, voucher.id, reason=reason, by=by, at=at)


async def book_claim(
    session: AsyncSession,
    ticket: Ticket,
    item: CostItem,
    row: AllocationRow,
    part: AllocationPart,
    conclusion: ClaimConclusion,
) -> None:
    """Book what a claim brought, and charge the rest to who carries it."""
    claim = use_for(part.party)
    booked_on = await _day(session, conclusion.concluded_at)
    shifts = [(CLAIM_RECEIVED, AccountUse.BANK, part.party, conclusion.received_fen, CLAIM_CAME_IN)]
    if conclusion.rest_to is not None:
        shifts.append((CLAIM_REST, use_for(conclusion.rest_to), conclusion.rest_to, conclusion.rest_fen, CLAIM_FAILED))
    for source, use, party, fen, said in shifts:
        if not fen:
            continue
        postings = (
            _posting(use, Side.DEBIT, fen, ticket, item, party=party, row=row, clause=_clause(part)),
            _posting(claim, Side.CREDIT, fen, ticket, item, party=part.party, row=row, clause=_clause(part)),
        )
        draft = Draft(
            booked_on=booked_on,
            summary=said % {"cost": item.number},
            source=source,
            source_id=conclusion.id,
            postings=postings,
        )
        key = f"{source}:{conclusion.id}"
        await post(session, draft, idempotency_key=key, by=conclusion.concluded_by, at=conclusion.concluded_at)


def _to_parties(
    ticket: Ticket, item: CostItem, row: AllocationRow, parts: Sequence[AllocationPart]
) -> Iterator[Posting]:
    for part in parts:
        if part.fen:
            use = use_for(part.party)
            yield _posting(use, Side.DEBIT, part.fen, ticket, item, party=part.party, row=row, clause=_clause(part))
    yield _posting(AccountUse.PENDING_DETERMINATION, Side.CREDIT, item.fen, ticket, item)


def _posting(
    use: AccountUse,
    side: Side,
    fen: int,
    ticket: Ticket,
    item: CostItem,
    *,
    party: Party | None = None,
    row: AllocationRow | None = None,
    clause: str | None = None,
) -> Posting:
    version_id: UUID | None = row.version_id if row else None
    return Posting(
        account=use,
        side=side,
        fen=fen,
        currency=item.currency,
        party=party,
        merchant_id=ticket.merchant_id,
        shop_id=ticket.shop_id,
        ticket_id=ticket.id,
        cost_item_id=item.id,
        version_id=version_id,
        clause=clause,
        department=item.department,
    )


def _clause(part: AllocationPart) -> str | None:
    """The clause of the contract by which the part is borne. The general rule is none: merchants read this."""
    return None if part.is_general else part.clause


async def _day(session: AsyncSession, at: datetime) -> date:
    return await open_day(session, at.astimezone(BOOKS_ZONE).date())
