"""Keys: batches of re-sealing, and destroying a key when its time has come."""

from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.people.person import SYSTEM
from anshou.worker.work import Work, actor
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.destruction import DESTROY, destroy_wrapping_key, note_destroyed
from confidentiality.keys.resealing import RESEAL, reseal_next
from confidentiality.keys.vault import CARRIED_AS, Vault, open_keys


class Reseal(msgspec.Struct, frozen=True):
    """Whose rows, and under which version of their data key."""

    owner: UUID
    version: int


class Destroy(msgspec.Struct, frozen=True):
    """Which destruction has come due."""

    destruction: UUID


@actor(RESEAL, Reseal, attempts=50, time_limit=timedelta(minutes=2))
async def reseal(work: Work, left: Reseal) -> None:
    """Seal one batch anew; a job for the next one is left with it."""
    async with work.finish() as session:
        vault: Vault = session.info[CARRIED_AS]
        try:
            ring = await open_keys(session, left.owner)
            if ring.current < left.version:
                # This process has not heard of the rotation yet.
                vault.forget(work.tenant.id, left.owner)
                ring = await open_keys(session, left.owner)
        except KeyDestroyed:
            return
        await reseal_next(session, ring, left.version, by=SYSTEM.actor(), at=work.at)


@actor(DESTROY, Destroy, attempts=100, time_limit=timedelta(minutes=1))
async def destroy(work: Work, due: Destroy) -> None:
    """Destroy the wrapping key outside the database first; what the rows say follows."""
    async with work.look() as session:
        vault: Vault = session.info[CARRIED_AS]
        await destroy_wrapping_key(session, vault.kms, due.destruction)
    async with work.finish() as session:
        await note_destroyed(session, due.destruction, by=SYSTEM.actor(), at=work.at)
