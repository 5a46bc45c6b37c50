"""The file for which a mapping is being made: it lies in the storage while the form goes back and forth."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.kept_files import kept_field, kept_files
from anshou.portal.pages import portal_of
from anshou.tickets.timeline import StoredFile
from tenants.storage import new_key


@dataclass(frozen=True, slots=True)
class KeptBill:
    """A bill's file with its content; `stored` is where it lies meanwhile."""

    stored: StoredFile
    content: bytes

    @property
    def name(self) -> str:
        """As the file was called."""
        return self.stored.name

    async def forget(self, request: Asked) -> None:
        """Take it out of the storage: its lines are in the books now."""
        await portal_of(request).storage.delete(self.stored.storage_key)


async def keep_bill(request: Asked, visit: Visit, name: str, content: bytes) -> KeptBill:
    """Lay the file into the storage. Its type is not looked at: it was read as a bill, or refused."""
    key = new_key(visit.tenant.schema)

    async def whole() -> AsyncIterator[bytes]:
        yield content

    await portal_of(request).storage.put(key, whole())
    stored = StoredFile(
        name=name,
        media_type="application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key,
    )
    return KeptBill(stored, content)


async def kept_bill(request: Asked, visit: Visit) -> KeptBill | None:
    """The file that the form brings along, if it brings one that lies there still."""
    for stored in await kept_files(request, visit):
        pieces = [piece async for piece in portal_of(request).storage.read(stored.storage_key)]
        return KeptBill(stored, b"".join(pieces))
    return None


def field_of(request: Asked, visit: Visit, bill: KeptBill) -> str:
    """The value of the hidden field that brings the file along."""
    return kept_field(request, visit, bill.stored)
