"""Arbitration and litigation: each proceeding, news of it, and its outcome."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.terms import Forum
from anshou.tickets import disputing
from anshou.tickets.made import Made
from anshou.tickets.obligations import lay_down
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Proceeding(MerchantRow, Base):
    """A proceeding as it stood when this was recorded; a later row of the same case number continues it."""

    __tablename__ = "proceeding"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    forum: Mapped[Forum]
    body: Mapped[str]
    case_number: Mapped[str]
    filed_on: Mapped[date]
    hearing_on: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class ProceedingOutcome(MerchantRow, Base):
    """How it ended."""

    __tablename__ = "proceeding_outcome"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    ruling: Mapped[disputing.Ruling]
    decided_on: Mapped[date]
    text: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def write_proceeding(session: AsyncSession, ticket: Ticket, record: disputing.Proceeding, made: Made) -> None:
    """Keep the proceeding or the news of it."""
    session.add(
        Proceeding(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            forum=record.forum,
            body=record.body,
            case_number=record.case_number,
            filed_on=record.filed_on,
            hearing_on=record.hearing_on,
            recorded_by=made.who,
            recorded_at=made.at,
        )
    )


async def write_outcome(session: AsyncSession, ticket: Ticket, record: disputing.ProceedingOutcome, made: Made) -> None:
    """Keep the outcome with the duties that it lays on the sides."""
    outcome = ProceedingOutcome(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        round=made.before.round,
        ruling=record.ruling,
        decided_on=record.decided_on,
        text=record.text,
        recorded_by=made.who,
        recorded_at=made.at,
    )
    session.add(outcome)
    # The obligations refer to it.
    await session.flush()
    await lay_down(session, ticket, record.obligations, made, outcome_id=outcome.id)
