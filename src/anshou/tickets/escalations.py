"""Escalations (升级): to the supervisor, then to the executive, until the level that was asked decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import steering
from anshou.tickets.kinds import EscalationLevel
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket, find_desk
from tenants.base import Base, MerchantRow


class Escalation(MerchantRow, Base):
    """One call for the next level's attention, and what it decided."""

    __tablename__ = "escalation"

    ticket_id: Mapped[UUID]
    level: Mapped[EscalationLevel]
    reason: Mapped[str]
    escalated_by: Mapped[UUID]
    escalated_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


async def write_escalation(session: AsyncSession, ticket: Ticket, record: steering.Escalation, made: Made) -> None:
    """Call the next level."""
    level = made.after.level
    if level is None:
        raise AssertionError("an escalation leads to a level")
    session.add(
        Escalation(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            level=level,
            reason=record.reason,
            escalated_by=made.who,
            escalated_at=made.at,
        )
    )
    await _set_level(session, ticket, level)


async def write_decision(
    session: AsyncSession, ticket: Ticket, record: steering.EscalationDecision, made: Made
) -> None:
    """Answer every call that is still open: the highest level speaks for those below it."""
    query = select(Escalation).where(
        Escalation.merchant_id == ticket.merchant_id,
        Escalation.ticket_id == ticket.id,
        Escalation.decided_at.is_(None),
    )
    for escalation in await session.scalars(query):
        escalation.decision, escalation.decided_by, escalation.decided_at = record.decision, made.who, made.at
    await _set_level(session, ticket, None)


async def _set_level(session: AsyncSession, ticket: Ticket, level: EscalationLevel | None) -> None:
    desk = await find_desk(session, ticket)
    if desk is None:
        raise AssertionError("every ticket has a desk, and only the agency escalates")
    desk.level = level
