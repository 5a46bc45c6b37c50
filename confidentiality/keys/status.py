"""How the keys stand: by owner, which versions there are, how old, and how far re-sealing has come. No key material."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.bodies import count_bodies
from confidentiality.keys.destruction import Destruction
from confidentiality.keys.file_places import NOTHING_SEALED
from confidentiality.keys.file_resealing import count_places, unknown_files, version_of
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey, Purpose, VersionState
from confidentiality.keys.refusals import NoKeys
from confidentiality.keys.resealing import Resealing
from confidentiality.keys.row_versions import count_versions
from confidentiality.sealing.fields import all_sealed_models
from confidentiality.sealing.suites import Suite
from tenants.base import Base
from tenants.storage import ObjectStorage

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class VersionStatus:
    """One version of an owner's data key."""

    version: int
    state: VersionState
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerStatus:
    """An owner's keys. Times are UTC; `versions` are the data key's, newest first."""

    owner: UUID
    state: KeyState
    suite: Suite
    kms: str
    made_at: datetime
    wrapped_at: datetime
    destroyed_at: datetime | None
    versions: tuple[VersionStatus, ...]
    resealing: Resealing | None
    destruction: Destruction | None

    @property
    def current(self) -> VersionStatus | None:
        """The version that seals; None once the key is destroyed."""
        return next((one for one in self.versions if one.state is VersionState.CURRENT), None)


async def owner_statuses(session: AsyncSession, owner: UUID | None = None) -> list[OwnerStatus]:
    """Of every owner who has keys, the oldest first, or of one. Raises NoKeys when that one has none."""
    keys = (await session.scalars(_of(select(OwnerKey).order_by(OwnerKey.id), OwnerKey.owner_id, owner))).all()
    if owner is not None and not keys:
        raise NoKeys
    data_keys = _of(select(DataKey).where(DataKey.purpose == Purpose.DATA), DataKey.owner_id, owner)
    versions: dict[UUID, list[VersionStatus]] = defaultdict(list)
    for row in await session.scalars(data_keys.order_by(DataKey.version.desc())):
        versions[row.owner_id].append(VersionStatus(row.version, row.state, row.made_at, row.retired_at))
    resealing = {row.owner_id: row for row in await session.scalars(_of(select(Resealing), Resealing.owner_id, owner))}
    open_ones = select(Destruction).where(Destruction.cancelled_at.is_(None))
    destructions = {row.owner_id: row for row in await session.scalars(_of(open_ones, Destruction.owner_id, owner))}
    return [
        OwnerStatus(
            owner=key.owner_id,
            state=key.state,
            suite=key.suite,
            kms=key.kms,
            made_at=key.made_at,
            wrapped_at=key.wrapped_at,
            destroyed_at=key.destroyed_at,
            versions=tuple(versions[key.owner_id]),
            resealing=resealing.get(key.owner_id),
            destruction=destructions.get(key.owner_id),
        )
        for key in keys
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """What lies under one version of an owner's data key: rows with sealed fields, files, bodies of audit leaves.

    Rows and files are sealed anew after a rotation, bodies never: they are part of what the record proves.
    """

    rows: int
    files: int
    leaves: int

    @property
    def for_the_record_alone(self) -> bool:
        """Whether nothing but bodies of leaves needs the version."""
        return bool(self.leaves) and not (self.rows or self.files)


async def count_sealed(session: AsyncSession, storage: ObjectStorage, owner: UUID) -> dict[int, Counted]:
    """What lies under each version of the owner's data key.

    Reads all of it, and the headers of files that were put there since files were last sealed anew.
    """
    whose = None if owner == session.info["tenant"].id else owner
    rows: Counter[int] = Counter()
    for model in all_sealed_models(Base):
        rows.update(await count_versions(session, model, whose))
    files = Counter(await count_places(session, owner))
    unknown = await unknown_files(session, owner)
    # So many at once as a storage across a network takes without keeping others waiting.
    for first in range(0, len(unknown), _AT_ONCE):
        found = await asyncio.gather(*(version_of(storage, one) for one in unknown[first : first + _AT_ONCE]))
        files.update(version for version in found if version != NOTHING_SEALED)
    leaves = await count_bodies(session, owner)
    versions = sorted({*rows, *files, *leaves})
    return {one: Counted(rows[one], files[one], leaves.get(one, 0)) for one in versions}


def _of(query: Any, column: Any, owner: UUID | None) -> Any:
    return query if owner is None else query.where(column == owner)
