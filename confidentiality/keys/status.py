"""How the keys stand: by owner, which versions there are, how old, and how far re-sealing has come. No key material."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.destruction import Destruction
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey, Purpose, VersionState
from confidentiality.keys.refusals import NoKeys
from confidentiality.keys.resealing import Resealing, count_versions
from confidentiality.sealing.fields import all_sealed_models
from confidentiality.sealing.suites import Suite
from tenants.base import Base


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


async def count_rows(session: AsyncSession, owner: UUID) -> dict[int, int]:
    """How many rows of all tables are sealed under each version of the owner's data key. Reads all of them."""
    whose = None if owner == session.info["tenant"].id else owner
    counted: dict[int, int] = defaultdict(int)
    for model in all_sealed_models(Base):
        for version, rows in (await count_versions(session, model, whose)).items():
            counted[version] += rows
    return dict(counted)


def _of(query: Any, column: Any, owner: UUID | None) -> Any:
    return query if owner is None else query.where(column == owner)
