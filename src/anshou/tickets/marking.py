"""Marking a ticket confidential: from then on what is said on it lies sealed, and what was said is sealed soon after.

There is no way back: what was promised to be confidential is not laid open later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.drafts import discard_drafts_of_ticket
from anshou.tickets.entries import Attachment, Entry, new_entry, next_instant
from anshou.tickets.entry_labels import MARKED_CONFIDENTIAL
from anshou.tickets.errors import AlreadyConfidential
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.sealed_contents import CONTENTS, seal_row
from anshou.tickets.tickets import Ticket, lock_ticket
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.base import Base
from tenants.covering import cover_ticket
from tenants.jobs import enqueue
from tenants.refusals import N_

SEAL_TICKET = "tickets.seal_contents"

MARKED = action("ticket.marked_confidential", N_("工单标为保密"))


async def mark_confidential(session: AsyncSession, ticket: Ticket, *, by: Person, at: datetime) -> Entry:
    """Mark the ticket. What is written from now on is sealed at once; a job seals what was written before.

    Raises PermissionMissing, AlreadyConfidential.
    """
    authorize(by, Permission.MARK_CONFIDENTIAL)
    await lock_ticket(session, ticket)
    if ticket.is_confidential:
        raise AlreadyConfidential
    ticket.is_confidential = True
    ticket.last_entry_at = next_instant(ticket, at)
    # Its own row goes first: the flush covers title, description and request.
    await session.flush()
    entry = new_entry(ticket, EntrySort.SYSTEM, Side.MERCHANT, by=by, at=ticket.last_entry_at, move=MARKED_CONFIDENTIAL)
    session.add(entry)
    await session.flush()
    await record(session, MARKED, actor=by.actor(), at=at, owner=ticket.merchant_id, ticket=ticket.id)
    await enqueue(session, SEAL_TICKET, {"ticket": str(ticket.id)}, key=f"{SEAL_TICKET}:{ticket.id}")
    return entry


@dataclass(frozen=True, slots=True)
class SealedTicket:
    """A ticket whose rows are sealed. The content of its files lies in the storage, under these keys."""

    merchant_id: UUID
    storage_keys: tuple[str, ...]


async def seal_what_was_said(session: AsyncSession, ticket_id: UUID) -> SealedTicket | None:
    """Seal every row of a confidential ticket that still says something itself, and cover it.

    In the agency's context; may be repeated. The files are sealed by whoever reaches the storage. None if there is no
    such ticket, or it is not confidential.
    """
    ticket = await session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None or not ticket.is_confidential:
        return None
    merchant_id = ticket.merchant_id
    ring = await open_keys(session, merchant_id)
    # Not the rows: covering makes the session forget what it has loaded.
    keys: list[str] = []
    for model in _models():
        of_ticket = select(model).where(model.merchant_id == merchant_id, model.ticket_id == ticket_id)
        rows = list(await session.scalars(of_ticket))
        # The rows themselves refuse a change; they are covered below.
        await session.run_sync(_seal_all, rows, ring)
        await session.flush()
        keys += [row.storage_key for row in rows if isinstance(row, Attachment)]
    await cover_ticket(session, merchant_id, ticket_id, CONTENTS)
    await discard_drafts_of_ticket(session, merchant_id, ticket_id)
    return SealedTicket(merchant_id, tuple(keys))


def _seal_all(session: Session, rows: Sequence[Any], ring: KeyRing) -> None:
    for row in rows:
        seal_row(session, row, ring, covers=False)


def _models() -> list[Any]:
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return sorted(
        (one for one in found if one.__tablename__ in CONTENTS and one is not Ticket), key=lambda one: one.__tablename__
    )
