"""Links between tickets of one merchant, duplicates among them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.tickets import steering
from anshou.tickets.errors import LinkRefused, TicketNotFound
from anshou.tickets.kinds import Relation
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow
from tenants.refusals import N_


class TicketLink(MerchantRow, Base):
    """That a ticket has to do with another of the same merchant."""

    __tablename__ = "ticket_link"

    ticket_id: Mapped[UUID]
    other_id: Mapped[UUID]
    relation: Mapped[Relation]
    linked_by: Mapped[UUID]
    linked_at: Mapped[datetime]


async def other_ticket(session: AsyncSession, ticket: Ticket, number: str) -> Ticket:
    """Another ticket of the same merchant, by number. Raises TicketNotFound, LinkRefused for the ticket itself."""
    query = select(Ticket).where(Ticket.merchant_id == ticket.merchant_id, Ticket.number == number.strip().upper())
    other = (await session.scalars(query)).one_or_none()
    if other is None:
        raise TicketNotFound(number)
    if other.id == ticket.id:
        raise LinkRefused(N_("不能关联工单自身。"))
    return other


async def link(session: AsyncSession, ticket: Ticket, other: Ticket, relation: Relation, made: Made) -> None:
    """Keep the link. Raises LinkRefused when it is there already."""
    query = select(TicketLink.id).where(
        TicketLink.merchant_id == ticket.merchant_id,
        TicketLink.ticket_id == ticket.id,
        TicketLink.other_id == other.id,
        TicketLink.relation == relation,
    )
    if await session.scalar(query) is not None:
        raise LinkRefused(N_("两张工单已经这样关联。"))
    session.add(
        TicketLink(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            other_id=other.id,
            relation=relation,
            linked_by=made.who,
            linked_at=made.at,
        )
    )


async def write_link(session: AsyncSession, ticket: Ticket, record: steering.Link, made: Made) -> None:
    """Link the ticket to another one."""
    await link(session, ticket, await other_ticket(session, ticket, record.number), record.relation, made)
