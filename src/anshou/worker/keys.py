"""Keys: batches of re-sealing, and destroying a key when its time has come."""

import logging
from datetime import timedelta
from time import monotonic
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.sealed_tables import know_all
from anshou.worker.work import Nothing, Work, actor
from confidentiality.errors import KeyDestroyed, SealBroken
from confidentiality.keys.destruction import DESTROY, destroy_wrapping_key, note_destroyed
from confidentiality.keys.file_places import SWEEP, find_spent
from confidentiality.keys.file_resealing import SealedFile, claim, copy, give_up, older_files, swap, version_of
from confidentiality.keys.resealing import RESEAL, RESEAL_FILES, after_files, reseal_next
from confidentiality.keys.vault import CARRIED_AS, Vault, open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.storage import ObjectMissing

log = logging.getLogger(__name__)

# Files listed in one go, and seconds after which one job leaves the rest to the next: what it holds is lost to others.
FILES_AT_ONCE = 50
FILES_FOR = 60.0


class Reseal(msgspec.Struct, frozen=True):
    """Whose rows, and under which version of their data key."""

    owner: UUID
    version: int


class Destroy(msgspec.Struct, frozen=True):
    """Which destruction has come due."""

    destruction: UUID


@actor(RESEAL, Reseal, attempts=50, time_limit=timedelta(minutes=2))
async def reseal(work: Work, left: Reseal) -> None:
    """Seal one batch of rows anew; a job for the next one is left with it."""
    know_all()
    async with work.finish() as session:
        ring = await _ring(session, work, left)
        if ring is not None:
            await reseal_next(session, ring, left.version, by=SYSTEM.actor(), at=work.at)


@actor(RESEAL_FILES, Reseal, attempts=50, time_limit=timedelta(minutes=30))
async def reseal_files(work: Work, left: Reseal) -> None:
    """Seal files anew, one after the other for a minute; a job for the rest is left with the end."""
    know_all()
    until, done, more = monotonic() + FILES_FOR, 0, True
    while more and monotonic() < until:
        async with work.look() as session:
            ring = await _ring(session, work, left)
            found = [] if ring is None else await older_files(session, left.owner, left.version, most=FILES_AT_ONCE)
        more = bool(found)
        for file in found:
            done += ring is not None and await _reseal_file(work, ring, file)
    async with work.finish() as session:
        ring = await _ring(session, work, left)
        if ring is not None:
            await after_files(session, ring, left.version, done=done, more=more, by=SYSTEM.actor(), at=work.at)


async def _reseal_file(work: Work, ring: KeyRing, file: SealedFile) -> bool:
    storage = work.outside.storage
    version = await version_of(storage, file)
    async with work.look() as session:
        claimed = await claim(session, ring, file, version)
    if claimed is None:
        return False
    try:
        await copy(storage, ring, claimed)
    except (SealBroken, ObjectMissing) as trouble:
        missing = isinstance(trouble, ObjectMissing)
        if not missing:
            log.error("a file of %s does not open: %s", file.source.table, file.row)
        async with work.look() as session:
            await give_up(session, ring, claimed, missing=missing, at=work.at)
        return False
    async with work.look() as session:
        return await swap(session, ring, claimed, at=work.at)


async def _ring(session: AsyncSession, work: Work, left: Reseal) -> KeyRing | None:
    """The owner's keys, the version of the job among them; None if they were destroyed."""
    vault: Vault = session.info[CARRIED_AS]
    try:
        ring = await open_keys(session, left.owner)
        if ring.current < left.version:
            # This process has not heard of the rotation yet.
            vault.forget(work.tenant.id, left.owner)
            ring = await open_keys(session, left.owner)
    except KeyDestroyed:
        return None
    return ring


@actor(SWEEP, Nothing, attempts=50, time_limit=timedelta(minutes=10))
async def sweep_files(work: Work, _: Nothing) -> None:
    """Delete objects from which files have moved on."""
    again = True
    while again:
        async with work.look() as session:
            spent = await find_spent(session, work.at, most=FILES_AT_ONCE)
            for one in spent:
                await work.outside.storage.delete(one.storage_key)
                await session.delete(one)
        again = bool(spent)
    async with work.finish():
        pass


@actor(DESTROY, Destroy, attempts=100, time_limit=timedelta(minutes=1))
async def destroy(work: Work, due: Destroy) -> None:
    """Destroy the wrapping key outside the database first; what the rows say follows."""
    async with work.look() as session:
        vault: Vault = session.info[CARRIED_AS]
        await destroy_wrapping_key(session, vault.kms, due.destruction)
    async with work.finish() as session:
        await note_destroyed(session, due.destruction, by=SYSTEM.actor(), at=work.at)
