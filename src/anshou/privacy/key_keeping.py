"""Looking after the keys of merchants: what there is, rotating it, and destroying by the decision of two people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.sealed_tables import know_all
from confidentiality.audit.leaves import record
from confidentiality.keys import destruction, rotation
from confidentiality.keys.actions import KEYS_MADE
from confidentiality.keys.destruction import Destruction
from confidentiality.keys.refusals import DestructionNotFound
from confidentiality.keys.status import Counted, OwnerStatus, count_sealed, owner_statuses
from confidentiality.keys.vault import CARRIED_AS, Vault
from confidentiality.sealing.suites import Suite
from tenants.refusals import N_
from tenants.storage import ObjectStorage


class DestructionRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a merchant's key shall be destroyed, for whoever decides on it and for the record."""

    reason: Annotated[str, Meta(min_length=2, max_length=500, title=N_("理由"), extra={"widget": "text"})]


@dataclass(frozen=True, slots=True)
class KeyCard:
    """An owner's keys with the name that people know them by; None for the agency itself."""

    merchant: str | None
    keys: OwnerStatus


async def list_keys(session: AsyncSession, *, by: Person) -> list[KeyCard]:
    """Everybody's keys, the agency's own first, then the merchants by name."""
    authorize(by, Permission.MANAGE_KEYS)
    names = await merchant_names(session)
    own: UUID = session.info["tenant"].id
    statuses = await owner_statuses(session)
    # A merchant that is not in reach any more is called by its id, as the record does.
    cards = [KeyCard(None if one.owner == own else names.get(one.owner, str(one.owner)), one) for one in statuses]
    return sorted(cards, key=lambda card: (card.merchant is not None, card.merchant or ""))


async def visible_keys(session: AsyncSession, owner: UUID, *, by: Person) -> KeyCard:
    """One owner's keys. Raises NoKeys."""
    authorize(by, Permission.MANAGE_KEYS)
    (status,) = await owner_statuses(session, owner)
    if owner == session.info["tenant"].id:
        return KeyCard(None, status)
    return KeyCard((await merchant_names(session)).get(owner, str(owner)), status)


async def sealed_by_version(
    session: AsyncSession, storage: ObjectStorage, owner: UUID, *, by: Person
) -> dict[int, Counted]:
    """What lies under each version of the owner's data key; reads all of it."""
    authorize(by, Permission.MANAGE_KEYS)
    know_all()
    return await count_sealed(session, storage, owner)


async def open_destruction(session: AsyncSession, owner: UUID, *, by: Person) -> Destruction:
    """The owner's destruction that is not over. Raises DestructionNotFound."""
    authorize(by, Permission.MANAGE_KEYS)
    found = await destruction.find_open_destruction(session, owner)
    if found is None:
        raise DestructionNotFound
    return found


async def rotate_keys(session: AsyncSession, owner: UUID, *, by: Person, at: datetime) -> int:
    """Seal from now on under a new data key; see `rotation.rotate`."""
    authorize(by, Permission.MANAGE_KEYS)
    return await rotation.rotate(session, _vault(session).kms, owner, by=by.actor(), at=at)


async def propose_destruction(
    session: AsyncSession, owner: UUID, request: DestructionRequest, *, by: Person, at: datetime
) -> Destruction:
    """Propose to destroy a merchant's key; see `destruction.propose_destruction`."""
    authorize(by, Permission.MANAGE_KEYS)
    return await destruction.propose_destruction(session, owner, reason=request.reason, by=by.actor(), at=at)


async def approve_destruction(session: AsyncSession, destruction_id: UUID, *, by: Person, at: datetime) -> Destruction:
    """Approve somebody else's proposal; it waits for as long as the agency has set."""
    authorize(by, Permission.APPROVE_KEY_DESTRUCTION)
    waiting = timedelta(days=(await read_settings(session)).destruction_days)
    return await destruction.approve_destruction(session, destruction_id, waiting=waiting, by=by.actor(), at=at)


async def cancel_destruction(session: AsyncSession, destruction_id: UUID, *, by: Person, at: datetime) -> Destruction:
    """Cancel a destruction, whoever proposed or approved it."""
    authorize(by, Permission.MANAGE_KEYS)
    return await destruction.cancel_destruction(session, destruction_id, by=by.actor(), at=at)


async def record_keys_made(session: AsyncSession, owner: UUID, at: datetime) -> None:
    """The first use of an owner's keys, for the audit trail."""
    await record(session, KEYS_MADE, actor=SYSTEM.actor(), at=at, subject=owner)


async def suite_of_agency(session: AsyncSession) -> Suite:
    """With which suite the keys of new owners seal."""
    return Suite.SM4_GCM if (await read_settings(session)).national_ciphers else Suite.AES_256_GCM


def _vault(session: AsyncSession) -> Vault:
    vault: Vault = session.info[CARRIED_AS]
    return vault
