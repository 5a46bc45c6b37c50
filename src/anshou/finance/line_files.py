"""The files behind a line of a statement: what proves its cost, and what came with a dispute and its answer.

Both sides read them, the merchant those of its own statements; each file handed out is recorded.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import LINE_FILE_OPENED
from anshou.finance.errors import EvidenceNotFound
from anshou.finance.handing_out import Kept, name_for, opened
from anshou.finance.statement_leaves import leave_leaf
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostEvidence, proof_of
from billing.statements.answering import words_about
from billing.statements.files import StatementFile, files_of
from billing.statements.rows import Statement, StatementLine, StatementWord
from tenants.storage import ObjectStorage


async def add_files(
    session: AsyncSession,
    line: StatementLine,
    word: StatementWord,
    files: Sequence[StoredFile],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Put uploaded files, which lie in the storage sealed for the merchant, to what was just said of the line."""
    ticket = await ticket_of(session, line) if files else None
    session.add_all(
        StatementFile(
            merchant_id=word.merchant_id,
            statement_id=word.statement_id,
            word_id=word.id,
            name=name_for(ticket, file.name, place),
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            storage_key=file.storage_key,
            added_by=by.id,
            added_at=at,
        )
        for place, file in enumerate(files, start=1)
    )
    await session.flush()


async def proof_of_line(session: AsyncSession, line: StatementLine) -> Sequence[CostEvidence]:
    """What proves the cost that the line charges or credits."""
    return [] if line.cost_item_id is None else await proof_of(session, line.merchant_id, line.cost_item_id)


async def files_about(session: AsyncSession, line: StatementLine) -> Sequence[Kept]:
    """Every file behind the line: of its cost, then as they came with what was said."""
    said: Mapping[UUID, Sequence[StatementFile]] = await files_of(session, await words_about(session, line))
    return [*await proof_of_line(session, line), *(file for of_word in said.values() for file in of_word)]


async def ticket_of(session: AsyncSession, line: StatementLine) -> Ticket | None:
    """The ticket whose cost the line is about."""
    asked = select(Ticket).where(Ticket.merchant_id == line.merchant_id, Ticket.id == line.ticket_id)
    return (await session.scalars(asked)).one_or_none()


async def open_file(
    session: AsyncSession,
    storage: ObjectStorage,
    statement: Statement,
    line: StatementLine,
    file_id: UUID,
    *,
    by: Person,
    at: datetime,
) -> tuple[Kept, ObjectStorage]:
    """A file behind the line, and the storage that reads it opened; that it is handed out is recorded.

    The record is in the same transaction, which must commit before any of it leaves. Raises PermissionMissing,
    EvidenceNotFound, HandlingEnded, KeyDestroyed.
    """
    if not allows(by, Permission.READ_DISPUTES):
        authorize(by, Permission.READ_STATEMENTS)
    kept = next((one for one in await files_about(session, line) if one.id == file_id), None)
    if kept is None:
        raise EvidenceNotFound
    reading = await opened(session, storage, await ticket_of(session, line), kept, by=by, at=at)
    await leave_leaf(session, LINE_FILE_OPENED, statement, line, by=by, at=at, file=str(kept.id), sha256=kept.sha256)
    return kept, reading
