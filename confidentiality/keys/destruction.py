"""Destroying a merchant's key: one person proposes, another approves, time passes in which it can be cancelled.

Then a timer carries it out, in two steps: the wrapping key goes first, in the key management service, and what the rows
say follows. Between the two nothing opens any more; should the process die there, the job does both again. Afterwards
nothing that was sealed for the merchant opens anywhere, in backups of the database neither.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import record
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.actions import (
    DESTRUCTION_APPROVED,
    DESTRUCTION_CANCELLED,
    DESTRUCTION_PROPOSED,
    KEYS_DESTROYED,
)
from confidentiality.keys.errors import KeyStoreWrong
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey, VersionState, find_owner_key
from confidentiality.keys.kms import Kms
from confidentiality.keys.news import tell_destroyed
from confidentiality.keys.refusals import (
    AgencyKeyStays,
    DestructionDecided,
    DestructionNotFound,
    DestructionUnderWay,
    NoKeys,
    SecondPersonNeeded,
)
from tenants.base import Base, Row
from tenants.jobs import enqueue
from tenants.timers import cancel_timer, set_timer

TIMER = "keys.destruction_due"
DESTROY = "keys.destroy"
"""The timer's kind, and the actor that it leaves a job for."""

LEAST_DAYS = 1
"""The shortest waiting time that an agency can set."""


class Destruction(Row, Base):
    """One proposal and what became of it. Times are UTC; `due_at` is set by the approval."""

    __tablename__ = "key_destruction"

    owner_id: Mapped[UUID]
    reason: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.cancelled_at is None and self.begun_at is None

    @property
    def waits_for_approval(self) -> bool:
        """Whether somebody else has to approve it."""
        return self.is_open and self.approved_at is None


async def propose_destruction(
    session: AsyncSession, owner: UUID, *, reason: str, by: Actor, at: datetime
) -> Destruction:
    """Propose to destroy a merchant's key. Raises NoKeys, KeyDestroyed, AgencyKeyStays and DestructionUnderWay."""
    if owner == session.info["tenant"].id:
        raise AgencyKeyStays
    # The row's lock lets one proposal through at a time.
    key = await find_owner_key(session, owner, for_update=True)
    if key is None:
        raise NoKeys
    if key.state is KeyState.DESTROYED:
        raise KeyDestroyed
    if await find_open_destruction(session, owner) is not None:
        raise DestructionUnderWay
    made = Destruction(owner_id=owner, reason=reason, proposed_by=by.id, proposed_at=at)
    session.add(made)
    await record(session, DESTRUCTION_PROPOSED, actor=by, at=at, owner=owner, subject=made.id)
    return made


async def approve_destruction(
    session: AsyncSession, destruction_id: UUID, *, waiting: timedelta, by: Actor, at: datetime
) -> Destruction:
    """Approve somebody else's proposal: it is carried out after the waiting time, unless it is cancelled.

    Raises SecondPersonNeeded, DestructionDecided, DestructionNotFound; ValueError for a waiting time below a day.
    """
    if waiting < timedelta(days=LEAST_DAYS):
        raise ValueError("a destruction waits for a day at least")
    found = await _locked(session, destruction_id)
    if not found.waits_for_approval:
        raise DestructionDecided
    if found.proposed_by == by.id:
        raise SecondPersonNeeded
    found.approved_by, found.approved_at, found.due_at = by.id, at, at + waiting
    await set_timer(session, TIMER, found.id, found.due_at)
    await record(session, DESTRUCTION_APPROVED, actor=by, at=at, owner=found.owner_id, subject=found.id)
    return found


async def cancel_destruction(session: AsyncSession, destruction_id: UUID, *, by: Actor, at: datetime) -> Destruction:
    """Cancel it, before or after its approval, as long as it was not carried out. Raises DestructionDecided."""
    found = await _locked(session, destruction_id)
    if not found.is_open:
        raise DestructionDecided
    found.cancelled_by, found.cancelled_at = by.id, at
    await cancel_timer(session, TIMER, found.id)
    await record(session, DESTRUCTION_CANCELLED, actor=by, at=at, owner=found.owner_id, subject=found.id)
    return found


async def begin_destruction(session: AsyncSession, destruction_id: UUID, at: datetime) -> None:
    """What the timer does: from now on it cannot be cancelled, and a job carries it out."""
    found = await _locked(session, destruction_id)
    if found.is_open and found.due_at is not None and found.due_at <= at:
        found.begun_at = at
        await enqueue(session, DESTROY, {"destruction": str(found.id)}, key=f"{DESTROY}:{found.id}")


async def destroy_wrapping_key(session: AsyncSession, kms: Kms, destruction_id: UUID) -> None:
    """The step outside the database, which may be done again. Raises what the key management service raises.

    The wrapping key is destroyed under its name in the row; a row from another service would destroy nothing there.
    """
    found = await _locked(session, destruction_id)
    key = await find_owner_key(session, found.owner_id)
    if found.begun_at is None or key is None:
        raise DestructionDecided
    if key.kms != kms.identity:
        raise KeyStoreWrong(key.kms, kms.identity)
    await kms.destroy(key.handle)


async def note_destroyed(session: AsyncSession, destruction_id: UUID, *, by: Actor, at: datetime) -> None:
    """Once the wrapping key is gone: the rows say so, and every process that holds the keys is told."""
    found = await _locked(session, destruction_id)
    if found.done_at is not None:
        return
    found.done_at = at
    owner = found.owner_id
    gone = {"state": KeyState.DESTROYED, "wrapped": None, "destroyed_at": at}
    await session.execute(update(OwnerKey).where(OwnerKey.owner_id == owner).values(gone))
    ended = {"state": VersionState.DESTROYED, "wrapped": None}
    await session.execute(update(DataKey).where(DataKey.owner_id == owner).values(ended))
    await tell_destroyed(session, owner)
    await record(session, KEYS_DESTROYED, actor=by, at=at, owner=owner, subject=found.id)


async def find_open_destruction(session: AsyncSession, owner: UUID) -> Destruction | None:
    """The owner's destruction that is proposed, approved or being carried out."""
    query = select(Destruction).where(
        Destruction.owner_id == owner, Destruction.cancelled_at.is_(None), Destruction.done_at.is_(None)
    )
    found: Destruction | None = await session.scalar(query)
    return found


async def _locked(session: AsyncSession, destruction_id: UUID) -> Destruction:
    query = select(Destruction).where(Destruction.id == destruction_id).with_for_update()
    found: Destruction | None = await session.scalar(query)
    if found is None:
        raise DestructionNotFound
    return found
