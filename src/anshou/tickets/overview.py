"""What stands around a ticket's timeline: its plan, links, meetings, duties, and the merchant's other tickets.

Named queries for the doors. Row-level security keeps from a merchant what is the agency's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.agreements import Agreement, Signature
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.determinations import Determination, DeterminationShare
from anshou.tickets.kinds import Clock, Kind, Relation, Status
from anshou.tickets.links import TicketLink
from anshou.tickets.meetings import Meeting, MeetingDecision
from anshou.tickets.metrics import MetricWindow, Observation
from anshou.tickets.obligations import Obligation
from anshou.tickets.queues import Line
from anshou.tickets.reach import reached_by
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Another ticket that this one has to do with; `outgoing` if the link was made on this one."""

    number: str
    title: str
    status: Status
    relation: Relation
    outgoing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Another ticket of the same merchant."""

    number: str
    title: str
    kind: Kind
    status: Status
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextClock:
    """The clock behind a list line's next due time."""

    clock: Clock
    limit_value: int | None
    limit_unit: LimitUnit | None
    due_at: datetime
    warn_at: datetime | None


async def links_of(session: AsyncSession, ticket: Ticket) -> list[Linked]:
    """The linked tickets, the newest link first."""
    outgoing = TicketLink.ticket_id == ticket.id
    other = case((outgoing, TicketLink.other_id), else_=TicketLink.ticket_id)
    rows = await session.execute(
        select(Ticket.number, Ticket.title, Ticket.status, TicketLink.relation, outgoing.label("outgoing"))
        .join(Ticket, and_(Ticket.merchant_id == TicketLink.merchant_id, Ticket.id == other))
        .where(TicketLink.merchant_id == ticket.merchant_id, or_(outgoing, TicketLink.other_id == ticket.id))
        .order_by(TicketLink.linked_at.desc())
    )
    return [Linked(**row._mapping) for row in rows]


async def others_of_merchant(session: AsyncSession, person: Person, ticket: Ticket, limit: int = 5) -> list[Brief]:
    """The merchant's latest other tickets that the person reaches."""
    rows = await session.execute(
        select(Ticket.number, Ticket.title, Ticket.kind, Ticket.status, Ticket.opened_at)
        .where(Ticket.merchant_id == ticket.merchant_id, Ticket.id != ticket.id, reached_by(person))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return [Brief(**row._mapping) for row in rows]


async def meetings_of(session: AsyncSession, ticket: Ticket) -> list[tuple[Meeting, list[MeetingDecision]]]:
    """The meetings with what each decided, the latest first."""
    meetings = await session.scalars(
        select(Meeting)
        .where(Meeting.merchant_id == ticket.merchant_id, Meeting.ticket_id == ticket.id)
        .order_by(Meeting.held_at.desc(), Meeting.id)
    )
    decisions = await session.scalars(
        select(MeetingDecision)
        .where(MeetingDecision.merchant_id == ticket.merchant_id, MeetingDecision.ticket_id == ticket.id)
        .order_by(MeetingDecision.position)
    )
    found = list(decisions)
    return [(meeting, [one for one in found if one.meeting_id == meeting.id]) for meeting in meetings]


async def shares_of(session: AsyncSession, determination: Determination) -> Sequence[DeterminationShare]:
    """Who bears which part, the largest first."""
    rows = await session.scalars(
        select(DeterminationShare)
        .where(
            DeterminationShare.merchant_id == determination.merchant_id,
            DeterminationShare.determination_id == determination.id,
        )
        .order_by(DeterminationShare.basis_points.desc(), DeterminationShare.party)
    )
    return rows.all()


async def find_metric_window(session: AsyncSession, ticket: Ticket) -> MetricWindow | None:
    """What departed from the normal; None for other kinds of tickets."""
    query = select(MetricWindow).where(
        MetricWindow.merchant_id == ticket.merchant_id, MetricWindow.ticket_id == ticket.id
    )
    return (await session.scalars(query)).one_or_none()


async def observations_of(session: AsyncSession, ticket: Ticket) -> Sequence[Observation]:
    """The metric day by day, the oldest first."""
    query = select(Observation).where(Observation.merchant_id == ticket.merchant_id, Observation.ticket_id == ticket.id)
    return (await session.scalars(query.order_by(Observation.day, Observation.recorded_at))).all()


async def obligations_of(session: AsyncSession, ticket: Ticket) -> Sequence[Obligation]:
    """The duties that bind now, in order."""
    query = select(Obligation).where(
        Obligation.merchant_id == ticket.merchant_id,
        Obligation.ticket_id == ticket.id,
        Obligation.superseded.is_(False),
    )
    return (await session.scalars(query.order_by(Obligation.position))).all()


async def signatures_of(session: AsyncSession, agreement: Agreement) -> Sequence[Signature]:
    """Who has signed this version, the first first."""
    query = select(Signature).where(
        Signature.merchant_id == agreement.merchant_id, Signature.agreement_id == agreement.id
    )
    return (await session.scalars(query.order_by(Signature.signed_at))).all()


async def next_clocks(session: AsyncSession, lines: Sequence[Line]) -> dict[UUID, NextClock]:
    """Which clock each line's next due time is of, by ticket id."""
    due = {line.id: line.next_due_at for line in lines if line.next_due_at is not None}
    if not due:
        return {}
    rows = await session.execute(
        select(
            TicketClock.ticket_id,
            TicketClock.clock,
            TicketClock.limit_value,
            TicketClock.limit_unit,
            TicketClock.due_at,
            TicketClock.warn_at,
        ).where(
            TicketClock.merchant_id.in_({line.merchant_id for line in lines}),
            TicketClock.ticket_id.in_(due),
            TicketClock.due_at.is_not(None),
            *IS_RUNNING,
        )
    )
    found: dict[UUID, NextClock] = {}
    for ticket_id, clock, value, unit, due_at, warn_at in rows:
        if due_at == due[ticket_id]:
            found[ticket_id] = NextClock(
                clock=clock, limit_value=value, limit_unit=unit, due_at=due_at, warn_at=warn_at
            )
    return found
