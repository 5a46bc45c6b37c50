"""Rotating data keys, and wrapping owners' keys anew, while everybody goes on working."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import record
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.actions import KEYS_REWRAPPED, KEYS_ROTATED
from confidentiality.keys.errors import KeyStoreWrong, WrappingKeyGone
from confidentiality.keys.key_rows import KeyState, OwnerKey, Purpose, VersionState, data_keys_of, find_owner_key
from confidentiality.keys.kms import Kms
from confidentiality.keys.making import Owner, make_version
from confidentiality.keys.news import tell_changed
from confidentiality.keys.refusals import NoKeys
from confidentiality.keys.resealing import start_resealing


async def rotate(session: AsyncSession, kms: Kms, owner: UUID, *, by: Actor, at: datetime) -> int:
    """Add a version of the owner's data key and return its number; new values are sealed under it at once.

    Older versions go on opening, and a job seals anew what is under them. Raises NoKeys, KeyDestroyed, and what the key
    management service raises.
    """
    key, wrapped, whose = await _usable(session, kms, owner)
    try:
        owner_key = await kms.unwrap(key.handle, wrapped, context=whose.context())
    except WrappingKeyGone:
        raise KeyDestroyed from None
    versions = [row for row in await data_keys_of(session, owner) if row.purpose is Purpose.DATA]
    for row in versions:
        if row.state is VersionState.CURRENT:
            row.state = VersionState.OPENING
    # Before the new one: of each owner one version is current, which an index holds.
    await session.flush()
    added = make_version(owner_key, whose, Purpose.DATA, versions[-1].version + 1, at=at)
    session.add(added)
    await session.flush()
    await start_resealing(session, owner, added.version, at=at)
    await tell_changed(session, owner)
    await record(session, KEYS_ROTATED, actor=by, at=at, subject=owner, body={"version": added.version})
    return added.version


async def rewrap(session: AsyncSession, kms: Kms, owner: UUID, *, by: Actor, at: datetime) -> int:
    """Rotate the owner's wrapping key and wrap their key under its newest version, which is returned.

    Touches no data and no data key. Raises as `rotate` does.
    """
    key, wrapped, whose = await _usable(session, kms, owner)
    try:
        version = await kms.rotate(key.handle)
        key.wrapped = await kms.rewrap(key.handle, wrapped, context=whose.context())
    except WrappingKeyGone:
        raise KeyDestroyed from None
    key.wrapped_at = at
    await record(session, KEYS_REWRAPPED, actor=by, at=at, subject=owner, body={"version": version})
    return version


async def owners_with_keys(session: AsyncSession) -> list[UUID]:
    """Every owner whose key is not destroyed, the oldest first."""
    query = select(OwnerKey.owner_id).where(OwnerKey.state == KeyState.ACTIVE).order_by(OwnerKey.id)
    return list((await session.scalars(query)).all())


async def _usable(session: AsyncSession, kms: Kms, owner: UUID) -> tuple[OwnerKey, bytes, Owner]:
    """The owner's key, locked, and what is wrapped."""
    key = await find_owner_key(session, owner, for_update=True)
    if key is None:
        raise NoKeys
    if key.state is KeyState.DESTROYED or key.wrapped is None:
        raise KeyDestroyed
    if key.kms != kms.identity:
        raise KeyStoreWrong(key.kms, kms.identity)
    return key, key.wrapped, Owner(session.info["tenant"].id, owner)
