"""Who carries a ticket: its department, its owner, and the way it took through the departments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.roles import Department
from anshou.tickets import dispatching, steering
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket, find_desk
from tenants.base import Base, MerchantRow


class HandOver(MerchantRow, Base):
    """A ticket given to a department; the first one is its dispatch. Every department it ever had goes on seeing it."""

    __tablename__ = "hand_over"

    ticket_id: Mapped[UUID]
    from_department: Mapped[Department | None]
    to_department: Mapped[Department]
    reason: Mapped[str | None]
    handed_by: Mapped[UUID]
    handed_at: Mapped[datetime]


async def hand_to(
    session: AsyncSession,
    ticket: Ticket,
    department: Department | None,
    made: Made,
    *,
    owner: UUID | None,
    reason: str | None = None,
) -> None:
    """Give the ticket to a department and an owner; without one it waits there to be claimed."""
    if department is not None and department is not ticket.department:
        session.add(
            HandOver(
                merchant_id=ticket.merchant_id,
                ticket_id=ticket.id,
                from_department=ticket.department,
                to_department=department,
                reason=reason,
                handed_by=made.who,
                handed_at=made.at,
            )
        )
        ticket.department = department
    ticket.owner_id = owner


async def write_dispatch(session: AsyncSession, ticket: Ticket, record: dispatching.Dispatch, made: Made) -> None:
    """Classify the ticket and give it to its first department."""
    ticket.category, ticket.urgency = record.category, record.urgency
    ticket.promised_at = record.promised_at
    if (desk := await find_desk(session, ticket)) is not None:
        desk.severity = record.severity
    await hand_to(session, ticket, record.department, made, owner=record.owner)


async def write_hand_over(session: AsyncSession, ticket: Ticket, record: steering.HandOver, made: Made) -> None:
    """Give the ticket to another department."""
    await hand_to(session, ticket, record.department, made, owner=record.owner, reason=record.reason)


async def write_assignment(session: AsyncSession, ticket: Ticket, record: steering.Assignment, made: Made) -> None:
    """Give the ticket to another owner."""
    ticket.owner_id = record.owner


async def write_release(session: AsyncSession, ticket: Ticket, record: steering.Release, made: Made) -> None:
    """Nobody has the ticket; its department goes on carrying it."""
    ticket.owner_id = None


async def write_claim(session: AsyncSession, ticket: Ticket, record: steering.Claim, made: Made) -> None:
    """Whoever claims it owns it."""
    ticket.owner_id = made.who


async def write_reclassification(
    session: AsyncSession, ticket: Ticket, record: steering.Reclassification, made: Made
) -> None:
    """Change what was stated; the rest stays."""
    ticket.category = record.category or ticket.category
    ticket.urgency = record.urgency or ticket.urgency
    if record.severity is not None and (desk := await find_desk(session, ticket)) is not None:
        desk.severity = record.severity


async def write_promise(session: AsyncSession, ticket: Ticket, record: steering.Promise, made: Made) -> None:
    """Promise another time."""
    ticket.promised_at = record.promised_at
