"""What became of an import: its tickets, the first rows first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from anshou.tickets.importing.batches import ImportRow, TicketImport
from anshou.tickets.kinds import Kind, Status
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Taken:
    """A row and the ticket that it became; never what it says."""

    line: int
    number: str
    kind: Kind
    status: Status
    merchant: str


async def imported_tickets(session: AsyncSession, batch: TicketImport, *, limit: int) -> Sequence[Taken]:
    """The first so many."""
    query = (
        select(ImportRow.line, Ticket.number, Ticket.kind, Ticket.status, Merchant.name)
        .join(Ticket, (Ticket.merchant_id == ImportRow.merchant_id) & (Ticket.id == ImportRow.ticket_id))
        .join(Merchant, Merchant.id == Ticket.merchant_id)
        .where(ImportRow.import_id == batch.id)
        .order_by(ImportRow.line)
        .limit(limit)
    )
    return [Taken(*row) for row in await session.execute(query)]
