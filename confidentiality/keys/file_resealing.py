"""Sealing files anew after a rotation: from the object where a stream lies into a new one, at constant memory.

Three steps, of which only the middle one takes time: claim the file and note the new object's key; copy; swap the place
if it still is what was claimed. Killed in between, the next attempt finds the noted key and writes the same object
again, so none is left that nothing names. Claim and swap hold the lock that erasures hold: a file is erased either
before the swap, which then finds no place, or after it, with the new object.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.errors import SealBroken
from confidentiality.keys.file_places import (
    NOTHING_SEALED,
    FilePlace,
    FileSource,
    all_file_sources,
    file_id,
    spend,
)
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.streams import stream_version
from tenants.base import new_id
from tenants.erasing import lock_head
from tenants.registry import Tenant
from tenants.storage import ObjectMissing, ObjectStorage, new_key


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file by the row that names it; `version` None if nobody has looked at its header yet."""

    source: FileSource
    row: UUID
    file_key: str
    storage_key: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A file on its way from one object into the next."""

    file_key: str
    storage_key: str
    next_key: str


async def older_files(session: AsyncSession, owner: UUID, version: int, *, most: int) -> list[SealedFile]:
    """Files of the owner that lie, or may lie, under a version before this one."""
    condition = "p.id IS NULL OR p.key_version BETWEEN 1 AND :version - 1 AND p.broken_at IS NULL"
    found: list[SealedFile] = []
    for source in all_file_sources():
        if len(found) < most:
            found += await _files(session, source, owner, condition, version=version, most=most - len(found))
    return found


async def unknown_files(session: AsyncSession, owner: UUID) -> list[SealedFile]:
    """Files of the owner whose version only their header tells."""
    found: list[SealedFile] = []
    for source in all_file_sources():
        found += await _files(session, source, owner, "p.id IS NULL", version=0, most=2**31 - 1)
    return found


async def version_of(storage: ObjectStorage, file: SealedFile) -> int:
    """Under which version of the data key the file lies; NOTHING_SEALED if there is no sealed stream."""
    if file.version is not None:
        return file.version
    try:
        return stream_version(await anext(storage.read(file.storage_key), b""))
    except ObjectMissing:
        return NOTHING_SEALED


async def claim(session: AsyncSession, ring: KeyRing, file: SealedFile, version: int) -> Claim | None:
    """Note the version that the header told, and where the file goes; None if it stays where it is."""
    await lock_head(session)
    tenant: Tenant = session.info["tenant"]
    if not await _files(session, file.source, ring.owner, "f.id = :row", version=0, most=1, row=file.row):
        return None
    known = {"file_key": file.file_key, "storage_key": file.storage_key, "key_version": version}
    first = insert(FilePlace).values(id=new_id(), merchant_id=ring.owner, **known)
    await session.execute(first.on_conflict_do_nothing(index_elements=["merchant_id", "file_key"]))
    place = await _place(session, ring.owner, file.file_key)
    if place is None or not NOTHING_SEALED < place.key_version < ring.current or place.broken_at is not None:
        return None
    if place.next_key is None:
        place.next_key = new_key(tenant.schema)
    await session.flush()
    return Claim(place.file_key, place.storage_key, place.next_key)


async def copy(storage: ObjectStorage, ring: KeyRing, claimed: Claim) -> None:
    """Write the new object and read it back. Raises SealBroken, and ObjectMissing if the file is gone."""
    file, written, read = file_id(claimed.file_key), sha256(), sha256()

    async def passing() -> AsyncIterator[bytes]:
        async for piece in ring.open_stream(storage.read(claimed.storage_key), file=file):
            written.update(piece)
            yield piece

    await storage.put(claimed.next_key, ring.seal_stream(passing(), file=file))
    # The old object goes for good: not before the new one was seen to hold the same.
    async for piece in ring.open_stream(storage.read(claimed.next_key), file=file):
        read.update(piece)
    if read.digest() != written.digest():
        raise SealBroken


async def swap(session: AsyncSession, ring: KeyRing, claimed: Claim, *, at: datetime) -> bool:
    """The file lies in the new object from now on, unless it was erased or moved meanwhile."""
    await lock_head(session)
    place = await _place(session, ring.owner, claimed.file_key)
    if place is None or (place.storage_key, place.next_key) != (claimed.storage_key, claimed.next_key):
        return False
    place.storage_key, place.next_key, place.key_version = claimed.next_key, None, ring.current
    await spend(session, ring.owner, claimed.file_key, claimed.storage_key, at=at)
    return True


async def give_up(session: AsyncSession, ring: KeyRing, claimed: Claim, *, missing: bool, at: datetime) -> None:
    """The file does not open, or is gone: it is not tried again; what was written of it is swept."""
    await lock_head(session)
    place = await _place(session, ring.owner, claimed.file_key)
    if place is None or place.next_key != claimed.next_key:
        return
    if missing:
        place.key_version = NOTHING_SEALED
    else:
        place.broken_at = at
    place.next_key = None
    await spend(session, ring.owner, claimed.file_key, claimed.next_key, at=at)


async def count_places(session: AsyncSession, owner: UUID) -> dict[int, int]:
    """How many files whose version is known lie under each."""
    query = text(
        "SELECT key_version AS version, count(*) AS files FROM file_place "
        "WHERE merchant_id = :owner AND key_version > 0 GROUP BY 1"
    ).bindparams(bindparam("owner", type_=Uuid))
    counted = query.columns(version=Integer, files=BigInteger)
    return {row.version: row.files for row in await session.execute(counted, {"owner": owner})}


async def broken_versions(session: AsyncSession, owner: UUID) -> set[int]:
    """Versions that a damaged file still lies under."""
    query = text("SELECT key_version FROM file_place WHERE merchant_id = :owner AND broken_at IS NOT NULL")
    return set(await session.scalars(query.bindparams(bindparam("owner", type_=Uuid)), {"owner": owner}))


async def _place(session: AsyncSession, owner: UUID, file_key: str) -> FilePlace | None:
    query = FilePlace.__table__.select().where(FilePlace.merchant_id == owner, FilePlace.file_key == file_key)
    found = (await session.execute(query.with_only_columns(FilePlace.id).with_for_update())).scalar()
    return None if found is None else await session.get(FilePlace, found, populate_existing=True)


async def _files(
    session: AsyncSession,
    source: FileSource,
    owner: UUID,
    condition: str,
    *,
    version: int,
    most: int,
    row: UUID | None = None,
) -> Sequence[SealedFile]:
    # Names and conditions of our own code; values are bound.
    query = f"""
        SELECT f.id, f.storage_key AS file_key, coalesce(p.storage_key, f.storage_key) AS storage_key, p.key_version
        FROM {source.table} AS f
        LEFT JOIN file_place AS p ON p.merchant_id = f.merchant_id AND p.file_key = f.storage_key
        WHERE f.merchant_id = :owner AND ({source.condition}) AND ({condition}) ORDER BY f.id LIMIT :most
    """  # noqa: S608
    given = {"owner": owner, "most": most, "version": version, "row": row}
    types: dict[str, Any] = {"owner": Uuid(), "most": Integer(), "version": Integer(), "row": Uuid()}
    used = {name: value for name, value in given.items() if f":{name}" in query}
    statement = text(query).bindparams(*(bindparam(name, type_=types[name]) for name in used))
    columns = statement.columns(id=Uuid(), file_key=Text(), storage_key=Text(), key_version=Integer())
    rows = (await session.execute(columns, used)).all()
    return [SealedFile(source, one.id, one.file_key, one.storage_key, one.key_version) for one in rows]
