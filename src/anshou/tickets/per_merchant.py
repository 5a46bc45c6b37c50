"""How many open tickets each merchant has, for lists of merchants."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket


async def open_tickets(session: AsyncSession, person: Person, merchant_ids: Collection[UUID]) -> dict[UUID, int]:
    """The number of open tickets that the person reaches, by merchant; a merchant without any is left out.

    Empty for those who read no tickets.
    """
    if not allows(person, Permission.READ_TICKET_SUMMARY):
        return {}
    rows = await session.execute(
        select(Ticket.merchant_id, func.count())
        .where(Ticket.merchant_id.in_(merchant_ids), Ticket.closed_at.is_(None), summarised_for(person))
        .group_by(Ticket.merchant_id)
    )
    return {row[0]: row[1] for row in rows}
