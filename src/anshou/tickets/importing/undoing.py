"""Undoing an import: its tickets are taken away again, as long as nothing else has happened on any of them."""

from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.scheduling import TIMER
from anshou.tickets.courses.owed import owe_courses
from anshou.tickets.courses.recounting import leave_out
from anshou.tickets.entries import Entry
from anshou.tickets.importing.batches import ImportRow, Step, TicketImport
from anshou.tickets.importing.errors import Touched
from anshou.tickets.tickets import Ticket
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_
from tenants.taking_back import take_back
from tenants.timers import cancel_timer

UNDONE = action("tickets.import_undone", N_("撤销导入台账"), plain=True)

# Of those that have gone on, named.
_NAMED = 5


async def touched_numbers(session: AsyncSession, batch: TicketImport) -> list[str]:
    """The tickets of the import on which something else has happened since."""
    entries = (
        select(func.count())
        .where(Entry.merchant_id == Ticket.merchant_id, Entry.ticket_id == Ticket.id)
        .correlate(Ticket)
        .scalar_subquery()
    )
    query = (
        select(Ticket.number)
        .join(ImportRow, (ImportRow.merchant_id == Ticket.merchant_id) & (ImportRow.ticket_id == Ticket.id))
        .where(
            ImportRow.import_id == batch.id, (Ticket.version != literal_column("1")) | (entries != ImportRow.entries)
        )
    )
    return list(await session.scalars(query.order_by(Ticket.number)))


async def undo_import(session: AsyncSession, batch: TicketImport, *, by: Person, at: datetime) -> None:
    """Take its tickets away. Raises PermissionMissing, NotThatFar, Touched."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(Step.IMPORTED)
    if touched := await touched_numbers(session, batch):
        raise Touched("、".join(touched[:_NAMED]), len(touched))
    clocks = select(TicketClock.id).join(
        ImportRow,
        (ImportRow.merchant_id == TicketClock.merchant_id) & (ImportRow.ticket_id == TicketClock.ticket_id),
    )
    for clock in await session.scalars(clocks.where(ImportRow.import_id == batch.id)):
        await cancel_timer(session, TIMER, clock)
    made = select(ImportRow.merchant_id, ImportRow.ticket_id).where(ImportRow.import_id == batch.id)
    counted = (await session.execute(made)).all()
    await leave_out(session, [row.ticket_id for row in counted])
    try:
        async with session.begin_nested():
            taken = await take_back(session, batch.id)
    except DBAPIError:
        # Something that leaves no entry refers to one of them: a cost, a link.
        raise Touched("…", 1) from None
    # What was opened after them may have been their repetition.
    await owe_courses(session, {row.merchant_id: () for row in counted})
    await session.refresh(batch)
    batch.step, batch.undone_by, batch.undone_at = Step.UNDONE, by.id, at
    await record(session, UNDONE, actor=by.actor(), at=at, subject=batch.id, body={"tickets": taken})
