"""Meetings of several departments about one ticket, with their decisions. Stay inside the agency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import telling
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Meeting(MerchantRow, Base):
    """A meeting record (跨部门会议)."""

    __tablename__ = "meeting"

    ticket_id: Mapped[UUID]
    held_at: Mapped[datetime]
    departments: Mapped[list[str]]
    people: Mapped[str]
    discussion: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class MeetingDecision(MerchantRow, Base):
    """One decision of a meeting."""

    __tablename__ = "meeting_decision"

    ticket_id: Mapped[UUID]
    meeting_id: Mapped[UUID]
    position: Mapped[int]
    decision: Mapped[str]
    owner_id: Mapped[UUID | None]
    deadline: Mapped[datetime | None]


async def write_meeting(session: AsyncSession, ticket: Ticket, record: telling.Meeting, made: Made) -> None:
    """Keep the meeting and what it decided."""
    meeting = Meeting(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        held_at=record.held_at,
        departments=[str(department) for department in record.departments],
        people=record.people,
        discussion=record.discussion,
        recorded_by=made.who,
        recorded_at=made.at,
    )
    session.add(meeting)
    # The decisions refer to it.
    await session.flush()
    session.add_all(
        MeetingDecision(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            meeting_id=meeting.id,
            position=position,
            decision=each.decision,
            owner_id=each.owner,
            deadline=each.deadline,
        )
        for position, each in enumerate(record.decisions, start=1)
    )
