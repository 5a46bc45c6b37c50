"""How a ticket ended, how it was opened again, and the improvements taken from it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import closing, ending
from anshou.tickets.errors import LinkRefused
from anshou.tickets.kinds import Outcome, Relation
from anshou.tickets.links import link, other_ticket
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow
from tenants.refusals import N_


class Closure(MerchantRow, Base):
    """One end of a ticket; a reopened one can have several. `said` is what the merchant read."""

    __tablename__ = "closure"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    outcome: Mapped[Outcome]
    said: Mapped[str | None]
    merged_into: Mapped[UUID | None]
    closed_by: Mapped[UUID]
    closed_at: Mapped[datetime]


class Reopening(MerchantRow, Base):
    """That a closed ticket was opened again. `round` is the one that began."""

    __tablename__ = "reopening"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    reason: Mapped[str]
    reopened_by: Mapped[UUID]
    reopened_at: Mapped[datetime]


class Improvement(MerchantRow, Base):
    """An improvement measure that was agreed when a ticket closed (domain.md section 5)."""

    __tablename__ = "improvement"

    ticket_id: Mapped[UUID]
    action: Mapped[str]
    owner_id: Mapped[UUID]
    deadline: Mapped[datetime]
    agreed_by: Mapped[UUID]
    agreed_at: Mapped[datetime]


async def write_closing(session: AsyncSession, ticket: Ticket, record: closing.Closing, made: Made) -> None:
    """A resolved matter and what is done better from now on."""
    _close(session, ticket, made, said=record.summary)
    session.add_all(
        Improvement(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            action=each.action,
            owner_id=each.owner,
            deadline=each.deadline,
            agreed_by=made.who,
            agreed_at=made.at,
        )
        for each in record.improvements
    )


async def write_withdrawal(session: AsyncSession, ticket: Ticket, record: ending.Withdrawal, made: Made) -> None:
    """The merchant no longer pursues it."""
    _close(session, ticket, made, said=record.reason)


async def write_refusal(session: AsyncSession, ticket: Ticket, record: ending.Explanation, made: Made) -> None:
    """It was out of scope."""
    _close(session, ticket, made, said=record.explanation)


async def write_no_answer(session: AsyncSession, ticket: Ticket, record: ending.NoAnswer, made: Made) -> None:
    """The merchant never answered."""
    _close(session, ticket, made, said=record.message)


async def write_merge(session: AsyncSession, ticket: Ticket, record: ending.Merge, made: Made) -> None:
    """It goes on in another ticket of the merchant, which must be open. Raises TicketNotFound, LinkRefused."""
    other = await other_ticket(session, ticket, record.into)
    if other.is_closed:
        raise LinkRefused(N_("目标工单已关闭，不能并入。"))
    await link(session, ticket, other, Relation.DUPLICATES, made)
    _close(session, ticket, made, said=None, merged_into=other.id)


async def write_reopening(session: AsyncSession, ticket: Ticket, record: ending.Reopening, made: Made) -> None:
    """It is open again."""
    session.add(
        Reopening(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.after.round,
            reason=record.reason,
            reopened_by=made.who,
            reopened_at=made.at,
        )
    )


def _close(
    session: AsyncSession, ticket: Ticket, made: Made, *, said: str | None, merged_into: UUID | None = None
) -> None:
    outcome = made.after.outcome
    if outcome is None:
        raise AssertionError("a closing move has an outcome")
    session.add(
        Closure(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            outcome=outcome,
            said=said,
            merged_into=merged_into,
            closed_by=made.who,
            closed_at=made.at,
        )
    )
