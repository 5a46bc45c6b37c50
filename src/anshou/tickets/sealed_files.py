"""The files of confidential tickets lie in the storage as sealed streams, bound to the object that holds them."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.streams import looks_sealed
from tenants.storage import ObjectStorage


class SealingStorage:
    """A storage of one merchant's: what is put is sealed on its way in, what is read opened on its way out."""

    def __init__(self, storage: ObjectStorage, ring: KeyRing) -> None:
        self._storage = storage
        self._ring = ring

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """See `ObjectStorage.put`."""
        await self._storage.put(key, self._ring.seal_stream(chunks, file=_object(key)))

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """See `ObjectStorage.read`. Raises SealBroken for anything but what was put under the very key."""
        async for piece in self._ring.open_stream(self._storage.read(key), file=_object(key)):
            yield piece

    async def delete(self, key: str) -> None:
        """See `ObjectStorage.delete`."""
        await self._storage.delete(key)


async def sealing_storage(session: AsyncSession, storage: ObjectStorage, merchant_id: UUID) -> ObjectStorage:
    """Where a merchant's confidential files are put and read. Raises KeyDestroyed."""
    return SealingStorage(storage, await open_keys(session, merchant_id))


async def seal_in_place(storage: ObjectStorage, key: str, ring: KeyRing) -> None:
    """Seal an object that was put in plain. One that is sealed already stays; may be repeated after a crash.

    Whoever reads it meanwhile finds the old object or the new one, never a part.
    """
    if looks_sealed(await anext(storage.read(key), b"")):
        return
    await SealingStorage(storage, ring).put(key, storage.read(key))


def _object(key: str) -> UUID:
    """The id in an object's key: `schema/id`."""
    return UUID(key.rsplit("/", 1)[-1])
