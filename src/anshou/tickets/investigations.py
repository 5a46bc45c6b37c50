"""What an investigation collected and found about each point at issue. Stays inside the agency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import disputing
from anshou.tickets.attachments import require_attachments
from anshou.tickets.determinations import determine
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class EvidenceItem(MerchantRow, Base):
    """One thing collected."""

    __tablename__ = "evidence_item"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    sort: Mapped[disputing.Evidence]
    content: Mapped[str]
    attachment_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class PointAtIssue(MerchantRow, Base):
    """One point at issue, and what falls to each side."""

    __tablename__ = "point_at_issue"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    position: Mapped[int]
    issue: Mapped[str]
    agency_part: Mapped[str]
    merchant_part: Mapped[str]
    clause: Mapped[str | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def write_investigation(
    session: AsyncSession, ticket: Ticket, record: disputing.Investigation, made: Made
) -> None:
    """Keep evidence and points, and the determination if one is made. Raises AttachmentNotFound."""
    await require_attachments(session, ticket, [each.attachment for each in record.evidence if each.attachment])
    session.add_all(
        EvidenceItem(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            sort=each.sort,
            content=each.content,
            attachment_id=each.attachment,
            recorded_by=made.who,
            recorded_at=made.at,
        )
        for each in record.evidence
    )
    session.add_all(
        PointAtIssue(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            position=position,
            issue=each.issue,
            agency_part=each.agency_part,
            merchant_part=each.merchant_part,
            clause=each.clause,
            recorded_by=made.who,
            recorded_at=made.at,
        )
        for position, each in enumerate(record.points, start=1)
    )
    if record.responsibility is not None:
        await determine(session, ticket, record.responsibility, made)
