"""Sealed files of a merchant, as people leave them: a contract document and a file of a confidential ticket."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.documents import ContractDocument, add_document
from anshou.merchants.documents import StoredFile as StoredDocument
from anshou.tickets.entries import Attachment
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.marking import mark_confidential
from anshou.tickets.opening import open_ticket
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file
from confidentiality.keys.file_places import FilePlace
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.streams import stream_version
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage, new_key
from tests.cast import NOW, Anhe
from tests.tickets.samples import report

# More than one chunk, and none of them like another.
FILE = b"%PDF-1.4\n" + b"".join(number.to_bytes(4, "big") for number in range(100_000))


@dataclass
class Shelf:
    """What lies in the storage, and what the rows say of it. `folder` is where, if it is one."""

    tenants: Tenants
    tenant: Tenant
    cast: Anhe
    storage: ObjectStorage
    folder: Path | None = None

    @property
    def owner(self) -> UUID:
        """The merchant whose files they are."""
        return self.cast.yunshan.id

    async def add_document(self, content: bytes = FILE) -> str:
        """A document of the merchant's contract; the key that its row names."""
        key = await self._put(content)
        async with self.tenants.session(self.tenant, AGENCY) as session:
            version = await session.get_one(ContractVersion, self.cast.yunshan.version_id)
            stored = StoredDocument(
                name="合同.pdf",
                media_type="application/pdf",
                size=len(content),
                sha256=sha256(content).digest(),
                storage_key=key,
                is_sealed=True,
            )
            await add_document(session, version, stored, by=self.cast.admin, at=NOW)
        return key

    async def add_attachment(self, content: bytes = FILE) -> tuple[Ticket, str]:
        """A file of a confidential ticket of the merchant's."""
        async with self.tenants.session(self.tenant, self.cast.owner.context()) as session:
            stated = report(Kind.SERVICE_QUALITY, NOW, shop=self.cast.yunshan.shop_id)
            ticket = await open_ticket(session, stated, by=self.cast.owner, at=NOW)
            await mark_confidential(session, ticket, by=self.cast.owner, at=NOW)
        key = await self._put(content)
        async with self.tenants.session(self.tenant, self.cast.owner.context()) as session:
            ticket = await session.get_one(Ticket, ticket.id)
            stored = StoredFile(
                name="证据.pdf",
                media_type="application/pdf",
                size=len(content),
                sha256=sha256(content).hexdigest(),
                storage_key=key,
            )
            await attach_file(session, ticket, stored, audience=Side.MERCHANT, by=self.cast.owner, at=NOW)
        return ticket, key

    async def read(self, key: str) -> bytes:
        """The file as a download hands it out."""
        async with self.tenants.session(self.tenant, self.cast.owner.context()) as session:
            opened = await sealing_storage(session, self.storage, self.owner, key)
        return b"".join([piece async for piece in opened.read(key)])

    async def places(self) -> Mapping[str, str]:
        """In which object each file lies that was looked at."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return {place.file_key: place.storage_key for place in await session.scalars(select(FilePlace))}

    async def versions(self) -> set[int]:
        """What the headers of all files say that rows name."""
        places, found = await self.places(), set()
        async with self.tenants.session(self.tenant, AGENCY) as session:
            named = [*await session.scalars(select(ContractDocument.storage_key))]
            named += await session.scalars(select(Attachment.storage_key))
        for key in named:
            found.add(stream_version(await anext(self.storage.read(places.get(key, key)))))
        return found

    async def spent(self) -> int:
        """How many objects wait for being deleted."""
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return int((await session.scalars(text("SELECT count(*) FROM spent_object"))).one())

    def objects(self) -> set[str]:
        """The keys of everything that lies in the folder."""
        assert self.folder is not None
        return {str(file.relative_to(self.folder)) for file in self.folder.rglob("*") if file.is_file()}

    async def _put(self, content: bytes) -> str:
        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 50_000):
                yield content[start : start + 50_000]
                await asyncio.sleep(0)

        key = new_key(self.tenant.schema)
        async with self.tenants.session(self.tenant, AGENCY) as session:
            ring = await open_keys(session, self.owner)
            sealing = await sealing_storage(session, self.storage, ring.owner)
        await sealing.put(key, pieces())
        return key
