"""The rows that keep wrapped keys. Only the agency's context reaches them: see `vault`.

They hold nothing that opens without the key management service.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.sealing.suites import Suite
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_


class KeyState(Labelled):
    """Whether an owner's key still opens anything."""

    ACTIVE = "active", N_("使用中")
    DESTROYED = "destroyed", N_("已销毁")


class Purpose(Labelled):
    """What a key below an owner's key is for."""

    DATA = "data", N_("数据密钥")
    # Never rotated: the blind index of every row would have to be computed anew from its plaintext.
    INDEX = "index", N_("索引密钥")


class VersionState(Labelled):
    """What becomes of a version of a data key: it seals, then only opens, then nothing is sealed under it any more."""

    CURRENT = "current", N_("当前")
    OPENING = "opening", N_("仅用于解密")
    RETIRED = "retired", N_("已停用")
    DESTROYED = "destroyed", N_("已销毁")


class OwnerKey(Row, Base):
    """The key of one owner, wrapped by the wrapping key `handle` of the service `kms`. Times are UTC.

    New values are sealed in its `suite`; older ones open in theirs. `wrapped` is None once it is destroyed; the row
    stays, so that no second key is ever made for the owner.
    """

    __tablename__ = "merchant_key"

    owner_id: Mapped[UUID]
    handle: Mapped[str]
    kms: Mapped[str]
    suite: Mapped[Suite]
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[KeyState]
    made_at: Mapped[datetime]
    wrapped_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class DataKey(Row, Base):
    """One version of what seals an owner's data, or of their index key, wrapped by the owner's key."""

    __tablename__ = "data_key"

    owner_id: Mapped[UUID]
    purpose: Mapped[Purpose]
    version: Mapped[int]
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[VersionState]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


async def find_owner_key(session: AsyncSession, owner: UUID, *, for_update: bool = False) -> OwnerKey | None:
    """The owner's key, destroyed or not; None if nothing was ever sealed for them."""
    query = select(OwnerKey).where(OwnerKey.owner_id == owner)
    found: OwnerKey | None = await session.scalar(query.with_for_update() if for_update else query)
    return found


async def data_keys_of(session: AsyncSession, owner: UUID) -> Sequence[DataKey]:
    """All versions of the owner's data and index keys, oldest first."""
    query = select(DataKey).where(DataKey.owner_id == owner).order_by(DataKey.purpose, DataKey.version)
    return (await session.scalars(query)).all()
