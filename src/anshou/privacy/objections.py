"""A merchant objects to a reveal of what is theirs; a supervisor answers, and the merchant reads the answer.

Both are rows of their own that nobody changes. The answer has a clock in workdays of the agency's working hours.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.actions import OBJECTION_ANSWERED, OBJECTION_RAISED
from anshou.privacy.errors import (
    AlreadyObjected,
    ObjectionAnswered,
    ObjectionNotFound,
    OwnReveal,
    OwnRevealJudged,
    RevealNotFound,
)
from anshou.privacy.reveal_rules import read_reveal_rules
from anshou.privacy.reveals import Reveal, ViewerSide
from anshou.privacy.telling import OBJECTION_ANSWERED as TOLD_ANSWERED
from anshou.privacy.telling import OBJECTION_OVERDUE, tell_owners, tell_roles
from anshou.privacy.telling import OBJECTION_RAISED as TOLD_RAISED
from anshou.tickets.clocks.figures import WORKING_HOURS, Figure
from anshou.tickets.clocks.limits import workdays
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.tickets import number_of
from confidentiality.audit.leaves import record
from tenants.base import Base, MerchantRow
from tenants.jobs import enqueue
from tenants.labels import Labelled
from tenants.refusals import N_

REMIND_OF_OBJECTION = "privacy.remind_of_objection"

# The badge beside the page: more are not counted.
MOST_COUNTED = 100


class Outcome(Labelled):
    """Whether the merchant was right."""

    UPHELD = "upheld", N_("异议成立")
    REJECTED = "rejected", N_("异议不成立")


class Objection(MerchantRow, Base):
    """That the merchant objected to a reveal. Instants are UTC."""

    __tablename__ = "reveal_objection"

    reveal_id: Mapped[UUID]
    reason: Mapped[str]
    raised_at: Mapped[datetime]
    raised_by: Mapped[UUID]
    due_at: Mapped[datetime]


class Answer(MerchantRow, Base):
    """How it was answered. `answered_by_name` is for the merchant, who does not read the agency's people."""

    __tablename__ = "reveal_objection_answer"

    objection_id: Mapped[UUID]
    outcome: Mapped[Outcome]
    explanation: Mapped[str]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID]
    answered_by_name: Mapped[str]


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the merchant objects."""

    reason: Annotated[str, Meta(min_length=2, max_length=1000, title=N_("异议理由"), extra={"widget": "text"})]


class Verdict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The supervisor's answer; the merchant reads all of it."""

    outcome: Annotated[Outcome, Meta(title=N_("结论"))]
    explanation: Annotated[str, Meta(min_length=2, max_length=2000, title=N_("说明"), extra={"widget": "text"})]


async def object_to(session: AsyncSession, reveal_id: UUID, why: Reason, *, by: Person, at: datetime) -> Objection:
    """Object to a reveal of the merchant's own matters by the agency, and tell the supervisors.

    Raises PermissionMissing, RevealNotFound, OwnReveal, AlreadyObjected.
    """
    authorize(by, Permission.OBJECT_TO_REVEAL)
    reveal = await session.get(Reveal, reveal_id)
    if reveal is None or reveal.merchant_id != by.merchant_id:
        raise RevealNotFound
    if reveal.side is ViewerSide.MERCHANT:
        raise OwnReveal
    # One transaction at a time: the row is never changed, so only a lock makes the second one see the first.
    lock = func.hashtextextended(f"reveal_objection {reveal.id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    of_reveal = select(Objection.id).where(
        Objection.merchant_id == reveal.merchant_id, Objection.reveal_id == reveal.id
    )
    if await session.scalar(of_reveal) is not None:
        raise AlreadyObjected
    objection = Objection(
        merchant_id=reveal.merchant_id,
        reveal_id=reveal.id,
        reason=why.reason.strip(),
        raised_at=at,
        raised_by=by.id,
        due_at=await _due(session, at),
    )
    session.add(objection)
    await session.flush()
    await record(
        session,
        OBJECTION_RAISED,
        actor=by.actor(),
        at=at,
        owner=reveal.merchant_id,
        subject=objection.id,
        ticket=reveal.ticket_id,
        body={"reveal": str(reveal.id)},
    )
    number = await number_of(session, reveal.merchant_id, reveal.ticket_id)
    await tell_roles(session, TOLD_RAISED, Role.SUPERVISOR, subject=objection.id, number=number)
    await enqueue(session, REMIND_OF_OBJECTION, {"objection": str(objection.id)}, run_at=objection.due_at)
    return objection


async def remind_of_objection(session: AsyncSession, objection_id: UUID) -> None:
    """Its time is up: tell supervisors and executives if nobody has answered. Needs the agency's context."""
    objection = await session.get(Objection, objection_id)
    if objection is None or await _answer_to(session, objection) is not None:
        return
    reveal = (await session.scalars(select(Reveal).where(Reveal.id == objection.reveal_id))).one()
    number = await number_of(session, reveal.merchant_id, reveal.ticket_id)
    await tell_roles(session, OBJECTION_OVERDUE, Role.SUPERVISOR, Role.EXECUTIVE, subject=objection.id, number=number)


async def visible_objection(session: AsyncSession, objection_id: UUID, *, by: Person) -> tuple[Objection, Reveal]:
    """An objection and what it is about, for those of the agency who watch. Raises ObjectionNotFound."""
    authorize(by, Permission.READ_REVEALS)
    query = (
        select(Objection, Reveal)
        .join(Reveal, (Reveal.merchant_id == Objection.merchant_id) & (Reveal.id == Objection.reveal_id))
        .where(Objection.id == objection_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None or (by.merchant_id is not None and found[0].merchant_id != by.merchant_id):
        raise ObjectionNotFound
    return found[0], found[1]


async def answer_objection(
    session: AsyncSession, objection_id: UUID, verdict: Verdict, *, by: Person, at: datetime
) -> Answer:
    """Uphold or reject an objection, and tell the merchant.

    Raises PermissionMissing, ObjectionNotFound, ObjectionAnswered, OwnRevealJudged: nobody judges what they did.
    """
    authorize(by, Permission.ANSWER_OBJECTION)
    objection, reveal = await visible_objection(session, objection_id, by=by)
    if reveal.viewer_id == by.id:
        raise OwnRevealJudged
    lock = func.hashtextextended(f"reveal_objection {reveal.id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    if await _answer_to(session, objection) is not None:
        raise ObjectionAnswered
    answer = Answer(
        merchant_id=objection.merchant_id,
        objection_id=objection.id,
        outcome=verdict.outcome,
        explanation=verdict.explanation.strip(),
        answered_at=at,
        answered_by=by.id,
        answered_by_name=by.name,
    )
    session.add(answer)
    await session.flush()
    await record(
        session,
        OBJECTION_ANSWERED,
        actor=by.actor(),
        at=at,
        owner=objection.merchant_id,
        subject=objection.id,
        ticket=reveal.ticket_id,
        body={"outcome": verdict.outcome.value, "reveal": str(reveal.id)},
    )
    number = await number_of(session, reveal.merchant_id, reveal.ticket_id)
    await tell_owners(session, TOLD_ANSWERED, objection.merchant_id, subject=reveal.id, number=number)
    return answer


async def count_unanswered(session: AsyncSession, *, by: Person) -> int:
    """How many objections wait for an answer, at most `MOST_COUNTED`; 0 for those who answer none."""
    if not allows(by, Permission.ANSWER_OBJECTION):
        return 0
    answered = select(Answer.id).where(Answer.merchant_id == Objection.merchant_id, Answer.objection_id == Objection.id)
    waiting = select(Objection.id).where(~answered.exists()).limit(MOST_COUNTED).subquery()
    return await session.scalar(select(func.count()).select_from(waiting)) or 0


async def _answer_to(session: AsyncSession, objection: Objection) -> UUID | None:
    query = select(Answer.id).where(Answer.merchant_id == objection.merchant_id, Answer.objection_id == objection.id)
    return (await session.scalars(query)).one_or_none()


async def _due(session: AsyncSession, at: datetime) -> datetime:
    rules = await read_reveal_rules(session)
    limit = Figure(workdays(rules.answer_workdays), WORKING_HOURS)
    return (await read_rulebook(session)).timed(limit).end(at)
