"""Objections to determinations and their reviews as rows, and how a ticket's responsibility stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import objecting
from anshou.tickets.answering import heard_as_row
from anshou.tickets.attachments import require_attachments
from anshou.tickets.determinations import Determination, DeterminationShare, determine, find_determination, shares_of
from anshou.tickets.errors import DeterminationReviewedByAuthor
from anshou.tickets.kinds import EscalationLevel
from anshou.tickets.made import Made
from anshou.tickets.objecting import ReviewOutcome
from anshou.tickets.situation import Rules
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow
from tenants.prepared import entities


class DeterminationObjection(MerchantRow, Base):
    """That the merchant objects to a determination, and which level owes the answer."""

    __tablename__ = "determination_objection"

    ticket_id: Mapped[UUID]
    determination_id: Mapped[UUID]
    level: Mapped[EscalationLevel]
    reason: Mapped[str]
    attachment_id: Mapped[UUID | None]
    heard: Mapped[dict[str, Any] | None]
    raised_by: Mapped[UUID]
    raised_at: Mapped[datetime]


class DeterminationReview(MerchantRow, Base):
    """The answer. `level` is the reviewer's own; `determination_id` names what takes the place of the former."""

    __tablename__ = "determination_review"

    ticket_id: Mapped[UUID]
    objection_id: Mapped[UUID]
    outcome: Mapped[ReviewOutcome]
    level: Mapped[EscalationLevel]
    reason: Mapped[str]
    determination_id: Mapped[UUID | None]
    reviewed_by: Mapped[UUID]
    reviewed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """How it stands: what counts, its shares, the largest first, and each objection with its review, the latest first.

    `until` is the instant after which the merchant may no longer object; None where the last word is spoken.
    """

    determination: Determination
    shares: Sequence[DeterminationShare]
    objections: Sequence[tuple[DeterminationObjection, DeterminationReview | None]]
    until: datetime | None

    @property
    def is_under_objection(self) -> bool:
        """Whether an objection waits for its review."""
        return any(review is None for _, review in self.objections)


def _of_ticket(rows_of: Any) -> Any:
    return select(rows_of).where(rows_of.merchant_id == bindparam("merchant"), rows_of.ticket_id == bindparam("ticket"))


_OBJECTIONS = entities(_of_ticket(DeterminationObjection).order_by(DeterminationObjection.id.desc()))
_REVIEWS = entities(_of_ticket(DeterminationReview))


def is_unanswered() -> ColumnElement[bool]:
    """The objections that wait for their review, as a part of a statement about objections."""
    answered = select(DeterminationReview.id).where(
        DeterminationReview.merchant_id == DeterminationObjection.merchant_id,
        DeterminationReview.objection_id == DeterminationObjection.id,
    )
    return ~answered.exists()


async def find_responsibility(session: AsyncSession, ticket: Ticket, rules: Rules) -> Responsibility | None:
    """How the ticket's responsibility stands as far as the context reads it; None while nothing is determined."""
    determination = await find_determination(session, ticket)
    if determination is None:
        return None
    reviews = {
        one.objection_id: one for one in await _REVIEWS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)
    }
    raised = await _OBJECTIONS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)
    objections = [(one, reviews.get(one.id)) for one in raised]
    judged_at, level = determination.determined_at, determination.level
    for review in reviews.values():
        if review.reviewed_at >= judged_at:
            judged_at, level = review.reviewed_at, review.level
    final = objecting.next_level(level) is None
    return Responsibility(
        determination=determination,
        shares=sorted(await shares_of(session, determination), key=lambda share: -share.basis_points),
        objections=objections,
        until=None if final else judged_at + timedelta(days=rules.objection_days),
    )


async def under_objection(session: AsyncSession, ticket_ids: Collection[UUID]) -> set[UUID]:
    """Those of the tickets whose determination waits for a review, as far as the context reads them."""
    if not ticket_ids:
        return set()
    asked = select(DeterminationObjection.ticket_id).where(
        DeterminationObjection.ticket_id.in_(ticket_ids), is_unanswered()
    )
    return set(await session.scalars(asked))


async def write_objection(session: AsyncSession, ticket: Ticket, record: objecting.Objection, made: Made) -> None:
    """Keep the objection to what counts now. Raises AttachmentNotFound."""
    if record.attachment is not None:
        await require_attachments(session, ticket, [record.attachment])
    determination = await find_determination(session, ticket)
    level = made.after.facts.objection
    if determination is None or level is None:
        raise AssertionError("only what was determined is objected to, and somebody reviews it")
    session.add(
        DeterminationObjection(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            determination_id=determination.id,
            level=level,
            reason=record.reason,
            attachment_id=record.attachment,
            raised_by=made.who,
            raised_at=made.at,
            **heard_as_row(record),
        )
    )


async def write_review(session: AsyncSession, ticket: Ticket, record: objecting.Review, made: Made) -> None:
    """Answer the objection; what replaces the determination counts from now on.

    Raises DeterminationReviewedByAuthor: nobody reviews what they determined.
    """
    asked = select(DeterminationObjection).where(
        DeterminationObjection.merchant_id == ticket.merchant_id,
        DeterminationObjection.ticket_id == ticket.id,
        is_unanswered(),
    )
    objection = (await session.scalars(asked)).one()
    determination = await find_determination(session, ticket)
    level = made.after.facts.judged_level
    if determination is None or level is None:
        raise AssertionError("what is reviewed was determined, and only a level reviews")
    if determination.determined_by == made.who:
        raise DeterminationReviewedByAuthor
    replaced = None
    if record.responsibility is not None:
        replaced = await determine(session, ticket, record.responsibility, made, reason=record.reason)
    session.add(
        DeterminationReview(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            objection_id=objection.id,
            outcome=record.outcome,
            level=level,
            reason=record.reason,
            determination_id=replaced.id if replaced else None,
            reviewed_by=made.who,
            reviewed_at=made.at,
        )
    )
