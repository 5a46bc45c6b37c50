"""Why the merchant bears what a line charges: the sentence of the allocation that the line was posted by.

Said as the statement is made, and kept with it: a merchant reads its statement and never the agency's allocations.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.attribution.allocations import Allocation, Part
from billing.attribution.explaining import explain_party, explain_rest, yuan
from billing.attribution.tables import AllocationPart, ClaimConclusion
from billing.ledger.vouchers import Entry, Voucher, VoucherKind
from billing.parties import Party
from billing.sources import ALLOCATION, CLAIM_REST
from tenants.refusals import N_, Message

Place = tuple[UUID, int]
"""An entry: its voucher and its line in it."""


async def reasons_of(session: AsyncSession, merchant_id: UUID, postings: Select[UUID]) -> Mapping[Place, str]:
    """The sentence for each entry of these vouchers that charges the merchant with an allocation or a failed claim.

    `postings` selects vouchers by id. A reversal says itself why it was made, and is left out.
    """
    return await _of_allocations(session, merchant_id, postings) | await _of_claims(session, merchant_id, postings)


async def _of_allocations(session: AsyncSession, merchant_id: UUID, postings: Select[UUID]) -> dict[Place, str]:
    asked = (
        select(Voucher.id, AllocationPart)
        .join(AllocationPart, AllocationPart.allocation_id == Voucher.source_id)
        .where(*_made_by(ALLOCATION, postings), AllocationPart.merchant_id == merchant_id, AllocationPart.fen != 0)
        .order_by(Voucher.id, AllocationPart.position)
    )
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for voucher_id, part in await session.execute(asked):
        parts[voucher_id].append(part.value)
    return {
        (voucher_id, line): _sentence(part)
        for voucher_id, of_it in parts.items()
        # A voucher has an entry for each part that is not zero, in their order, before those of the other side.
        for line, part in enumerate(of_it, start=1)
        if part.party is Party.MERCHANT
    }


async def _of_claims(session: AsyncSession, merchant_id: UUID, postings: Select[UUID]) -> dict[Place, str]:
    asked = (
        select(Voucher.id, Entry.line, ClaimConclusion, AllocationPart)
        .join(ClaimConclusion, ClaimConclusion.id == Voucher.source_id)
        .join(
            AllocationPart,
            (AllocationPart.merchant_id == ClaimConclusion.merchant_id)
            & (AllocationPart.id == ClaimConclusion.part_id),
        )
        .join(Entry, (Entry.voucher_id == Voucher.id) & (Entry.party == ClaimConclusion.rest_to))
        .where(*_made_by(CLAIM_REST, postings), ClaimConclusion.merchant_id == merchant_id)
    )
    return {
        (voucher_id, line): str(explain_rest(part.value, conclusion.rest_fen))
        for voucher_id, line, conclusion, part in await session.execute(asked)
    }


def _made_by(source: str, postings: Select[UUID]) -> Sequence[ColumnElement[bool]]:
    return Voucher.source == source, Voucher.kind == VoucherKind.ORDINARY, Voucher.id.in_(postings)


def _sentence(part: Part) -> str:
    # Of the allocation only what this line charges: another part of the same party is a line of its own.
    why = explain_party(Allocation(UUID(int=0), "", (part,)), part.party)
    whole = part.steps[0].of
    return str(why if whole == part.fen else Message(N_("费用共 %(whole)s 元。%(why)s"), whole=yuan(whole), why=why))
