"""What the merchant thought of the result, and what a visit found afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import service_quality
from anshou.tickets.answering import heard_as_row
from anshou.tickets.kinds import Channel
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Rating(MerchantRow, Base):
    """The merchant's rating of one round: 1 to 5, and whether the matter is settled for them."""

    __tablename__ = "rating"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    score: Mapped[int]
    satisfied: Mapped[bool]
    comment: Mapped[str | None]
    heard: Mapped[dict[str, Any] | None]
    rated_by: Mapped[UUID]
    rated_at: Mapped[datetime]


class ReturnVisit(MerchantRow, Base):
    """A return visit (回访) after completion."""

    __tablename__ = "return_visit"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    visited_at: Mapped[datetime]
    channel: Mapped[Channel]
    spoke_with: Mapped[str]
    back_to_normal: Mapped[bool]
    recurred: Mapped[bool]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def write_rating(session: AsyncSession, ticket: Ticket, record: service_quality.Rating, made: Made) -> None:
    """Keep the rating with the round it is about."""
    session.add(
        Rating(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            score=record.score,
            satisfied=record.satisfied,
            comment=record.comment,
            rated_by=made.who,
            rated_at=made.at,
            **heard_as_row(record),
        )
    )


async def write_return_visit(
    session: AsyncSession, ticket: Ticket, record: service_quality.ReturnVisit, made: Made
) -> None:
    """Keep the visit with the round it ends."""
    session.add(
        ReturnVisit(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            visited_at=record.visited_at,
            channel=record.channel,
            spoke_with=record.spoke_with,
            back_to_normal=record.back_to_normal,
            recurred=record.recurred,
            recorded_by=made.who,
            recorded_at=made.at,
        )
    )
