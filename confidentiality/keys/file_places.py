"""Where sealed files lie, and under which version of the data key.

A row that names a file is evidence and often append-only, so sealing the file anew leaves it alone: the key that it
names (`file_key`) stays the file's name for good, and is what the stream is bound to. A place says in which object the
stream lies now. Without a place it lies in the object of that name, and its header tells the version.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from tenants.base import Base, MerchantRow
from tenants.jobs import enqueue

NOTHING_SEALED = 0
"""The version in the place of a file that is gone, or not sealed (yet)."""

SWEEP = "keys.sweep_files"
"""The actor that deletes objects which are no longer in use."""

KEPT_FOR = timedelta(hours=1)
"""How long an object stays after its file has moved on: for whoever looked the place up and has not begun to read,
and longer than one attempt at sealing anew may take, so that none writes an object after it was swept."""


class FilePlace(MerchantRow, Base):
    """The object `storage_key` holds the file under `key_version`; `next_key` is being written, if it is not None.

    `broken_at`: when the stream was found not to open (UTC). It is not tried again.
    """

    __tablename__ = "file_place"

    file_key: Mapped[str]
    storage_key: Mapped[str]
    key_version: Mapped[int]
    next_key: Mapped[str | None]
    broken_at: Mapped[datetime | None]


class SpentObject(MerchantRow, Base):
    """An object that no place names any more, and when it is deleted (UTC)."""

    __tablename__ = "spent_object"

    file_key: Mapped[str]
    storage_key: Mapped[str]
    due_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class FileSource:
    """A table whose rows name sealed files in `storage_key`; `condition` is SQL over `f` that tells which rows do."""

    table: str
    condition: str = "true"


_sources: dict[str, FileSource] = {}


def declare_sealed_files(table: str, condition: str = "true") -> None:
    """Files that rows of the table name, by `merchant_id` and `storage_key`, are sealed anew after a rotation."""
    _sources[table] = FileSource(table, condition)


def all_file_sources() -> list[FileSource]:
    """In the order of their tables."""
    return [_sources[table] for table in sorted(_sources)]


def file_id(file_key: str) -> UUID:
    """What the stream of a file is bound to: the id in the key that its row names, `schema/id`."""
    return UUID(file_key.rsplit("/", 1)[-1])


async def places_of(session: AsyncSession, file_keys: Collection[str]) -> Mapping[str, str]:
    """In which object each file lies, for those that have moved."""
    query = select(FilePlace.file_key, FilePlace.storage_key).where(FilePlace.file_key.in_(file_keys))
    return {row.file_key: row.storage_key for row in await session.execute(query)}


async def look_again(session: AsyncSession, file_keys: Collection[str]) -> None:
    """Files that were not sealed are now, or may be: their headers tell."""
    unsealed = FilePlace.file_key.in_(file_keys), FilePlace.key_version == NOTHING_SEALED
    await session.execute(delete(FilePlace).where(*unsealed))


async def spend(session: AsyncSession, merchant: UUID, file_key: str, *objects: str | None, at: datetime) -> None:
    """Have objects deleted after a while."""
    # Full hours, so that one job serves all that are spent within one.
    due = (at + KEPT_FOR).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    for storage_key in filter(None, objects):
        session.add(SpentObject(merchant_id=merchant, file_key=file_key, storage_key=storage_key, due_at=due))
    await session.flush()
    await enqueue(session, SWEEP, {}, key=f"{SWEEP}:{due:%Y%m%d%H}", queue="bulk", priority=-1, run_at=due)


async def drop_file(session: AsyncSession, merchant: UUID, file_key: str, *, at: datetime) -> None:
    """The row that names the file goes: its objects follow. After `tenants.erasing.lock_head`."""
    query = delete(FilePlace).where(FilePlace.file_key == file_key).returning(FilePlace.storage_key, FilePlace.next_key)
    place = (await session.execute(query)).first()
    await spend(session, merchant, file_key, *(place or (file_key,)), at=at)


async def forget_erased(session: AsyncSession, file_keys: Collection[str], *, at: datetime) -> list[str]:
    """The files are being erased: which further objects hold them, to be deleted at once.

    In the transaction that erases, after `tenants.erasing.lock_head`. With its place gone, no sealing anew that is
    under way puts the file back; what that still writes is swept.
    """
    gone = delete(FilePlace).where(FilePlace.file_key.in_(file_keys))
    returned = gone.returning(FilePlace.merchant_id, FilePlace.file_key, FilePlace.storage_key, FilePlace.next_key)
    spent = select(SpentObject.storage_key).where(SpentObject.file_key.in_(file_keys))
    objects = list(await session.scalars(spent))
    for row in (await session.execute(returned)).all():
        objects.append(row.storage_key)
        if row.next_key is not None:
            objects.append(row.next_key)
            await spend(session, row.merchant_id, row.file_key, row.next_key, at=at)
    return objects


async def find_spent(session: AsyncSession, at: datetime, *, most: int) -> list[SpentObject]:
    """Objects that are due, the oldest first."""
    query = select(SpentObject).where(SpentObject.due_at <= at).order_by(SpentObject.due_at, SpentObject.id)
    return list(await session.scalars(query.limit(most)))
