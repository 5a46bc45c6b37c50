"""What stands around a ticket's timeline: its plan, links, meetings, duties, and the merchant's other tickets.

Named queries for the doors. Row-level security keeps from a merchant what is the agency's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.agreements import Agreement, Signature
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.kinds import Clock, Kind, Relation, Status
from anshou.tickets.links import TicketLink
from anshou.tickets.meetings import Meeting, MeetingDecision
from anshou.tickets.metrics import MetricWindow, Observation
from anshou.tickets.obligations import Obligation
from anshou.tickets.queues import Line
from anshou.tickets.reach import Reach, reached, reaching
from anshou.tickets.tickets import Ticket
from tenants.prepared import Prepared, entities, fetch, rows


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


_MERCHANT: BindParameter[Any] = bindparam("merchant")
_TICKET: BindParameter[Any] = bindparam("ticket")


def _of_ticket(rows_of: Any) -> Select[Any]:
    return select(rows_of).where(rows_of.merchant_id == _MERCHANT, rows_of.ticket_id == _TICKET)


_outgoing = TicketLink.ticket_id == _TICKET
_other = case((_outgoing, TicketLink.other_id), else_=TicketLink.ticket_id)
_LINKS = rows(
    select(Ticket.number, Ticket.title, Ticket.status, TicketLink.relation, _outgoing.label("outgoing"))
    .join(Ticket, and_(Ticket.merchant_id == TicketLink.merchant_id, Ticket.id == _other))
    .where(TicketLink.merchant_id == _MERCHANT, or_(_outgoing, TicketLink.other_id == _TICKET))
    .order_by(TicketLink.linked_at.desc()),
    Linked,
)
_MEETINGS: Prepared[Meeting] = entities(_of_ticket(Meeting).order_by(Meeting.held_at.desc(), Meeting.id))
_DECISIONS: Prepared[MeetingDecision] = entities(_of_ticket(MeetingDecision).order_by(MeetingDecision.position))
_WINDOW: Prepared[MetricWindow] = entities(_of_ticket(MetricWindow))
_OBSERVATIONS: Prepared[Observation] = entities(
    _of_ticket(Observation).order_by(Observation.day, Observation.recorded_at)
)
_OBLIGATIONS: Prepared[Obligation] = entities(
    _of_ticket(Obligation).where(Obligation.superseded.is_(False)).order_by(Obligation.position)
)
_SIGNATURES = entities(
    select(Signature)
    .where(Signature.merchant_id == _MERCHANT, Signature.agreement_id == bindparam("agreement"))
    .order_by(Signature.signed_at)
)


async def links_of(session: AsyncSession, ticket: Ticket) -> list[Linked]:
    """The linked tickets, the newest link first."""
    return await _LINKS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def others_of_merchant(session: AsyncSession, person: Person, ticket: Ticket, limit: int = 5) -> list[Brief]:
    """The merchant's latest other tickets that the person reaches."""
    return await _others(Reach.of(person), limit).all(
        session, merchant=ticket.merchant_id, ticket=ticket.id, **reaching(person)
    )


@cache
def _others(reach: Reach, limit: int) -> Prepared[Brief]:
    latest = (
        select(Ticket.number, Ticket.title, Ticket.kind, Ticket.status, Ticket.opened_at)
        .where(Ticket.merchant_id == _MERCHANT, Ticket.id != _TICKET, reached(reach))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return rows(latest, Brief)


async def meetings_of(session: AsyncSession, ticket: Ticket) -> list[tuple[Meeting, list[MeetingDecision]]]:
    """The meetings with what each decided, the latest first."""
    meetings = await _MEETINGS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)
    # A decision is always of a meeting.
    found = await _DECISIONS.all(session, merchant=ticket.merchant_id, ticket=ticket.id) if meetings else []
    return [(meeting, [one for one in found if one.meeting_id == meeting.id]) for meeting in meetings]


async def find_metric_window(session: AsyncSession, ticket: Ticket) -> MetricWindow | None:
    """What departed from the normal; None for other kinds of tickets."""
    return await _WINDOW.one_or_none(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def observations_of(session: AsyncSession, ticket: Ticket) -> Sequence[Observation]:
    """The metric day by day, the oldest first."""
    return await _OBSERVATIONS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def obligations_of(session: AsyncSession, ticket: Ticket) -> Sequence[Obligation]:
    """The duties that bind now, in order."""
    return await _OBLIGATIONS.all(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def signatures_of(session: AsyncSession, agreement: Agreement) -> Sequence[Signature]:
    """Who has signed this version, the first first."""
    return await _SIGNATURES.all(session, merchant=agreement.merchant_id, agreement=agreement.id)


# By pairs, so that the index finds each at once: two lists would be every merchant with every ticket.
_NEXT_CLOCKS = """
    SELECT clock.ticket_id, clock.clock, clock.limit_value, clock.limit_unit, clock.due_at, clock.warn_at
    FROM (SELECT unnest(string_to_array($1, ',')::uuid[]) AS merchant_id,
        unnest(string_to_array($2, ',')::uuid[]) AS ticket_id) AS asked
    JOIN ticket_clock AS clock ON clock.merchant_id = asked.merchant_id AND clock.ticket_id = asked.ticket_id
    WHERE clock.due_at IS NOT NULL AND clock.met_at IS NULL AND clock.ended_at IS NULL
"""


async def next_clocks(session: AsyncSession, lines: Sequence[Line]) -> dict[UUID, NextClock]:
    """Which clock each line's next due time is of, by ticket id."""
    due = {line.id: line.next_due_at for line in lines if line.next_due_at is not None}
    if not due:
        return {}
    merchants = ",".join(str(line.merchant_id) for line in lines if line.id in due)
    records = await fetch(session, _NEXT_CLOCKS, merchants, ",".join(map(str, due)))
    return {
        ticket_id: NextClock(
            clock=Clock(clock),
            limit_value=value,
            limit_unit=None if unit is None else LimitUnit(unit),
            due_at=due_at,
            warn_at=warn_at,
        )
        for ticket_id, clock, value, unit, due_at, warn_at in records
        if due_at == due[ticket_id]
    }
