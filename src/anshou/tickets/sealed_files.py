"""The files of confidential tickets lie in the storage as sealed streams, bound to the key that their row names."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.file_places import declare_sealed_files, file_id, places_of
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.streams import looks_sealed
from tenants.storage import ObjectMissing, ObjectStorage

declare_sealed_files(
    "attachment",
    "EXISTS (SELECT FROM ticket AS t WHERE t.merchant_id = f.merchant_id AND t.id = f.ticket_id AND t.is_confidential)",
)


class SealingStorage:
    """A storage of one merchant's: what is put is sealed on its way in, what is read opened on its way out.

    `places` says in which object each file lies that is to be read; every file in that of its own name if not given.
    """

    def __init__(self, storage: ObjectStorage, ring: KeyRing, places: Mapping[str, str] | None = None) -> None:
        self._storage = storage
        self._ring = ring
        self._places = places

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """See `ObjectStorage.put`."""
        await self._storage.put(key, self._ring.seal_stream(chunks, file=file_id(key)))

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """See `ObjectStorage.read`. Raises SealBroken for anything but what was put under the very key."""
        # A file whose place nobody looked up may be anywhere: that is a fault in our code.
        lies_in = key if self._places is None else self._places[key]
        async for piece in self._ring.open_stream(self._storage.read(lies_in), file=file_id(key)):
            yield piece

    async def delete(self, key: str) -> None:
        """See `ObjectStorage.delete`."""
        await self._storage.delete(key)


async def sealing_storage(
    session: AsyncSession, storage: ObjectStorage, merchant_id: UUID, *reading: str
) -> ObjectStorage:
    """Where a merchant's confidential files are put, and those in `reading` are read. Raises KeyDestroyed."""
    moved = await places_of(session, reading) if reading else {}
    places = {key: moved.get(key, key) for key in reading}
    return SealingStorage(storage, await open_keys(session, merchant_id), places)


async def seal_in_place(storage: ObjectStorage, key: str, ring: KeyRing) -> None:
    """Seal an object that was put in plain. One that is sealed already stays; may be repeated after a crash.

    Whoever reads it meanwhile finds the old object or the new one, never a part. One that is gone was erased, or was
    sealed and then sealed anew.
    """
    with suppress(ObjectMissing):
        if not await lies_sealed(storage, key):
            await SealingStorage(storage, ring).put(key, storage.read(key))


async def lies_sealed(storage: ObjectStorage, key: str) -> bool:
    """Whether what was put under the key is a sealed stream; not if nothing is there any more."""
    with suppress(ObjectMissing):
        return looks_sealed(await anext(storage.read(key), b""))
    return False
