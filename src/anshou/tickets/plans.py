"""Plans as rows: what was submitted, what the supervisor and the merchant said, what was done.

A plan is inside the agency until its supervisor approves it; from then on the merchant reads it and its measures.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import planning, service_quality
from anshou.tickets.answering import heard_as_row
from anshou.tickets.errors import MeasureNotOpen, ReviewedByAuthor
from anshou.tickets.kinds import Side
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.prepared import entities
from tenants.refusals import N_


class PlanState(Labelled):
    """What became of a plan."""

    IN_REVIEW = "in_review", N_("审核中")
    SENT_BACK = "sent_back", N_("已退回")
    APPROVED = "approved", N_("已通过审核")
    ACCEPTED = "accepted", N_("商家已同意")
    REJECTED = "rejected", N_("商家不同意")
    REVISED = "revised", N_("已调整")


class Plan(MerchantRow, Base):
    """One version of a ticket's plan; versions count through all rounds."""

    __tablename__ = "plan"

    ticket_id: Mapped[UUID]
    audience: Mapped[Side]
    round: Mapped[int]
    version: Mapped[int]
    summary: Mapped[str]
    state: Mapped[PlanState]
    submitted_by: Mapped[UUID]
    submitted_at: Mapped[datetime]


class Measure(MerchantRow, Base):
    """One measure of a plan. `done_at` is when it was done as its owner states it, not when that was recorded."""

    __tablename__ = "measure"

    ticket_id: Mapped[UUID]
    audience: Mapped[Side]
    plan_id: Mapped[UUID]
    position: Mapped[int]
    action: Mapped[str]
    owner_id: Mapped[UUID]
    deadline: Mapped[datetime]
    result: Mapped[str | None]
    done_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]


class PlanReview(MerchantRow, Base):
    """The supervisor's word on a plan. Stays inside the agency."""

    __tablename__ = "plan_review"

    ticket_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    approved: Mapped[bool]
    comment: Mapped[str | None]
    reviewed_by: Mapped[UUID]
    reviewed_at: Mapped[datetime]


class PlanAnswer(MerchantRow, Base):
    """The merchant's word on a plan."""

    __tablename__ = "plan_answer"

    ticket_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    accepted: Mapped[bool]
    comment: Mapped[str | None]
    heard: Mapped[dict[str, Any] | None]
    answered_by: Mapped[UUID]
    answered_at: Mapped[datetime]


_NEWEST = entities(
    select(Plan)
    .where(Plan.merchant_id == bindparam("merchant"), Plan.ticket_id == bindparam("ticket"))
    .order_by(Plan.version.desc())
    .limit(1)
)
_MEASURES = entities(
    select(Measure)
    .where(Measure.merchant_id == bindparam("merchant"), Measure.plan_id == bindparam("plan"))
    .order_by(Measure.position)
)


async def find_plan(session: AsyncSession, ticket: Ticket) -> Plan | None:
    """The newest plan that the context may read."""
    return await _NEWEST.one_or_none(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def measures_of(session: AsyncSession, plan: Plan) -> list[Measure]:
    """The plan's measures in order."""
    return await _MEASURES.all(session, merchant=plan.merchant_id, plan=plan.id)


async def measure_owners(session: AsyncSession, ticket: Ticket) -> set[UUID]:
    """Who has a measure of the newest plan to carry out."""
    plan = await find_plan(session, ticket)
    return {measure.owner_id for measure in await measures_of(session, plan)} if plan else set()


async def write_plan(session: AsyncSession, ticket: Ticket, record: planning.PlanDraft, made: Made) -> None:
    """Keep the plan with its measures, for review."""
    version = select(func.coalesce(func.max(Plan.version), 0) + 1).where(
        Plan.merchant_id == ticket.merchant_id, Plan.ticket_id == ticket.id
    )
    plan = Plan(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        audience=Side.AGENCY,
        round=made.before.round,
        version=(await session.scalars(version)).one(),
        summary=record.summary,
        state=PlanState.IN_REVIEW,
        submitted_by=made.who,
        submitted_at=made.at,
    )
    session.add(plan)
    # The measures refer to it.
    await session.flush()
    session.add_all(
        Measure(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            audience=Side.AGENCY,
            plan_id=plan.id,
            position=position,
            action=each.action,
            owner_id=each.owner,
            deadline=each.deadline,
        )
        for position, each in enumerate(record.measures, start=1)
    )


async def write_approval(session: AsyncSession, ticket: Ticket, record: planning.PlanApproval, made: Made) -> None:
    """Approve the plan and show it to the merchant. Raises ReviewedByAuthor: nobody approves their own plan."""
    plan = await _current(session, ticket)
    if plan.submitted_by == made.who:
        raise ReviewedByAuthor
    _review(session, plan, made, approved=True, comment=record.comment)
    plan.state, plan.audience = PlanState.APPROVED, Side.MERCHANT
    for measure in await measures_of(session, plan):
        measure.audience = Side.MERCHANT


async def write_sending_back(session: AsyncSession, ticket: Ticket, record: planning.SentBack, made: Made) -> None:
    """Send the plan back."""
    plan = await _current(session, ticket)
    _review(session, plan, made, approved=False, comment=record.reason)
    plan.state = PlanState.SENT_BACK


async def write_revision(session: AsyncSession, ticket: Ticket, record: planning.Revision, made: Made) -> None:
    """Take the plan back."""
    plan = await _current(session, ticket)
    plan.state = PlanState.REVISED


async def write_acceptance(
    session: AsyncSession, ticket: Ticket, record: service_quality.PlanAccepted, made: Made
) -> None:
    """The merchant agrees."""
    plan = await _current(session, ticket)
    plan.state = PlanState.ACCEPTED
    _answer(session, plan, record, made, accepted=True, comment=record.comment)


async def write_rejection(
    session: AsyncSession, ticket: Ticket, record: service_quality.PlanRejected, made: Made
) -> None:
    """The merchant does not agree."""
    plan = await _current(session, ticket)
    plan.state = PlanState.REJECTED
    _answer(session, plan, record, made, accepted=False, comment=record.reason)


async def write_measure_result(
    session: AsyncSession, ticket: Ticket, record: planning.MeasureResult, made: Made
) -> None:
    """One measure of the current plan is done. Raises MeasureNotOpen."""
    plan = await _current(session, ticket)
    measure = next((each for each in await measures_of(session, plan) if each.id == record.measure), None)
    if measure is None or measure.done_at is not None:
        raise MeasureNotOpen
    measure.done_by, measure.done_at, measure.result = made.who, record.done_at, record.result


async def _current(session: AsyncSession, ticket: Ticket) -> Plan:
    plan = await find_plan(session, ticket)
    if plan is None:
        raise AssertionError("a ticket past planning has a plan")
    return plan


def _review(session: AsyncSession, plan: Plan, made: Made, *, approved: bool, comment: str | None) -> None:
    session.add(
        PlanReview(
            merchant_id=plan.merchant_id,
            ticket_id=plan.ticket_id,
            plan_id=plan.id,
            approved=approved,
            comment=comment,
            reviewed_by=made.who,
            reviewed_at=made.at,
        )
    )


def _answer(
    session: AsyncSession,
    plan: Plan,
    record: service_quality.PlanAccepted | service_quality.PlanRejected,
    made: Made,
    *,
    accepted: bool,
    comment: str | None,
) -> None:
    session.add(
        PlanAnswer(
            merchant_id=plan.merchant_id,
            ticket_id=plan.ticket_id,
            plan_id=plan.id,
            accepted=accepted,
            comment=comment,
            answered_by=made.who,
            answered_at=made.at,
            **heard_as_row(record),
        )
    )
