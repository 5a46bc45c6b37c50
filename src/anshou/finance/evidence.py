"""The files that prove a cost: uploaded for it, or copied from the ticket's attachments; and handing them out.

Every file is sealed for the merchant on its way into the storage. Who verifies reads the files of the cost and
no others of the ticket; each file handed out is recorded.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import EVIDENCE_OPENED
from anshou.finance.errors import EvidenceNotFound, EvidenceTwice, TooMuchEvidence
from anshou.finance.handing_out import name_for, opened
from anshou.finance.moving import lock_own_claim
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.attachments import visible_attachment
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostEvidence, CostItem, evidence_of
from confidentiality.audit.leaves import record
from confidentiality.keys.file_places import declare_sealed_files
from tenants.storage import ObjectStorage, new_key

declare_sealed_files("cost_evidence", "true")

MOST = 20


async def add_evidence(
    session: AsyncSession, ticket: Ticket, item: CostItem, file: StoredFile, *, by: Person, at: datetime
) -> CostEvidence:
    """Put an uploaded file, which lies in the storage sealed for the merchant, to the claim.

    Raises NotYourClaim, CostDeedNotOpen, EvidenceTwice, TooMuchEvidence.
    """
    return await _add(session, ticket, item, file, None, by=by, at=at)


async def use_attachment(
    session: AsyncSession,
    storage: ObjectStorage,
    ticket: Ticket,
    item: CostItem,
    attachment_id: UUID,
    *,
    by: Person,
    at: datetime,
) -> CostEvidence:
    """Prove the claim by a file that the ticket has. Raises AttachmentNotFound, and what `add_evidence` raises.

    It is copied: a ticket's files go years before what proves an entry in the books may go.
    """
    authorize(by, Permission.READ_TICKETS)
    await lock_own_claim(session, item, by=by)
    attached = await visible_attachment(session, ticket, attachment_id)
    kept = attached.storage_key
    source = await sealing_storage(session, storage, ticket.merchant_id, kept) if ticket.is_confidential else storage
    copy = new_key(kept.partition("/")[0])
    await (await sealing_storage(session, storage, ticket.merchant_id)).put(copy, source.read(kept))
    file = StoredFile(
        name=attached.name,
        media_type=attached.media_type,
        size=attached.size,
        sha256=attached.sha256,
        storage_key=copy,
    )
    return await _add(session, ticket, item, file, attached.id, by=by, at=at)


async def remove_evidence(
    session: AsyncSession, item: CostItem, evidence_id: UUID, *, by: Person, at: datetime
) -> None:
    """Take a file off the claim. Raises NotYourClaim, CostDeedNotOpen, EvidenceNotFound."""
    await lock_own_claim(session, item, by=by)
    found = await visible_evidence(session, item, evidence_id)
    found.removed_by, found.removed_at = by.id, at
    await session.flush()


async def visible_evidence(session: AsyncSession, item: CostItem, evidence_id: UUID) -> CostEvidence:
    """One of the files of the item. Raises EvidenceNotFound."""
    for one in (await evidence_of(session, [item]))[item.id]:
        if one.id == evidence_id:
            return one
    raise EvidenceNotFound


async def open_evidence(
    session: AsyncSession,
    storage: ObjectStorage,
    ticket: Ticket,
    item: CostItem,
    evidence: CostEvidence,
    *,
    by: Person,
    at: datetime,
) -> ObjectStorage:
    """Record that the file is handed out, and answer the storage that reads it opened.

    The record is in the same transaction, which must commit before any of it leaves. On a confidential ticket only
    whoever may reveal opens a file. Raises PermissionMissing, HandlingEnded, KeyDestroyed.
    """
    authorize(by, Permission.READ_COSTS)
    reading = await opened(session, storage, ticket, evidence, by=by, at=at)
    await record(
        session,
        EVIDENCE_OPENED,
        actor=by.actor(),
        at=at,
        owner=ticket.merchant_id,
        subject=item.id,
        ticket=ticket.id,
        body={"number": item.number, "evidence": str(evidence.id), "sha256": evidence.sha256},
    )
    return reading


async def _add(
    session: AsyncSession,
    ticket: Ticket,
    item: CostItem,
    file: StoredFile,
    attachment_id: UUID | None,
    *,
    by: Person,
    at: datetime,
) -> CostEvidence:
    await lock_own_claim(session, item, by=by)
    there = (await evidence_of(session, [item]))[item.id]
    if any(one.sha256 == file.sha256 for one in there):
        raise EvidenceTwice
    if len(there) >= MOST:
        raise TooMuchEvidence(MOST)
    added = CostEvidence(
        merchant_id=item.merchant_id,
        ticket_id=item.ticket_id,
        item_id=item.id,
        attachment_id=attachment_id,
        name=name_for(ticket, file.name, len(there) + 1),
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        storage_key=file.storage_key,
        added_by=by.id,
        added_at=at,
        removed_by=None,
        removed_at=None,
    )
    session.add(added)
    await session.flush()
    return added
