"""The documents of a contract version: the row says what the file is, object storage holds it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import BigInteger, ForeignKeyConstraint, LargeBinary, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.errors import DocumentNotFound, VersionInForce
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from confidentiality.keys.file_places import declare_sealed_files, drop_file
from tenants.base import Base, MerchantRow
from tenants.erasing import lock_head
from tenants.refusals import N_

declare_sealed_files("contract_document", "f.is_sealed")


class ContractDocument(MerchantRow, Base):
    """A file of a contract version; `size` in bytes, `storage_key` is where object storage keeps it.

    It lies there sealed for the merchant if `is_sealed`; those taken in before there were keys are not.
    """

    __tablename__ = "contract_document"
    __table_args__ = (
        ForeignKeyConstraint(["merchant_id", "version_id"], ["contract_version.merchant_id", "contract_version.id"]),
    )

    version_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    storage_key: Mapped[str]
    is_sealed: Mapped[bool]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file that object storage has taken in; `size` in bytes."""

    name: Annotated[str, Meta(min_length=1, max_length=200, title=N_("文件名"))]
    media_type: str
    size: Annotated[int, Meta(ge=0)]
    sha256: bytes
    storage_key: str
    is_sealed: bool = False


async def documents_of(session: AsyncSession, version: ContractVersion, *, by: Person) -> Sequence[ContractDocument]:
    """The version's documents in the order they were added."""
    authorize(by, Permission.READ_CONTRACTS)
    rows = await session.scalars(
        select(ContractDocument)
        .where(ContractDocument.merchant_id == version.merchant_id, ContractDocument.version_id == version.id)
        .order_by(ContractDocument.id)
    )
    return rows.all()


async def visible_document(
    session: AsyncSession, version: ContractVersion, document_id: UUID, *, by: Person
) -> ContractDocument:
    """One of the version's documents. Raises DocumentNotFound."""
    authorize(by, Permission.READ_CONTRACTS)
    document = await session.get(ContractDocument, document_id)
    if document is None or document.version_id != version.id:
        raise DocumentNotFound
    return document


async def add_document(
    session: AsyncSession, version: ContractVersion, file: StoredFile, *, by: Person, at: datetime
) -> ContractDocument:
    """Put a file to the version; signed copies come after it is in force, so a version in force takes them too."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    document = ContractDocument(
        merchant_id=version.merchant_id,
        version_id=version.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        storage_key=file.storage_key,
        is_sealed=file.is_sealed,
        added_at=at,
        added_by=by.id,
    )
    session.add(document)
    await session.flush()
    return document


async def remove_document(
    session: AsyncSession, version: ContractVersion, document: ContractDocument, *, by: Person, at: datetime
) -> None:
    """Take a file off a draft; what the storage holds of it follows soon.

    Raises VersionInForce: what belongs to a version in force is evidence.
    """
    authorize(by, Permission.MANAGE_CONTRACTS)
    if version.in_force_at is not None:
        raise VersionInForce
    # Or it might be on its way into another object at this very moment.
    await lock_head(session)
    same = ContractDocument.merchant_id == document.merchant_id, ContractDocument.storage_key == document.storage_key
    # A form that was sent twice leaves two rows of one file.
    if await session.scalar(select(func.count()).where(*same)) == 1:
        await drop_file(session, document.merchant_id, document.storage_key, at=at)
    await session.delete(document)
    await session.flush()


async def forget_documents(session: AsyncSession, version: ContractVersion) -> None:
    """Name none of the version's files any more; the database refuses that for one in force."""
    of_version = (ContractDocument.merchant_id == version.merchant_id, ContractDocument.version_id == version.id)
    await session.execute(delete(ContractDocument).where(*of_version))
