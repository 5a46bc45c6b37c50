"""The rows of cost items: the item as it stands, what was done to it, and its evidence."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.costs.states import BOOKED, Deed, State
from billing.costs.usual import LOOKED_AT
from billing.currencies import Currency
from billing.parties import CostCategory
from tenants.base import Base, MerchantRow


class CostItem(MerchantRow, Base):
    """One cost of one ticket, in the currency of its contract.

    `fen` is the whole amount, of which `tax_fen` is tax, in hundredths of the currency. `department` is the claimant's.
    `state` is where its deeds have led. Instants are UTC.
    """

    __tablename__ = "cost_item"

    ticket_id: Mapped[UUID]
    number: Mapped[str]
    category: Mapped[CostCategory]
    fen: Mapped[int] = mapped_column(BigInteger)
    tax_fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    incurred_on: Mapped[date]
    note: Mapped[str]
    department: Mapped[str | None]
    claimed_by: Mapped[UUID]
    claimed_at: Mapped[datetime]
    state: Mapped[State]
    state_since: Mapped[datetime]
    version: Mapped[int]


class CostDeed(MerchantRow, Base):
    """What somebody did to an item. `reason` says why it was returned; `seen` is what a verifier had before them."""

    __tablename__ = "cost_deed"

    ticket_id: Mapped[UUID]
    item_id: Mapped[UUID]
    deed: Mapped[Deed]
    reason: Mapped[str]
    seen: Mapped[dict[str, Any]]
    done_by: Mapped[UUID]
    done_at: Mapped[datetime]


class CostEvidence(MerchantRow, Base):
    """A file that proves an item, in the storage sealed for the merchant; `attachment_id` if it is a copy of one.

    `sha256` is of its plain content, in hexadecimal; `size`
    is in bytes.
    """

    __tablename__ = "cost_evidence"

    ticket_id: Mapped[UUID]
    item_id: Mapped[UUID]
    attachment_id: Mapped[UUID | None]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    storage_key: Mapped[str]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    removed_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]


async def deeds_of(session: AsyncSession, item: CostItem) -> Sequence[CostDeed]:
    """What was done to the item, in its order."""
    query = select(CostDeed).where(CostDeed.merchant_id == item.merchant_id, CostDeed.item_id == item.id)
    return (await session.scalars(query.order_by(CostDeed.id))).all()


async def evidence_of(session: AsyncSession, items: Collection[CostItem]) -> dict[UUID, list[CostEvidence]]:
    """The files that prove each item now, in the order in which they were added."""
    query = select(CostEvidence).where(
        CostEvidence.item_id.in_([item.id for item in items]), CostEvidence.removed_at.is_(None)
    )
    found: dict[UUID, list[CostEvidence]] = {item.id: [] for item in items}
    for one in await session.scalars(query.order_by(CostEvidence.id)):
        found[one.item_id].append(one)
    return found


async def proof_of(session: AsyncSession, merchant_id: UUID, item_id: UUID) -> Sequence[CostEvidence]:
    """The files that prove an item now; its merchant is shown those of what one of its statements charges."""
    query = select(CostEvidence).where(
        CostEvidence.merchant_id == merchant_id, CostEvidence.item_id == item_id, CostEvidence.removed_at.is_(None)
    )
    return (await session.scalars(query.order_by(CostEvidence.id))).all()


async def same_files(
    session: AsyncSession, evidence: Collection[CostEvidence]
) -> list[tuple[CostEvidence, CostEvidence, CostItem]]:
    """Where the very content of these files proves another item that is not withdrawn: file, the other file, its item.

    Within what the context reads: of the whole tenant for finance.
    """
    if not evidence:
        return []
    query = (
        select(CostEvidence, CostItem)
        .join(CostItem, (CostItem.merchant_id == CostEvidence.merchant_id) & (CostItem.id == CostEvidence.item_id))
        .where(
            CostEvidence.sha256.in_({one.sha256 for one in evidence}),
            CostEvidence.removed_at.is_(None),
            CostItem.state != State.WITHDRAWN,
        )
        .order_by(CostEvidence.id)
    )
    others = (await session.execute(query)).all()
    return [
        (one, other, item)
        for one in evidence
        for other, item in others
        if other.sha256 == one.sha256 and other.item_id != one.item_id
    ]


async def amounts_verified(
    session: AsyncSession, category: CostCategory, currency: Currency, *, besides: UUID
) -> Sequence[int]:
    """The amounts of the category's last verified items of the tenant, in fen, the latest first."""
    query = (
        select(CostItem.fen)
        .where(
            CostItem.category == category,
            CostItem.currency == currency,
            CostItem.state.in_(BOOKED),
            CostItem.id != besides,
        )
        .order_by(CostItem.id.desc())
        .limit(LOOKED_AT)
    )
    return (await session.scalars(query)).all()
