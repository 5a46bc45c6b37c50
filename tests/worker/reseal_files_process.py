"""Sealing files anew in a process of its own, to be killed: `python -m tests.worker.reseal_files_process`.

Takes the steps of the worker's job, says after which it is, and waits there if it was told to be killed at that one.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from anshou.sealed_tables import know_all
from confidentiality.keys.file_resealing import claim, copy, older_files, swap, version_of
from confidentiality.keys.vault import CARRIED_AS, open_keys
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage, open_storage
from tests.database import Database

KILLED_AT = os.environ.get("TEST_KILLED_AT", "")


async def step(name: str) -> None:
    """Say it; the test kills the process at this line."""
    print(name, flush=True)  # noqa: T201  The test reads it.
    if name == KILLED_AT:
        await asyncio.sleep(3600)


class Telling:
    """A storage that says when the first piece of an object was read."""

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage
        self.put, self.delete = storage.put, storage.delete

    async def read(self, key: str) -> AsyncIterator[bytes]:
        first = True
        async for piece in self._storage.read(key):
            yield piece
            if first:
                await step("copying")
            first = False


async def main() -> None:
    """One file after the other until none is left."""
    know_all()
    url, secret = os.environ["TEST_DATABASE_URL"], bytes.fromhex(os.environ["TEST_SECRET"])
    owner, version = UUID(os.environ["TEST_OWNER"]), int(os.environ["TEST_VERSION"])
    vault = Database(url=url, superuser_url=url, secret=secret, keys=Path(os.environ["TEST_KEYS"])).open_vault()
    tenants = Tenants(url, secret=secret, carry={CARRIED_AS: vault})
    tenant = await tenants.by_id(UUID(os.environ["TEST_TENANT"]))
    storage, at = open_storage(os.environ["TEST_STORAGE"]), datetime.now(UTC)
    while True:
        async with tenants.session(tenant, AGENCY) as session:
            ring = await open_keys(session, owner)
            found = await older_files(session, owner, version, most=1)
        if not found:
            break
        lies_under = await version_of(storage, found[0])
        async with tenants.session(tenant, AGENCY) as session:
            claimed = await claim(session, ring, found[0], lies_under)
        assert claimed is not None
        await step("claimed")
        await copy(Telling(storage), ring, claimed)
        await step("copied")
        async with tenants.session(tenant, AGENCY) as session:
            assert await swap(session, ring, claimed, at=at)
        await step("swapped")
    await tenants.close()


if __name__ == "__main__":
    asyncio.run(main())
