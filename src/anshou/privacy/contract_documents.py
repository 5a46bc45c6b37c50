"""Handing a contract's documents out: for a purpose, while the merchant's matters may be handled, and with a record."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.documents import ContractDocument
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.handling import require_handling
from anshou.privacy.purposes import require_purpose
from anshou.tickets.sealed_files import sealing_storage
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_
from tenants.storage import ObjectStorage

DOCUMENT_OPENED = action("contract.document_opened", N_("查看合同文件"))


async def open_document(
    session: AsyncSession,
    storage: ObjectStorage,
    version: ContractVersion,
    document: ContractDocument,
    *,
    purpose: str = "",
    by: Person,
    at: datetime,
) -> ObjectStorage:
    """Record that the document is handed out, and answer the storage that reads it opened.

    The record is in the same transaction, which must commit before any of it leaves. A merchant's own people give no
    purpose. Raises PermissionMissing, PurposeUnknown, HandlingEnded, KeyDestroyed.
    """
    body = {"document": str(document.id)}
    if by.is_merchant:
        authorize(by, Permission.READ_CONTRACTS)
    else:
        authorize(by, Permission.REVEAL)
        body["purpose"] = (await require_purpose(session, purpose)).code
        await require_handling(session, version.merchant_id, at=at)
    opened = storage
    if document.is_sealed:
        opened = await sealing_storage(session, storage, version.merchant_id, document.storage_key)
    await record(
        session, DOCUMENT_OPENED, actor=by.actor(), at=at, owner=version.merchant_id, subject=document.id, body=body
    )
    return opened
