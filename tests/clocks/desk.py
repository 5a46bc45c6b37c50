"""Tickets to run clocks on, written as bare rows: what a ticket is besides does not matter to its clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.figures import Clause
from anshou.tickets.clocks.running import TimedTicket, clocks_of
from anshou.tickets.kinds import Channel, Clock, Urgency
from tenants.base import new_id
from tests.clocks.shanghai import shanghai

MONDAY = shanghai("2026-11-16 10:00")

_TICKET = """
    INSERT INTO ticket (
        id, merchant_id, number, kind, channel, title, description, request, urgency, step, step_since, status, round,
        on_hold, version, occurred_on, opened_at, opened_by, last_entry_at
    ) VALUES (
        :id, :merchant_id, :number, 'service_quality', :channel, '详情页与需求不符', '颜色不对', '重做', :urgency,
        'reported', :at, 'pending', 1, false, 1, '2026-11-16', :at, :id, :at
    )
"""


async def new_merchant(session: AsyncSession) -> UUID:
    merchant = Merchant(name=f"商家 {new_id().hex[-6:]}", company="", created_at=MONDAY)
    session.add(merchant)
    await session.flush()
    return merchant.id


async def new_ticket(
    session: AsyncSession,
    *,
    merchant_id: UUID | None = None,
    urgency: Urgency = Urgency.NORMAL,
    channel: Channel = Channel.PHONE,
    clauses: tuple[Clause, ...] = (),
) -> TimedTicket:
    """A ticket of a merchant of its own, unless one is given."""
    ticket = TimedTicket(
        id=new_id(),
        merchant_id=merchant_id or await new_merchant(session),
        urgency=urgency,
        channel=channel,
        clauses=clauses,
    )
    given: Mapping[str, object] = {
        "id": ticket.id,
        "merchant_id": ticket.merchant_id,
        "number": f"FW2611-{ticket.id.hex[-8:]}",
        "channel": channel.value,
        "urgency": urgency.value,
        "at": MONDAY,
    }
    await session.execute(text(_TICKET), given)
    return ticket


def urgent(ticket: TimedTicket) -> TimedTicket:
    return replace(ticket, urgency=Urgency.URGENT)


async def the_clock(session: AsyncSession, ticket: TimedTicket, clock: Clock) -> TicketClock:
    """The ticket's last clock of that name, as the database has it."""
    found = [one for one in await all_clocks(session, ticket) if one.clock is clock]
    return found[-1]


async def all_clocks(session: AsyncSession, ticket: TimedTicket) -> list[TicketClock]:
    await session.flush()
    session.expire_all()
    return list(await clocks_of(session, ticket.merchant_id, ticket.id))


async def next_due(session: AsyncSession, ticket: TimedTicket) -> datetime | None:
    """What the queue sorts the ticket by."""
    found: datetime | None = await session.scalar(
        text("SELECT next_due_at FROM ticket WHERE id = :id"), {"id": ticket.id}
    )
    return found


def somebody(*roles: Role) -> Person:
    """A person of the agency in these roles; the administrator, who sets limits up, if none is given."""
    return Person(id=new_id(), name="许静", roles=frozenset(roles or {Role.AGENCY_ADMIN}))
