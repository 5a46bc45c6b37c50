"""The import itself: every row that is ready, or none. Who may: IMPORT_TICKETS. Nobody is told of it."""

from contextlib import aclosing
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.courses.owed import owe_courses
from anshou.tickets.importing.ahead import Tell, made_ahead
from anshou.tickets.importing.batches import Step, TicketImport
from anshou.tickets.importing.deciding import check_import, checking_of
from anshou.tickets.importing.drafting import Source
from anshou.tickets.importing.errors import NothingToImport, StillOpen
from anshou.tickets.importing.found import count_open, left_out
from anshou.tickets.importing.grounds import ContractsInForce, IsPrivate
from anshou.tickets.importing.intake import Table, forget_source, table_of
from anshou.tickets.importing.starting import ClocksOfImport
from anshou.tickets.importing.stretches import Stretches
from anshou.tickets.importing.writing import write_stretch
from anshou.tickets.rules import rules_at
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.jobs import enqueue
from tenants.refusals import N_
from tenants.registry import Tenant
from tenants.storage import ObjectStorage

IMPORT = "tickets.import"

IMPORTED = action("tickets.imported", N_("导入台账"), plain=True)

# Rows that are imported while the page waits; more are imported by a job.
AT_ONCE = 500

# Rows of one statement: texts of some megabytes.
STRETCH = 2_000


async def ask_for_import(
    session: AsyncSession,
    storage: ObjectStorage,
    batch: TicketImport,
    *,
    is_private: IsPrivate,
    by: Person,
    at: datetime,
) -> None:
    """Import at once, or by a job where there are many rows.

    Raises PermissionMissing, NotThatFar, StillOpen, NoLongerFits, NothingToImport, SourceGone.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(Step.CHECKED)
    await _refuse_open(session, batch)
    if not batch.ready_count:
        raise NothingToImport
    batch.step, batch.began_at, batch.done = Step.IMPORTING, at, 0
    if batch.ready_count <= AT_ONCE:
        await import_tickets(session, storage, batch, is_private=is_private, by=by, at=at)
    else:
        await session.flush()
        await enqueue(session, IMPORT, {"batch": str(batch.id)})


async def import_tickets(
    session: AsyncSession,
    storage: ObjectStorage,
    batch: TicketImport,
    *,
    is_private: IsPrivate,
    by: Person,
    at: datetime,
    tell: Tell | None = None,
) -> None:
    """Make a ticket of every row that is ready. `tell` hears how many are written.

    The rows are read once more, as they go, for what they were checked against may have changed.
    Raises PermissionMissing, StillOpen, NoLongerFits, NothingToImport, SourceGone.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    tenant: Tenant = session.info["tenant"]
    # Two imports at once could each find that the other's rows are not there, or wait for each other's numbers.
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{tenant.schema}:imports"}
    )
    table = await table_of(session, storage, batch)
    await _refuse_open(session, batch)
    contracts = await ContractsInForce.read(session)
    stretches = Stretches(
        tenant=tenant.id,
        import_id=batch.id,
        source=Source(batch.name, batch.sheet, by.id, by.name, at),
        checking=await checking_of(session, batch, table, at=at),
        left_out=await left_out(session, batch),
        rules=await rules_at(session, at),
        contracts=contracts,
        clocks=ClocksOfImport(contracts, await read_rulebook(session), by=by, at=at),
        sealed=frozenset(batch.chosen.sealed),
        is_private=is_private,
        by=by,
        at=at,
    )
    of_merchants: dict[UUID, list[UUID]] = {}
    written = 0
    parts = [table.rows[start : start + STRETCH] for start in range(0, len(table.rows), STRETCH)]
    async with aclosing(made_ahead(stretches.make, parts)) as made:
        async for stretch in made:
            await write_stretch(session, stretch)
            for draft in stretch.drafts:
                of_merchants.setdefault(draft.line.merchant, []).append(draft.id)
            written += len(stretch.drafts)
            if tell is not None:
                await tell(written)
    if not written:
        raise NothingToImport
    # Measures count them too; written without the session's rows, they leave no note of themselves.
    await owe_courses(session, of_merchants)
    batch.step, batch.imported_at = Step.IMPORTED, at
    batch.ticket_count = batch.done = written
    await record(
        session,
        IMPORTED,
        actor=by.actor(),
        at=at,
        subject=batch.id,
        body={"rows": batch.row_count, "tickets": written, "sha256": batch.sha256},
    )
    await forget_source(session, storage, batch)


async def check_in_job(
    session: AsyncSession,
    storage: ObjectStorage,
    batch: TicketImport,
    *,
    by: Person,
    at: datetime,
    tell: Tell | None = None,
) -> None:
    """Check the rows of an import that was left to a job. `tell` hears how many are done."""
    table: Table = await table_of(session, storage, batch)
    await check_import(session, batch, table, by=by, at=at, tell=tell)


async def note_done(session: AsyncSession, import_id: UUID, done: int) -> None:
    """Say how far an import is, in a transaction of its own."""
    batch = await session.get(TicketImport, import_id)
    if batch is not None:
        batch.done = done


async def note_refusal(session: AsyncSession, import_id: UUID, why: str, step: Step = Step.REFUSED) -> None:
    """Say why nothing came of it; what was chosen and decided stays."""
    batch = await session.get(TicketImport, import_id)
    if batch is not None:
        batch.step, batch.refusal = step, why


async def _refuse_open(session: AsyncSession, batch: TicketImport) -> None:
    if waiting := await count_open(session, batch):
        raise StillOpen(waiting)
