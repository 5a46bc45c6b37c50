"""Allocations as they are kept: never changed, superseded by a later one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from billing.attribution.allocations import Allocation, Part, Step, Use
from billing.attribution.claims import ClaimResult
from billing.clauses import CapPeriod
from billing.costs.items import CostItem
from billing.costs.states import State
from billing.currencies import Currency
from billing.parties import Party
from tenants.base import Base, MerchantRow


class AllocationRow(MerchantRow, Base):
    """Who bears one cost by one determination, under the contract version (None: there was none) and general rule."""

    __tablename__ = "allocation"

    ticket_id: Mapped[UUID]
    item_id: Mapped[UUID]
    determination_id: Mapped[UUID]
    version_id: Mapped[UUID | None]
    general_version: Mapped[int]
    supersedes_id: Mapped[UUID | None]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    allocated_by: Mapped[UUID]
    allocated_at: Mapped[datetime]


class AllocationPart(MerchantRow, Base):
    """One party's part by one cause, with the steps by which it came about."""

    __tablename__ = "allocation_part"

    ticket_id: Mapped[UUID]
    allocation_id: Mapped[UUID]
    position: Mapped[int]
    cause: Mapped[Party]
    party: Mapped[Party]
    fen: Mapped[int] = mapped_column(BigInteger)
    clause: Mapped[str]
    is_general: Mapped[bool]
    failed_to: Mapped[Party | None]
    steps: Mapped[list[Any]]

    @property
    def value(self) -> Part:
        """The part as the rules know it."""
        steps = msgspec.convert(self.steps, tuple[Step, ...])
        return Part(self.cause, self.party, self.fen, self.clause, self.is_general, self.failed_to, steps)


class AllocationCall(MerchantRow, Base):
    """What an allocation called on a cap of a month or term, and what the cap let through, in fen."""

    __tablename__ = "allocation_call"

    ticket_id: Mapped[UUID]
    allocation_id: Mapped[UUID]
    clause: Mapped[str]
    is_general: Mapped[bool]
    party: Mapped[Party]
    per: Mapped[CapPeriod]
    period: Mapped[str]
    called: Mapped[int] = mapped_column(BigInteger)
    within: Mapped[int] = mapped_column(BigInteger)


class ClaimConclusion(MerchantRow, Base):
    """How the claim for a part ended; amounts in fen."""

    __tablename__ = "claim_conclusion"

    ticket_id: Mapped[UUID]
    part_id: Mapped[UUID]
    result: Mapped[ClaimResult]
    received_fen: Mapped[int] = mapped_column(BigInteger)
    rest_fen: Mapped[int] = mapped_column(BigInteger)
    rest_to: Mapped[Party | None]
    concluded_by: Mapped[UUID]
    concluded_at: Mapped[datetime]


async def keep_parts(session: AsyncSession, row: AllocationRow, allocation: Allocation) -> None:
    """Write the allocation's row with its parts and its calls on caps."""
    session.add(row)
    # The parts refer to it.
    await session.flush()
    of_row = {"merchant_id": row.merchant_id, "ticket_id": row.ticket_id, "allocation_id": row.id}
    session.add_all(
        AllocationPart(
            **of_row,
            position=position,
            cause=part.cause,
            party=part.party,
            fen=part.fen,
            clause=part.clause,
            is_general=part.general,
            failed_to=part.failed_to,
            steps=msgspec.to_builtins(part.steps),
        )
        for position, part in enumerate(allocation.parts, start=1)
    )
    session.add_all(
        AllocationCall(
            **of_row,
            clause=use.clause,
            is_general=use.general,
            party=use.party,
            per=use.per,
            period=use.period,
            called=called,
            within=within,
        )
        for use, called, within in allocation.calls
    )
    await session.flush()


async def find_allocation(session: AsyncSession, merchant_id: UUID, item_id: UUID) -> AllocationRow | None:
    """The last allocation of the item, which none supersedes: it counts while the item is allocated."""
    query = select(AllocationRow).where(AllocationRow.merchant_id == merchant_id, AllocationRow.item_id == item_id)
    return (await session.scalars(query.where(_standing()))).one_or_none()


async def allocations_of(session: AsyncSession, merchant_id: UUID, item_id: UUID) -> Sequence[AllocationRow]:
    """All allocations of the item, the one that counts first."""
    query = select(AllocationRow).where(AllocationRow.merchant_id == merchant_id, AllocationRow.item_id == item_id)
    return (await session.scalars(query.order_by(AllocationRow.id.desc()))).all()


async def parts_of(session: AsyncSession, row: AllocationRow) -> Sequence[AllocationPart]:
    """The parts of the allocation in their order."""
    query = select(AllocationPart).where(
        AllocationPart.merchant_id == row.merchant_id, AllocationPart.allocation_id == row.id
    )
    return (await session.scalars(query.order_by(AllocationPart.position))).all()


async def conclusions_of(session: AsyncSession, row: AllocationRow) -> dict[UUID, ClaimConclusion]:
    """How the claims of the allocation ended, by their parts; those that are open are not there."""
    query = (
        select(ClaimConclusion)
        .join(
            AllocationPart,
            (AllocationPart.merchant_id == ClaimConclusion.merchant_id)
            & (AllocationPart.id == ClaimConclusion.part_id),
        )
        .where(AllocationPart.merchant_id == row.merchant_id, AllocationPart.allocation_id == row.id)
    )
    return {one.part_id: one for one in await session.scalars(query)}


async def used_so_far(
    session: AsyncSession, merchant_id: UUID, version_id: UUID | None, *, besides: UUID | None
) -> dict[Use, int]:
    """What standing allocations of the merchant use of the caps of this version and of the general rule, in fen.

    What fell away by a later determination has given its room back. `besides` is the allocation about to be superseded.
    """
    call = AllocationCall
    query = (
        select(call.clause, call.is_general, call.party, call.per, call.period, func.sum(call.within))
        .join(
            AllocationRow,
            (AllocationRow.merchant_id == call.merchant_id) & (AllocationRow.id == call.allocation_id),
        )
        .where(
            call.merchant_id == merchant_id,
            or_(call.is_general, AllocationRow.version_id == version_id),
            AllocationRow.id.is_distinct_from(besides),
            _standing(),
            # What finance took back uses nothing, until it is allocated again.
            exists().where(
                CostItem.merchant_id == AllocationRow.merchant_id,
                CostItem.id == AllocationRow.item_id,
                CostItem.state == State.ALLOCATED,
            ),
        )
        .group_by(call.clause, call.is_general, call.party, call.per, call.period)
    )
    rows = await session.execute(query)
    return {
        Use(clause, is_general, party, per, period): int(within)
        for clause, is_general, party, per, period, within in rows
    }


def _standing() -> ColumnElement[bool]:
    later = aliased(AllocationRow)
    return ~(
        select(later.id)
        .where(later.merchant_id == AllocationRow.merchant_id, later.supersedes_id == AllocationRow.id)
        .exists()
    )
