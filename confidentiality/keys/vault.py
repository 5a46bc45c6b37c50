"""The vault of a process: from an owner to the key ring that seals and opens what is theirs.

Keys are read, and made at the first use, in a transaction of their own in the agency's context: their tables are closed
to every other context, and keys that something was sealed under must not vanish with a transaction that rolls back.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.errors import KeyDestroyed, KeysClosed
from confidentiality.keys.cache import OwnerCache
from confidentiality.keys.errors import KeyStoreWrong, WrappingKeyGone
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey, data_keys_of, find_owner_key
from confidentiality.keys.kms import Kms
from confidentiality.keys.making import Owner, make_keys, open_versions
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.suites import Suite
from tenants.context import AGENCY, Context
from tenants.errors import TenantSuspended
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants

log = logging.getLogger(__name__)

# Seconds for which opened keys are kept; a destruction that nobody heard of takes effect after them (design.md 4).
HOLD = 60.0

# Owners whose keys one process keeps open.
MOST = 2048

SuiteOf = Callable[[AsyncSession], Awaitable[Suite]]
TellMade = Callable[[AsyncSession, UUID, datetime], Awaitable[None]]

CARRIED_AS = "vault"
"""The name under which every session of the process carries its vault, see `tenants.sessions.Tenants`."""


class Vault:
    """One per process. Holds key material in memory: never log it, never pickle it."""

    def __init__(
        self,
        kms: Kms,
        *,
        clock: Callable[[], datetime],
        suite_of: SuiteOf | None = None,
        tell_made: TellMade | None = None,
        hold: float = HOLD,
        most: int = MOST,
    ) -> None:
        """`suite_of` says with which suite a tenant's new keys seal; AES-256-GCM if not given.

        `tell_made` is called in the transaction that makes an owner's keys, for the audit trail.
        """
        self.kms = kms
        self._tell_made = tell_made
        self._suite_of = suite_of
        self._clock = clock
        self._cache: OwnerCache[KeyRing] = OwnerCache(hold=hold, most=most)

    def __repr__(self) -> str:
        return f"Vault(kms={self.kms.identity})"

    def __reduce__(self) -> str:
        raise TypeError("a vault is never pickled")

    def __len__(self) -> int:
        """Of how many owners the keys are open in memory."""
        return len(self._cache)

    def __bool__(self) -> bool:
        # An empty vault is a vault.
        return True

    async def open(self, tenants: Tenants, tenant: Tenant, owner: UUID) -> KeyRing:
        """The owner's key ring, from memory if it was opened lately. Raises as `open_keys` does."""
        wanted = Owner(tenant.id, owner)
        return await self._cache.get(wanted, lambda: self._opened(tenants, tenant, wanted))

    def forget(self, tenant: UUID, owner: UUID, *, destroyed: bool = False) -> None:
        """Read the owner's keys anew the next time; if they were destroyed, rings that are in use open nothing more."""
        self._cache.forget(Owner(tenant, owner), destroyed=destroyed)

    def forget_all(self) -> None:
        """Read everybody's keys anew the next time, e.g. because news may have been missed."""
        self._cache.forget_all()

    async def close(self) -> None:
        """Refuse everything from now on and let go of the key management service."""
        self._cache.close()
        await self.kms.close()

    async def _opened(self, tenants: Tenants, tenant: Tenant, owner: Owner) -> KeyRing:
        found, versions = await _read(tenants, tenant, owner)
        if found is None:
            found, versions = await self._made(tenants, tenant, owner)
        if found.state is KeyState.DESTROYED or found.wrapped is None:
            raise KeyDestroyed
        if found.kms != self.kms.identity:
            raise KeyStoreWrong(found.kms, self.kms.identity)
        try:
            key = await self.kms.unwrap(found.handle, found.wrapped, context=owner.context())
        except WrappingKeyGone:
            # Not said by the row: it comes from a backup that is older than the destruction, or a key was lost.
            log.warning("the wrapping key %s of tenant %s is gone", found.handle, tenant.id)
            raise KeyDestroyed from None
        keys = open_versions(key, owner, versions)
        return KeyRing(
            tenant=tenant.id,
            owner=owner.id,
            suite=found.suite,
            current=keys.current,
            data_keys=keys.data_keys,
            index_key=keys.index_key,
        )

    async def _made(self, tenants: Tenants, tenant: Tenant, owner: Owner) -> tuple[OwnerKey, list[DataKey]]:
        if tenant.state is TenantState.SUSPENDED:
            # The database would refuse as well, but only after a wrapping key had been made for nothing.
            raise TenantSuspended
        suite, at = Suite.AES_256_GCM, self._clock()
        if self._suite_of is not None:
            async with tenants.aside(tenant, AGENCY) as session:
                suite = await self._suite_of(session)
        made, versions = await make_keys(self.kms, owner, suite, at=at)
        async with tenants.aside(tenant, AGENCY) as session:
            first = await _claim(session, made)
            if first:
                session.add_all(versions)
                if self._tell_made is not None:
                    await self._tell_made(session, owner.id, at)
        if first:
            return made, versions
        # Another process was faster: nothing was sealed under ours, so it can go.
        await self.kms.destroy(made.handle)
        found, versions = await _read(tenants, tenant, owner)
        if found is None:
            raise KeysClosed
        return found, versions


async def open_keys(session: AsyncSession, owner: UUID) -> KeyRing:
    """The key ring of a merchant, or of the agency itself (the tenant's id); made at the first use.

    The only await of sealing: what comes after is in memory. Kept for a minute in each process. Raises KeyDestroyed;
    KeysClosed for another merchant than the one that the session's context is fenced to; KmsUnavailable and KmsRefused
    if the key management service does not give it; TenantSuspended if a suspended tenant's owner has none yet.
    """
    tenant: Tenant = session.info["tenant"]
    context: Context = session.info["context"]
    if context.scope == "merchant" and owner not in (context.merchant, tenant.id):
        raise KeysClosed
    vault: Vault = session.info[CARRIED_AS]
    return await vault.open(session.info["tenants"], tenant, owner)


async def _read(tenants: Tenants, tenant: Tenant, owner: Owner) -> tuple[OwnerKey | None, list[DataKey]]:
    async with tenants.aside(tenant, AGENCY) as session:
        found = await find_owner_key(session, owner.id)
        return found, list(await data_keys_of(session, owner.id)) if found is not None else []


async def _claim(session: AsyncSession, made: OwnerKey) -> bool:
    """Write the row unless the owner has one; of two processes at once the second waits for the first's commit."""
    columns = {column.key: getattr(made, column.key) for column in OwnerKey.__mapper__.column_attrs}
    written = insert(OwnerKey).values(**columns).on_conflict_do_nothing(index_elements=[OwnerKey.owner_id])
    return (await session.scalar(written.returning(OwnerKey.id))) is not None
