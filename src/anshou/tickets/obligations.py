"""What an agreement or an award lays on each side, and the proof that it was performed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import disputing
from anshou.tickets.attachments import visible_attachment
from anshou.tickets.errors import ObligationNotOpen, ProofHidden
from anshou.tickets.kinds import Side
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Obligation(MerchantRow, Base):
    """One duty of one side, of an agreement or of a proceeding's outcome. Performed once `proof_id` shows it.

    `superseded` when a later agreement, outcome or round took its place: nobody has to perform it any more.
    """

    __tablename__ = "obligation"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    agreement_id: Mapped[UUID | None]
    outcome_id: Mapped[UUID | None]
    position: Mapped[int]
    side: Mapped[Side]
    duty: Mapped[str]
    due_on: Mapped[date]
    superseded: Mapped[bool]
    performed_on: Mapped[date | None]
    proof_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime | None]


async def lay_down(
    session: AsyncSession,
    ticket: Ticket,
    drafts: Sequence[disputing.ObligationDraft],
    made: Made,
    *,
    agreement_id: UUID | None = None,
    outcome_id: UUID | None = None,
) -> None:
    """Keep the duties of an agreement or an outcome, in place of whatever had to be performed until now."""
    await session.execute(
        update(Obligation)
        .where(
            Obligation.merchant_id == ticket.merchant_id,
            Obligation.ticket_id == ticket.id,
            Obligation.superseded.is_(False),
        )
        .values(superseded=True)
    )
    session.add_all(
        Obligation(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            agreement_id=agreement_id,
            outcome_id=outcome_id,
            position=position,
            side=each.side,
            duty=each.duty,
            due_on=each.due_on,
            superseded=False,
        )
        for position, each in enumerate(drafts, start=1)
    )


async def write_performance(session: AsyncSession, ticket: Ticket, record: disputing.Performance, made: Made) -> None:
    """One duty is performed. Raises ObligationNotOpen, AttachmentNotFound, ProofHidden."""
    query = select(Obligation).where(
        Obligation.merchant_id == ticket.merchant_id,
        Obligation.ticket_id == ticket.id,
        Obligation.id == record.obligation,
        Obligation.round == made.before.round,
        Obligation.superseded.is_(False),
        Obligation.performed_on.is_(None),
    )
    obligation = (await session.scalars(query)).one_or_none()
    if obligation is None:
        raise ObligationNotOpen
    proof = await visible_attachment(session, ticket, record.proof)
    if proof.audience is not Side.MERCHANT:
        raise ProofHidden
    obligation.performed_on, obligation.proof_id = record.performed_on, proof.id
    obligation.recorded_by, obligation.recorded_at = made.who, made.at
