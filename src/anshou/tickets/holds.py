"""Holds (挂起): while the merchant owes an answer. The reason is theirs to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import steering
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Hold(MerchantRow, Base):
    """One time that a ticket waited for the merchant's answer; it lasts until `ended_at`."""

    __tablename__ = "hold"

    ticket_id: Mapped[UUID]
    reason: Mapped[str]
    held_by: Mapped[UUID]
    held_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


async def find_hold(session: AsyncSession, ticket: Ticket) -> Hold | None:
    """The hold that lasts, if one does."""
    query = select(Hold).where(
        Hold.merchant_id == ticket.merchant_id, Hold.ticket_id == ticket.id, Hold.ended_at.is_(None)
    )
    return (await session.scalars(query)).one_or_none()


async def write_hold(session: AsyncSession, ticket: Ticket, record: steering.Hold, made: Made) -> None:
    """Begin a hold."""
    session.add(
        Hold(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            reason=record.reason,
            held_by=made.who,
            held_at=made.at,
        )
    )


async def end_hold(session: AsyncSession, ticket: Ticket, *, by: UUID, at: datetime) -> None:
    """End the hold that lasts; nothing if none does."""
    if (hold := await find_hold(session, ticket)) is not None:
        hold.ended_by, hold.ended_at = by, at
