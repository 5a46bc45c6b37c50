"""The invoice itself: put to its request as PDF, OFD or XML, taken off again, handed out.

Every file lies in the storage sealed for the merchant. When somebody of the merchant opens one, the invoice is
delivered: the buyer has it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import INVOICE_DELIVERED, INVOICE_FILE_ADDED, INVOICE_FILE_OPENED, INVOICE_FILE_REMOVED
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.timeline import StoredFile
from billing.invoices import moving
from billing.invoices.errors import InvoiceFileNotFound, InvoiceFileTwice, InvoiceNotOpen, TooManyInvoiceFiles
from billing.invoices.rows import WRITTEN, InvoiceFile, InvoiceRequest, InvoiceState
from confidentiality.audit.actions import Action
from confidentiality.audit.leaves import record
from confidentiality.keys.file_places import declare_sealed_files
from tenants.refusals import N_
from tenants.storage import ObjectStorage

declare_sealed_files("invoice_file")

# One in each form, and one to spare.
MOST = 4

OPENED_BY_MERCHANT = N_("商家已下载")


async def add_invoice_file(
    session: AsyncSession, request: InvoiceRequest, file: StoredFile, *, by: Person, at: datetime
) -> InvoiceFile:
    """Put an uploaded file, which lies in the storage sealed for the merchant, to an invoice that was issued.

    Raises PermissionMissing, InvoiceNotOpen, InvoiceFileTwice, TooManyInvoiceFiles.
    """
    authorize(by, Permission.ISSUE_INVOICES)
    await session.refresh(request, with_for_update=True)
    if request.state not in WRITTEN:
        raise InvoiceNotOpen(request.number, request.state.label)
    asked = select(InvoiceFile.sha256).where(*_standing(request))
    there = (await session.scalars(asked)).all()
    if file.sha256 in there:
        raise InvoiceFileTwice
    if len(there) >= MOST:
        raise TooManyInvoiceFiles(MOST)
    added = InvoiceFile(
        merchant_id=request.merchant_id,
        request_id=request.id,
        name=file.name,
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
    await _leaf(session, INVOICE_FILE_ADDED, request, added, by=by, at=at)
    return added


async def remove_invoice_file(
    session: AsyncSession, request: InvoiceRequest, file_id: UUID, *, by: Person, at: datetime
) -> None:
    """Take a wrong file off, as long as the buyer does not have it.

    Raises PermissionMissing, InvoiceNotOpen, InvoiceFileNotFound.
    """
    authorize(by, Permission.ISSUE_INVOICES)
    await session.refresh(request, with_for_update=True)
    if request.state is not InvoiceState.ISSUED:
        raise InvoiceNotOpen(request.number, request.state.label)
    file = await visible_invoice_file(session, request, file_id)
    file.removed_by, file.removed_at = by.id, at
    await session.flush()
    await _leaf(session, INVOICE_FILE_REMOVED, request, file, by=by, at=at)


async def visible_invoice_file(session: AsyncSession, request: InvoiceRequest, file_id: UUID) -> InvoiceFile:
    """One of its files. Raises InvoiceFileNotFound."""
    asked = select(InvoiceFile).where(*_standing(request), InvoiceFile.id == file_id)
    found = (await session.scalars(asked)).one_or_none()
    if found is None:
        raise InvoiceFileNotFound
    return found


async def open_invoice_file(
    session: AsyncSession,
    storage: ObjectStorage,
    request: InvoiceRequest,
    file: InvoiceFile,
    *,
    by: Person,
    at: datetime,
) -> ObjectStorage:
    """Record that the file is handed out, and answer the storage that reads it opened. Delivers it to a merchant.

    The record is in the same transaction, which must commit before any of it leaves. Raises PermissionMissing,
    KeyDestroyed.
    """
    authorize(by, Permission.READ_STATEMENTS)
    opened = await sealing_storage(session, storage, request.merchant_id, file.storage_key)
    await _leaf(session, INVOICE_FILE_OPENED, request, file, by=by, at=at)
    if by.is_merchant:
        # Two of the merchant's people may open it at the same moment; the second finds it delivered.
        await session.refresh(request, with_for_update=True)
        if request.state is InvoiceState.ISSUED:
            await moving.deliver(session, request, OPENED_BY_MERCHANT, by=by.id, at=at)
            await _leaf(session, INVOICE_DELIVERED, request, file, by=by, at=at)
    return opened


def _standing(request: InvoiceRequest) -> tuple[ColumnElement[bool], ...]:
    return (
        InvoiceFile.merchant_id == request.merchant_id,
        InvoiceFile.request_id == request.id,
        InvoiceFile.removed_at.is_(None),
    )


async def _leaf(
    session: AsyncSession, action: Action, request: InvoiceRequest, file: InvoiceFile, *, by: Person, at: datetime
) -> None:
    body = {"number": request.number, "file": str(file.id), "sha256": file.sha256}
    owner = request.merchant_id
    await record(session, action, actor=by.actor(), at=at, owner=owner, subject=request.id, body=body)
