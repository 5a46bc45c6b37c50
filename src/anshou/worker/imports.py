"""Large ledgers are checked and imported behind the pages, in the name of whoever asked."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.private_products import private_words
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.tickets.importing.ahead import Tell
from anshou.tickets.importing.batches import Step, TicketImport
from anshou.tickets.importing.carrying_out import IMPORT, check_in_job, import_tickets, note_done, note_refusal
from anshou.tickets.importing.deciding import CHECK
from anshou.worker.work import Work, actor
from tenants.refusals import Refusal


class OfImport(msgspec.Struct, frozen=True):
    """Which import."""

    batch: UUID


@actor(CHECK, OfImport, attempts=3, time_limit=timedelta(minutes=20))
async def check_import(work: Work, asked: OfImport) -> None:
    """Check every row, and say meanwhile how far it is."""
    try:
        async with work.finish() as session:
            found = await _asked(session, asked.batch, Step.CHECKING)
            if found is not None:
                batch, by = found
                tell = _telling(work, asked)
                await check_in_job(session, work.outside.storage, batch, by=by, at=work.at, tell=tell)
    except Refusal as refusal:
        async with work.finish() as session:
            await note_refusal(session, asked.batch, refusal.text(str))


@actor(IMPORT, OfImport, attempts=3, time_limit=timedelta(minutes=20))
async def import_rows(work: Work, asked: OfImport) -> None:
    """Make a ticket of every row that is ready, or of none, and say meanwhile how far it is."""
    try:
        async with work.finish() as session:
            found = await _asked(session, asked.batch, Step.IMPORTING)
            if found is not None:
                batch, by = found
                words = await private_words(session)
                tell = _telling(work, asked)
                storage = work.outside.storage
                await import_tickets(session, storage, batch, is_private=words, by=by, at=work.at, tell=tell)
    except Refusal as refusal:
        async with work.finish() as session:
            await note_refusal(session, asked.batch, refusal.text(str))


def _telling(work: Work, asked: OfImport) -> Tell:
    async def tell(done: int) -> None:
        async with work.look() as session:
            await note_done(session, asked.batch, done)

    return tell


async def _asked(session: AsyncSession, import_id: UUID, step: Step) -> tuple[TicketImport, Person] | None:
    """The import and who asked for it; None where it is over already, or they are gone."""
    batch = await session.get(TicketImport, import_id)
    by = None if batch is None else await find_person(session, batch.asked_by)
    return None if batch is None or by is None or batch.step is not step else (batch, by)
