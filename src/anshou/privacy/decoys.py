"""Decoys (honey records): rows that describe nobody, so that whoever touches one has gone through what is not theirs.

Which rows they are stands in a table that only administrators and auditors can read, by row-level security. They look
like any other row; the alarm goes to the auditor and the administrator, and nobody else notices anything.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.consumers.records import ConsumerRecord
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.actions import DECOY_LIFTED, DECOY_PLANTED, DECOY_TOUCHED
from anshou.privacy.errors import DecoyNotFound
from anshou.privacy.telling import DECOY_TOUCHED as TOUCHED
from anshou.privacy.telling import tell_roles
from anshou.privacy.watching import Touch
from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import record
from tenants.base import Base, MerchantRow
from tenants.refusals import N_

Note = Annotated[str, Meta(max_length=200, title=N_("备注"))]


class Decoy(MerchantRow, Base):
    """That a row is bait. `note` is for those who planted it. Watched until `lifted_at`."""

    __tablename__ = "decoy"

    subject_table: Mapped[str]
    row_id: Mapped[UUID]
    note: Mapped[str]
    planted_at: Mapped[datetime]
    planted_by: Mapped[UUID]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]


class DecoyAlarm(MerchantRow, Base):
    """That somebody touched a decoy."""

    __tablename__ = "decoy_alarm"

    decoy_id: Mapped[UUID]
    account_id: Mapped[UUID]
    touch: Mapped[Touch]
    touched_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Alarms:
    """A page of alarms; `after` continues it, None at its end."""

    rows: tuple[DecoyAlarm, ...]
    after: tuple[datetime, UUID] | None


async def plant_decoy(
    session: AsyncSession, table: str, row: UUID, merchant_id: UUID, *, note: str = "", by: Person, at: datetime
) -> Decoy:
    """Watch over a row that describes nobody. The leaf is the agency's: a merchant's people do not learn of it."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    decoy = Decoy(
        merchant_id=merchant_id, subject_table=table, row_id=row, note=note.strip(), planted_at=at, planted_by=by.id
    )
    session.add(decoy)
    await session.flush()
    await record(session, DECOY_PLANTED, actor=by.actor(), at=at, subject=decoy.id)
    return decoy


async def lift_decoy(session: AsyncSession, decoy_id: UUID, *, by: Person, at: datetime) -> Decoy:
    """Watch over the row no longer; the row stays. Raises DecoyNotFound."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    decoy = await session.get(Decoy, decoy_id, with_for_update=True)
    if decoy is None or decoy.lifted_at is not None:
        raise DecoyNotFound
    decoy.lifted_at, decoy.lifted_by = at, by.id
    await session.flush()
    await record(session, DECOY_LIFTED, actor=by.actor(), at=at, subject=decoy.id)
    return decoy


async def list_decoys(session: AsyncSession, *, by: Person) -> list[Decoy]:
    """All decoys, those that are watched first, the newest first."""
    authorize(by, Permission.READ_DECOYS)
    query = select(Decoy).order_by(Decoy.lifted_at.is_not(None), Decoy.planted_at.desc(), Decoy.id).limit(200)
    return list(await session.scalars(query))


async def list_decoy_alarms(
    session: AsyncSession, *, by: Person, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Alarms:
    """A page of alarms, newest first."""
    authorize(by, Permission.READ_DECOYS)
    query = select(DecoyAlarm).order_by(DecoyAlarm.touched_at.desc(), DecoyAlarm.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(DecoyAlarm.touched_at, DecoyAlarm.id) < tuple_(*after))
    rows = list(await session.scalars(query))
    shown = tuple(rows[:limit])
    return Alarms(shown, (shown[-1].touched_at, shown[-1].id) if len(rows) > limit else None)


async def raise_decoy_alarms(
    session: AsyncSession, table: str, rows: Collection[UUID], touch: Touch, *, who: Actor, at: datetime
) -> list[DecoyAlarm]:
    """Raise an alarm for each decoy among the rows: a row, a leaf, a notice. Runs in the worker's context."""
    meant = set(rows)
    if table == ConsumerRecord.__tablename__:
        # Somebody may have put the decoy right: the row that took its place is bait as well.
        first = select(ConsumerRecord.origin_id).where(ConsumerRecord.id.in_(meant))
        meant |= set(await session.scalars(first))
    query = select(Decoy).where(Decoy.subject_table == table, Decoy.row_id.in_(meant), Decoy.lifted_at.is_(None))
    touched = list(await session.scalars(query.order_by(Decoy.id)))
    alarms = [
        DecoyAlarm(merchant_id=each.merchant_id, decoy_id=each.id, account_id=who.id, touch=touch, touched_at=at)
        for each in touched
    ]
    session.add_all(alarms)
    await session.flush()
    for alarm in alarms:
        body = {"decoy": str(alarm.decoy_id), "touch": touch.value}
        await record(session, DECOY_TOUCHED, actor=who, at=at, subject=alarm.id, body=body)
        await tell_roles(session, TOUCHED, Role.AUDITOR, Role.AGENCY_ADMIN, subject=alarm.id)
    return alarms
