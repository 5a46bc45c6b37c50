"""Determinations of responsibility (责任判定): a later one replaces an earlier one and leaves it as it was."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased

from anshou.tickets import steering
from anshou.tickets.kinds import EscalationLevel, Side
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from billing import responsibility
from billing.attribution.asking import ask_attribution
from billing.parties import Party
from tenants.base import Base, MerchantRow
from tenants.prepared import entities


class Determination(MerchantRow, Base):
    """Who is responsible, on what basis, by which clause. `replaces_id` names the one before it.

    `level` is that of the agency who determined, None being the department. Those from before the merchant was told
    have the agency as their audience.
    """

    __tablename__ = "determination"

    audience: Mapped[Side]
    ticket_id: Mapped[UUID]
    round: Mapped[int]
    basis: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str | None]
    replaces_id: Mapped[UUID | None]
    level: Mapped[EscalationLevel | None]
    determined_by: Mapped[UUID]
    determined_at: Mapped[datetime]


class DeterminationShare(MerchantRow, Base):
    """One party's share, in basis points."""

    __tablename__ = "determination_share"

    audience: Mapped[Side]
    ticket_id: Mapped[UUID]
    determination_id: Mapped[UUID]
    party: Mapped[Party]
    basis_points: Mapped[int]


_later = aliased(Determination)
_COUNTING = entities(
    select(Determination).where(
        Determination.merchant_id == bindparam("merchant"),
        Determination.ticket_id == bindparam("ticket"),
        ~select(_later.id)
        .where(_later.merchant_id == Determination.merchant_id, _later.replaces_id == Determination.id)
        .exists(),
    )
)


async def find_determination(session: AsyncSession, ticket: Ticket) -> Determination | None:
    """The determination that counts now: the one that none replaces."""
    return await _COUNTING.one_or_none(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def shares_of(session: AsyncSession, determination: Determination) -> Sequence[DeterminationShare]:
    """The shares of the determination, by party."""
    query = select(DeterminationShare).where(
        DeterminationShare.merchant_id == determination.merchant_id,
        DeterminationShare.determination_id == determination.id,
    )
    return (await session.scalars(query.order_by(DeterminationShare.party))).all()


async def determine(
    session: AsyncSession,
    ticket: Ticket,
    stated: responsibility.Determination,
    made: Made,
    *,
    reason: str | None = None,
) -> Determination:
    """Let this determination count from now on; the merchant is told of it."""
    earlier = await find_determination(session, ticket)
    row = Determination(
        merchant_id=ticket.merchant_id,
        audience=Side.MERCHANT,
        ticket_id=ticket.id,
        round=made.before.round,
        basis=stated.basis,
        clause=stated.clause,
        reason=reason,
        replaces_id=earlier.id if earlier else None,
        level=made.after.facts.judged_level,
        determined_by=made.who,
        determined_at=made.at,
    )
    session.add(row)
    # The shares refer to it.
    await session.flush()
    session.add_all(
        DeterminationShare(
            merchant_id=ticket.merchant_id,
            audience=Side.MERCHANT,
            ticket_id=ticket.id,
            determination_id=row.id,
            party=share.party,
            basis_points=share.basis_points,
        )
        for share in stated.shares
    )
    await ask_attribution(session, ticket.merchant_id, ticket.id)
    return row


async def write_redetermination(
    session: AsyncSession, ticket: Ticket, record: steering.Redetermination, made: Made
) -> None:
    """Replace the determination that counts, with the reason."""
    await determine(session, ticket, record.responsibility, made, reason=record.reason)
