"""The import itself: every row that is ready, or none. Who may: IMPORT_TICKETS. Nobody is told of it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.courses.owed import owe_courses
from anshou.tickets.importing.batches import Step, TicketImport
from anshou.tickets.importing.deciding import check_import, checked_rows
from anshou.tickets.importing.drafting import Source, draft_of
from anshou.tickets.importing.errors import NothingToImport, StillOpen
from anshou.tickets.importing.found import count_open, left_out
from anshou.tickets.importing.grounds import ContractsInForce
from anshou.tickets.importing.intake import Table, forget_source, table_of
from anshou.tickets.importing.starting import ClocksOfImport
from anshou.tickets.importing.writing import STRETCH, number_drafts, write_drafts
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

IsPrivate = Callable[[UUID, UUID | None, str], bool]
"""Whether what is said of a merchant, at a shop, in these words, is to be sealed whatever was chosen."""

Tell = Callable[[int], Awaitable[None]]


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

    Raises PermissionMissing, NotThatFar, StillOpen, NothingToImport, SourceGone.
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

    Raises PermissionMissing, StillOpen, NothingToImport, SourceGone.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    tenant: Tenant = session.info["tenant"]
    # Two imports at once could each find that the other's rows are not there.
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{tenant.schema}:imports"}
    )
    table = await table_of(session, storage, batch)
    checked = await checked_rows(session, batch, table, at=at)
    await _refuse_open(session, batch)
    without = await left_out(session, batch)
    lines = [one for one in checked.lines if one.number not in without]
    if not lines:
        raise NothingToImport
    contracts, rules = await ContractsInForce.read(session), await rules_at(session, at)
    sealed = frozenset(batch.chosen.sealed)
    source = Source(batch.name, batch.sheet, by.id, by.name, at)
    drafts = []
    for line in lines:
        version = contracts.on(line.merchant, cast(date, line.occurred_on))
        words = f"{line.title} {line.description}"
        confidential = line.merchant in sealed or is_private(line.merchant, line.shop, words)
        drafts.append(
            draft_of(line, source, contract_version=version.id if version else None, confidential=confidential)
        )
    await number_drafts(session, drafts, rules)
    clocks = ClocksOfImport(contracts, by=by, at=at)
    for start in range(0, len(drafts), STRETCH):
        part = drafts[start : start + STRETCH]
        await write_drafts(session, part, batch.id, by=by, at=at)
        await clocks.start(session, part)
        if tell is not None:
            await tell(start + len(part))
    # Measures count them too; written without the session's rows, they leave no note of themselves.
    of_merchants: dict[UUID, list[UUID]] = {}
    for draft in drafts:
        of_merchants.setdefault(draft.line.merchant, []).append(draft.id)
    await owe_courses(session, of_merchants)
    batch.step, batch.imported_at = Step.IMPORTED, at
    batch.ticket_count = batch.done = len(drafts)
    await record(
        session,
        IMPORTED,
        actor=by.actor(),
        at=at,
        subject=batch.id,
        body={"rows": batch.row_count, "tickets": len(drafts), "sha256": batch.sha256},
    )
    await forget_source(session, storage, batch)


async def check_in_job(
    session: AsyncSession, storage: ObjectStorage, batch: TicketImport, *, by: Person, at: datetime
) -> None:
    """Check the rows of an import that was left to a job."""
    table: Table = await table_of(session, storage, batch)
    await check_import(session, batch, table, by=by, at=at)


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
