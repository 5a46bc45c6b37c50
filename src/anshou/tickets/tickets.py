"""The ticket itself: where it stands now. How it came there is its timeline."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.process import Process
from anshou.tickets.processes import PROCESSES
from anshou.tickets.situation import Facts, Rules, Situation
from tenants.base import Base, MerchantRow
from tenants.prepared import entities


class Ticket(MerchantRow, Base):
    """One matter of one merchant.

    `contract_version_id` was in force on `occurred_on`, the day the problem occurred. `version` counts the moves that
    changed where it stands. `next_due_at` is kept by the clocks. What is said on one that `is_confidential` lies in
    `sealed_contents`. Instants are UTC.
    """

    __tablename__ = "ticket"

    number: Mapped[str]
    kind: Mapped[Kind]
    shop_id: Mapped[UUID | None]
    contract_version_id: Mapped[UUID | None]
    channel: Mapped[Channel]
    title: Mapped[str]
    description: Mapped[str]
    request: Mapped[str]
    category: Mapped[Category | None]
    urgency: Mapped[Urgency]
    owner_id: Mapped[UUID | None]
    department: Mapped[Department | None]
    promised_at: Mapped[datetime | None]
    step: Mapped[str]
    step_since: Mapped[datetime]
    status: Mapped[Status]
    round: Mapped[int]
    on_hold: Mapped[bool]
    awaiting_since: Mapped[datetime | None]
    version: Mapped[int]
    occurred_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    next_due_at: Mapped[datetime | None]
    last_entry_at: Mapped[datetime]
    is_confidential: Mapped[bool]

    @property
    def process(self) -> Process:
        """The process that its kind follows."""
        return PROCESSES[self.kind]

    @property
    def is_closed(self) -> bool:
        """Whether it has ended, however it did."""
        return self.closed_at is not None

    def situation(self, facts: Facts, level: EscalationLevel | None, rules: Rules) -> Situation:
        """Where it stands, with what its rows say."""
        return Situation(
            step=self.step,
            arrived_on=rules.day_of(self.step_since),
            round=self.round,
            held=self.on_hold,
            level=level,
            outcome=self.outcome,
            closed_at=self.closed_at,
            awaiting_since=self.awaiting_since,
            facts=replace(facts, department=self.department),
        )

    def come_to(self, after: Situation, *, at: datetime) -> None:
        """Take over where a move has led."""
        if after.step != self.step or after.round != self.round:
            self.step_since = at
        self.step = after.step
        self.round = after.round
        self.on_hold = after.held
        self.awaiting_since = after.awaiting_since
        self.outcome = after.outcome
        self.closed_at = after.closed_at
        self.status = self.process.status(after)


class TicketDesk(MerchantRow, Base):
    """What of a ticket's standing only the agency knows. No query on behalf of a merchant returns it.

    `risen_status` is the ticket's own while there is a level, so that open ones are found; the database keeps it.
    """

    __tablename__ = "ticket_desk"

    ticket_id: Mapped[UUID]
    severity: Mapped[Severity | None]
    level: Mapped[EscalationLevel | None]
    risen_status: Mapped[Status | None]


_DESK = entities(
    select(TicketDesk).where(
        TicketDesk.merchant_id == bindparam("merchant"), TicketDesk.ticket_id == bindparam("ticket")
    )
)


async def find_desk(session: AsyncSession, ticket: Ticket) -> TicketDesk | None:
    """The ticket's desk; None in a merchant's context, always."""
    return await _DESK.one_or_none(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def lock_ticket(session: AsyncSession, ticket: Ticket) -> None:
    """Wait until nobody else is moving the ticket, and read it as they left it."""
    await session.refresh(ticket, with_for_update=True)


async def department_of(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> Department | None:
    """The department that the ticket was given to, in the agency's context. There must be such a ticket."""
    query = select(Ticket.department).where(Ticket.merchant_id == merchant_id, Ticket.id == ticket_id)
    return (await session.scalars(query)).one()


async def number_of(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> str:
    """The number by which people call the ticket, in the agency's context. There must be one."""
    query = select(Ticket.number).where(Ticket.merchant_id == merchant_id, Ticket.id == ticket_id)
    return (await session.scalars(query)).one()
