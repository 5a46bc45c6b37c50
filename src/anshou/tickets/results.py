"""The result of a data anomaly as it was explained to the merchant, their questions and their confirmation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import data_anomaly
from anshou.tickets.answering import heard_as_row
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Result(MerchantRow, Base):
    """Cause and measures, explained."""

    __tablename__ = "result"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    cause: Mapped[str]
    measures: Mapped[str]
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]


class ResultConfirmation(MerchantRow, Base):
    """That the merchant accepts the explanation."""

    __tablename__ = "result_confirmation"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    comment: Mapped[str | None]
    heard: Mapped[dict[str, Any] | None]
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime]


class Question(MerchantRow, Base):
    """What the merchant still wanted to know. `round` is the one that the question began."""

    __tablename__ = "question"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    question: Mapped[str]
    heard: Mapped[dict[str, Any] | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]


async def find_result(session: AsyncSession, ticket: Ticket) -> Result | None:
    """What was explained last, if anything was."""
    query = select(Result).where(Result.merchant_id == ticket.merchant_id, Result.ticket_id == ticket.id)
    return (await session.scalars(query.order_by(Result.told_at.desc()).limit(1))).one_or_none()


async def write_result(session: AsyncSession, ticket: Ticket, record: data_anomaly.Result, made: Made) -> None:
    """Keep what was explained; it answers a question that led to another analysis."""
    await _answer(session, ticket, record.cause, made)
    session.add(
        Result(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            cause=record.cause,
            measures=record.measures,
            told_by=made.who,
            told_at=made.at,
        )
    )


async def write_confirmation(
    session: AsyncSession, ticket: Ticket, record: data_anomaly.Confirmation, made: Made
) -> None:
    """The merchant accepts it."""
    session.add(
        ResultConfirmation(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            comment=record.comment,
            confirmed_by=made.who,
            confirmed_at=made.at,
            **heard_as_row(record),
        )
    )


async def write_question(session: AsyncSession, ticket: Ticket, record: data_anomaly.Question, made: Made) -> None:
    """The merchant asks again, which begins a round."""
    session.add(
        Question(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.after.round,
            question=record.question,
            asked_by=made.who,
            asked_at=made.at,
            **heard_as_row(record),
        )
    )


async def write_answer(session: AsyncSession, ticket: Ticket, record: data_anomaly.Answer, made: Made) -> None:
    """The question of this round is answered."""
    await _answer(session, ticket, record.answer, made)


async def _answer(session: AsyncSession, ticket: Ticket, answer: str, made: Made) -> None:
    query = select(Question).where(
        Question.merchant_id == ticket.merchant_id,
        Question.ticket_id == ticket.id,
        Question.round == made.before.round,
        Question.answered_at.is_(None),
    )
    for question in await session.scalars(query):
        question.answer, question.answered_by, question.answered_at = answer, made.who, made.at
