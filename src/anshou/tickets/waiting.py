"""What waits for a person on tickets, by the step that each has come to: counted and begun, in one statement.

Whoever may not do a thing is not asked to. Counts are bounded, so that a backlog costs no more than a good week.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Select, and_, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.kinds import Clock, EscalationLevel, Side, Status
from anshou.tickets.objections import DeterminationObjection, DeterminationReview
from anshou.tickets.obligations import Obligation
from anshou.tickets.plans import Measure, Plan, PlanState
from anshou.tickets.queue_tabs import open_on_desk
from anshou.tickets.reach import reached_by
from anshou.tickets.tickets import Ticket, TicketDesk
from tenants.labels import Labelled
from tenants.refusals import N_

# What is counted at most, and how many of each are shown.
MOST = 100
FIRST = 4


class Matter(Labelled):
    """What waits, in the order in which a ticket comes to it."""

    ACCEPT = "accept", N_("待受理")
    ANALYSE = "analyse", N_("待分析")
    PLAN = "plan", N_("待提交方案")
    REVIEW_PLAN = "review_plan", N_("待审核的方案")
    DECIDE_ESCALATION = "decide_escalation", N_("待处理的升级")
    REVIEW_OBJECTION = "review_objection", N_("待复议的责任异议")
    MEASURE = "measure", N_("待完成的措施")
    SIGN = "sign", N_("待签署的协议")
    OBLIGATION = "obligation", N_("待履行的义务")
    VISIT = "visit", N_("待回访")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A ticket that waits, and until when; `due_at` is None where no limit runs."""

    number: str
    title: str
    merchant_id: UUID
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much of a matter waits, MOST meaning so many or more, and the first of it."""

    matter: Matter
    count: int
    first: tuple[Thing, ...]


async def waiting_for(session: AsyncSession, person: Person, *, zone: ZoneInfo) -> list[Waiting]:
    """What waits for the person, matter by matter; matters of which nothing waits are left out.

    `zone` is the agency's: duties are due on days. Raises PermissionMissing.
    """
    authorize(person, Permission.READ_TICKETS)
    asked = [
        _begun(matter, things(person, zone))
        for matter, (needs, things) in _MATTERS.items()
        if allows(person, needs) and not (matter in _OF_SUPERVISORS and _decides_nothing(person))
    ]
    if not asked:
        return []
    found = {Matter(row[0]): (row[1], row[2] or []) for row in await session.execute(union_all(*asked))}
    return [
        Waiting(matter=matter, count=found[matter][0], first=tuple(_thing(one) for one in found[matter][1]))
        for matter in Matter
        if matter in found and found[matter][0]
    ]


def _decides_nothing(person: Person) -> bool:
    return not person.supervises and not person.has(Role.EXECUTIVE)


def _begun(matter: Matter, things: Select[Any]) -> Select[Any]:
    """One row: the matter, how many wait, and the first as a list."""
    bounded = things.order_by("due_at", "number").limit(MOST).cte(f"waiting_{matter.value}")
    first = select(bounded).order_by(bounded.c.due_at, bounded.c.number).limit(FIRST).subquery()
    columns = (first.c.number, first.c.title, first.c.merchant_id, first.c.due_at)
    listed = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*columns), first.c.due_at, first.c.number))
    return select(
        literal(matter.value),
        select(func.count()).select_from(bounded).scalar_subquery(),
        select(listed).select_from(first).scalar_subquery(),
    )


def _thing(listed: list[Any]) -> Thing:
    number, title, merchant_id, due_at = listed
    return Thing(
        number=number,
        title=title,
        merchant_id=UUID(merchant_id),
        due_at=datetime.fromisoformat(due_at) if due_at else None,
    )


def _tickets(*which: ColumnElement[bool], due: ColumnElement[Any] | None = None) -> Select[Any]:
    """Open tickets with when they are due: by their own next deadline where nothing else is said."""
    until = Ticket.next_due_at.expression if due is None else due
    return select(
        Ticket.number.expression.label("number"),
        Ticket.title.expression.label("title"),
        Ticket.merchant_id.expression.label("merchant_id"),
        until.label("due_at"),
    ).where(Ticket.closed_at.is_(None), *which)


def _own(*steps: str) -> Callable[[Person, ZoneInfo], Select[Any]]:
    """The person's own tickets at these steps that wait for nobody else."""
    return lambda person, _: _tickets(
        Ticket.owner_id == person.id, Ticket.step.in_(steps), Ticket.status == Status.IN_PROGRESS
    )


def _led(person: Person) -> ColumnElement[bool]:
    return Ticket.department.in_(sorted(person.supervises))


def _unaccepted(person: Person, _: ZoneInfo) -> Select[Any]:
    return _tickets(Ticket.status == Status.PENDING, Ticket.owner_id.is_(None), reached_by(person))


def _plans(person: Person, _: ZoneInfo) -> Select[Any]:
    # Who wrote a plan does not approve it.
    mine = select(Plan.id).where(
        Plan.merchant_id == Ticket.merchant_id,
        Plan.ticket_id == Ticket.id,
        Plan.state == PlanState.IN_REVIEW,
        Plan.submitted_by == person.id,
    )
    return _tickets(Ticket.step == "plan_review", _led(person), ~mine.exists())


def _level(person: Person, level: Any) -> ColumnElement[bool]:
    """What has risen to the person: to their department's supervisor, or to the executive."""
    if person.has(Role.EXECUTIVE):
        return level == EscalationLevel.EXECUTIVE  # type: ignore[no-any-return]
    return and_(level == EscalationLevel.SUPERVISOR, _led(person))


def _escalations(person: Person, _: ZoneInfo) -> Select[Any]:
    desk = and_(TicketDesk.merchant_id == Ticket.merchant_id, TicketDesk.ticket_id == Ticket.id)
    return _tickets(_level(person, TicketDesk.level), open_on_desk(TicketDesk)).join(TicketDesk, desk)


def _objections(person: Person, _: ZoneInfo) -> Select[Any]:
    raised = DeterminationObjection
    answered = select(DeterminationReview.id).where(
        DeterminationReview.merchant_id == raised.merchant_id, DeterminationReview.objection_id == raised.id
    )
    on = and_(raised.merchant_id == Ticket.merchant_id, raised.ticket_id == Ticket.id)
    return _tickets(_level(person, raised.level), ~answered.exists()).join(raised, on)


def _measures(person: Person, _: ZoneInfo) -> Select[Any]:
    on = and_(Measure.merchant_id == Ticket.merchant_id, Measure.ticket_id == Ticket.id)
    plan = and_(Plan.merchant_id == Measure.merchant_id, Plan.id == Measure.plan_id)
    # What nobody carries out any more is not waited for: a plan that was revised or refused.
    carried_out = Plan.state.in_((PlanState.APPROVED, PlanState.ACCEPTED))
    undone = (Measure.owner_id == person.id, Measure.done_at.is_(None), carried_out)
    at_work = Ticket.step.in_(("execution", "recovery"))
    return _tickets(*undone, at_work, due=Measure.deadline.expression).join(Measure, on).join(Plan, plan)


def _to_sign(person: Person, _: ZoneInfo) -> Select[Any]:
    # In progress at this step: the merchant has signed.
    return _tickets(Ticket.step == "settlement", Ticket.status == Status.IN_PROGRESS, _led(person))


def _obligations(person: Person, zone: ZoneInfo) -> Select[Any]:
    on = and_(Obligation.merchant_id == Ticket.merchant_id, Obligation.ticket_id == Ticket.id)
    binds = (Obligation.side == Side.AGENCY, Obligation.superseded.is_(False), Obligation.performed_on.is_(None))
    # A duty is due when its day is over.
    ends = func.timezone(zone.key, cast(Obligation.due_on + 1, DateTime(timezone=False)), type_=DateTime(timezone=True))
    return _tickets(Ticket.step == "enforcement", Ticket.owner_id == person.id, *binds, due=ends).join(Obligation, on)


def _visits(person: Person, _: ZoneInfo) -> Select[Any]:
    running = (
        TicketClock.merchant_id == Ticket.merchant_id,
        TicketClock.ticket_id == Ticket.id,
        TicketClock.clock == Clock.RETURN_VISIT,
        *IS_RUNNING,
    )
    return _tickets(Ticket.status == Status.DONE, reached_by(person), due=TicketClock.due_at.expression).join(
        TicketClock, and_(*running)
    )


_MATTERS: Mapping[Matter, tuple[Permission, Callable[[Person, ZoneInfo], Select[Any]]]] = {
    Matter.ACCEPT: (Permission.ACCEPT_TICKET, _unaccepted),
    Matter.ANALYSE: (Permission.ANALYSE, _own("triage", "analysis")),
    Matter.PLAN: (Permission.PLAN, _own("planning")),
    Matter.REVIEW_PLAN: (Permission.REVIEW_PLAN, _plans),
    Matter.DECIDE_ESCALATION: (Permission.DECIDE_ESCALATION, _escalations),
    Matter.REVIEW_OBJECTION: (Permission.REVIEW_DETERMINATION, _objections),
    Matter.MEASURE: (Permission.EXECUTE, _measures),
    Matter.SIGN: (Permission.SIGN_FOR_AGENCY, _to_sign),
    Matter.OBLIGATION: (Permission.READ_TICKETS, _obligations),
    Matter.VISIT: (Permission.RETURN_VISIT, _visits),
}
_OF_SUPERVISORS = frozenset({Matter.REVIEW_PLAN, Matter.DECIDE_ESCALATION, Matter.REVIEW_OBJECTION, Matter.SIGN})
