"""Rounds of negotiation: a record that both sides read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import disputing
from anshou.tickets.kinds import Channel, Side
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class NegotiationRound(MerchantRow, Base):
    """When, who, positions and offers, as one side recorded it."""

    __tablename__ = "negotiation_round"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    held_at: Mapped[datetime]
    channel: Mapped[Channel]
    people: Mapped[str]
    agency_position: Mapped[str]
    merchant_position: Mapped[str]
    agency_offer: Mapped[str | None]
    merchant_offer: Mapped[str | None]
    recorded_side: Mapped[Side]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def write_negotiation_round(
    session: AsyncSession, ticket: Ticket, record: disputing.NegotiationRound, made: Made
) -> None:
    """Keep the round."""
    session.add(
        NegotiationRound(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            held_at=record.held_at,
            channel=record.channel,
            people=record.people,
            agency_position=record.agency_position,
            merchant_position=record.merchant_position,
            agency_offer=record.agency_offer,
            merchant_offer=record.merchant_offer,
            recorded_side=made.side,
            recorded_by=made.who,
            recorded_at=made.at,
        )
    )
