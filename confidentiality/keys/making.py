"""Making an owner's keys, and opening them: random bytes in layers, each bound to whose it is and what it is for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.keys.aead import decrypt, encrypt, new_key
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey, Purpose, VersionState
from confidentiality.keys.kms import Kms
from confidentiality.sealing.suites import Suite
from tenants.base import new_id


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose keys: a merchant of the tenant, or the tenant itself."""

    tenant: UUID
    id: UUID

    def context(self) -> bytes:
        """What the wrapped key of this owner is bound to in the key management service."""
        return bind(b"anshou.owner_key.v1", self.tenant.bytes, self.id.bytes)

    def bound_to(self, purpose: Purpose, version: int) -> bytes:
        """What one version of a key below is bound to."""
        return bind(
            b"anshou.data_key.v1", self.tenant.bytes, self.id.bytes, purpose.value.encode(), str(version).encode()
        )


@dataclass(frozen=True, slots=True)
class OpenedKeys:
    """An owner's keys in memory: the data keys by version, which of them seals, and the index key."""

    current: int
    data_keys: dict[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)


def new_handle() -> str:
    """A name for a wrapping key that says nothing and is never used twice."""
    return f"anshou-{new_id().hex}"


async def make_keys(kms: Kms, owner: Owner, suite: Suite, *, at: datetime) -> tuple[OwnerKey, list[DataKey]]:
    """Rows for an owner who has no keys yet. Raises what the key management service raises."""
    handle = new_handle()
    await kms.make(handle)
    key = new_key()
    row = OwnerKey(
        owner_id=owner.id,
        handle=handle,
        kms=kms.identity,
        suite=suite,
        wrapped=await kms.wrap(handle, key, context=owner.context()),
        state=KeyState.ACTIVE,
        made_at=at,
        wrapped_at=at,
    )
    return row, [make_version(key, owner, purpose, 1, at=at) for purpose in (Purpose.DATA, Purpose.INDEX)]


def make_version(owner_key: bytes, owner: Owner, purpose: Purpose, version: int, *, at: datetime) -> DataKey:
    """A new random key of this version, wrapped by the owner's key."""
    return DataKey(
        owner_id=owner.id,
        purpose=purpose,
        version=version,
        wrapped=encrypt(owner_key, new_key(), owner.bound_to(purpose, version)),
        state=VersionState.CURRENT,
        made_at=at,
    )


def open_versions(owner_key: bytes, owner: Owner, rows: Iterable[DataKey]) -> OpenedKeys:
    """Unwrap all versions. Raises SealBroken if one is not what was made for this owner."""
    current = 0
    data_keys: dict[int, bytes] = {}
    index_key = None
    for row in rows:
        if row.wrapped is None:
            raise SealBroken
        key = decrypt(owner_key, row.wrapped, owner.bound_to(row.purpose, row.version))
        if row.purpose is Purpose.INDEX:
            index_key = key
        else:
            data_keys[row.version] = key
            if row.state is VersionState.CURRENT:
                current = row.version
    if index_key is None or not current:
        raise SealBroken
    return OpenedKeys(current, data_keys, index_key)
