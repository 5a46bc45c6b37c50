"""The list of erasures outside the database: what a restored backup must lose again.

One object per batch, numbered without gaps, so that a database knows from its own last number what it is missing. Each
holds kinds, ids and times, never content, the code of the one before, and a code of its own by a key that follows from
the root secret: who can write to the storage can neither add an erasure nor change one.

A batch is written here before it is carried out. If the process dies in between, it is carried out when the next one
looks: what stands on the list is decided.
"""

import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anshou.privacy.retention.errors import ErasureListBroken
from tenants.erasing import Head
from tenants.storage import ObjectMissing, ObjectStorage


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch: subjects by kind, each with its merchant's id, and the keys of files that go with them."""

    tenant: UUID
    number: int
    previous: str
    run: UUID
    at: datetime
    subjects: dict[str, tuple[tuple[UUID, UUID | None], ...]]
    files: tuple[str, ...]


class ErasureList:
    """The list, in a storage that is restored apart from the database, if at all. `secret` is the root secret."""

    def __init__(self, storage: ObjectStorage, *, secret: bytes) -> None:
        self._storage = storage
        self._key = hmac.digest(secret, b"anshou.erasure listing.v1", "sha256")

    async def write(self, batch: Batch) -> str:
        """Add the batch; answers its code."""
        body = _encoded(batch)
        mac = self._code(body)

        async def whole() -> AsyncIterator[bytes]:
            yield f"{mac}\n{body}".encode()

        await self._storage.put(_place(batch.tenant, batch.number), whole())
        return mac

    async def read(self, tenant: UUID, number: int, *, after: str) -> tuple[Batch, str] | None:
        """The batch of this number with its code, or None. `after` is the code of the one before.

        Raises ErasureListBroken if it was altered or follows another one.
        """
        whole = await self._find(tenant, number)
        if whole is None:
            return None
        mac, _, body = whole.decode("utf-8", "replace").partition("\n")
        if not hmac.compare_digest(mac.encode(), self._code(body).encode()):
            raise ErasureListBroken(f"batch {number} of tenant {tenant} was altered")
        batch = _decoded(body)
        if (batch.tenant, batch.number, batch.previous) != (tenant, number, after):
            raise ErasureListBroken(f"batch {number} of tenant {tenant} does not follow the one this database knows")
        return batch, mac

    async def knows(self, tenant: UUID, head: Head) -> bool:
        """Whether the last batch of a database stands on the list as that database knows it."""
        if head.number == 0:
            return True
        whole = await self._find(tenant, head.number)
        return whole is not None and whole.startswith(f"{head.mac}\n".encode())

    async def _find(self, tenant: UUID, number: int) -> bytes | None:
        try:
            return b"".join([piece async for piece in self._storage.read(_place(tenant, number))])
        except ObjectMissing:
            return None

    def _code(self, body: str) -> str:
        return hmac.digest(self._key, body.encode(), "sha256").hex()


def _place(tenant: UUID, number: int) -> str:
    return f"{tenant}/{number:012d}"


def _encoded(batch: Batch) -> str:
    return json.dumps(
        {
            "tenant": str(batch.tenant),
            "number": batch.number,
            "previous": batch.previous,
            "run": str(batch.run),
            "at": batch.at.isoformat(),
            "subjects": {
                kind: [[str(subject), None if merchant is None else str(merchant)] for subject, merchant in subjects]
                for kind, subjects in batch.subjects.items()
            },
            "files": list(batch.files),
        },
        sort_keys=True,
    )


def _decoded(body: str) -> Batch:
    told: dict[str, Any] = json.loads(body)
    return Batch(
        tenant=UUID(told["tenant"]),
        number=told["number"],
        previous=told["previous"],
        run=UUID(told["run"]),
        at=datetime.fromisoformat(told["at"]),
        subjects={
            kind: tuple((UUID(subject), None if merchant is None else UUID(merchant)) for subject, merchant in subjects)
            for kind, subjects in told["subjects"].items()
        },
        files=tuple(told["files"]),
    )
