"""What a person wishes to be mailed, and when: their own choices, else those of their roles, else at once.

The notice in the portal is left always; no wish can switch it off.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.notifying.deeds import DEFAULTS_CHANGED
from anshou.notifying.kinds import EventKind
from anshou.people.grants import RoleGrant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.people.serving import Membership
from confidentiality.audit.leaves import record
from tenants.base import Base
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Mailing(Labelled):
    """How a kind of event is mailed."""

    AT_ONCE = "at_once", N_("立即")
    DIGEST = "digest", N_("定时汇总")
    NEVER = "never", N_("不发")


class Rhythm(Labelled):
    """How often a digest goes."""

    HOURLY = "hourly", N_("每小时一次")
    DAILY = "daily", N_("每天一次")


# From the loudest: who holds several roles gets what the loudest of them gets.
_LOUDEST = (Mailing.AT_ONCE, Mailing.DIGEST, Mailing.NEVER)

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5, extra={"widget": "time"})]
ClockOrNone = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$", max_length=5)]


class Timing(Struct, frozen=True, kw_only=True):
    """When digests go, and when nothing goes. Clock times are the agency's; without both ends no hour is quiet."""

    rhythm: Annotated[Rhythm, Meta(title=N_("汇总邮件"))] = Rhythm.DAILY
    digest_at: Annotated[Clock, Meta(title=N_("每天汇总的时间"), extra={"widget": "time"})] = "09:00"
    quiet_from: Annotated[ClockOrNone, Meta(title=N_("免打扰开始"), extra={"widget": "time"})] = ""
    quiet_until: Annotated[ClockOrNone, Meta(title=N_("免打扰结束"), extra={"widget": "time"})] = ""
    workdays_only: Annotated[bool, Meta(title=N_("休息日全天免打扰"))] = False
    urgent_anyway: Annotated[bool, Meta(title=N_("超时和升级不受免打扰限制"))] = True

    def __post_init__(self) -> None:
        """Quiet hours have a beginning and an end that differ."""
        if bool(self.quiet_from) != bool(self.quiet_until):
            raise Unfit(Message(N_("免打扰的开始和结束时间须一起填写")), "quiet_until")
        if self.quiet_from and self.quiet_from == self.quiet_until:
            raise Unfit(Message(N_("免打扰的开始和结束时间不能相同")), "quiet_until")


class Wishes(Timing, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What a person wishes: of each kind of event how it is mailed."""

    opened: Annotated[Mailing, Meta(title=EventKind.OPENED.label)] = Mailing.AT_ONCE
    message: Annotated[Mailing, Meta(title=EventKind.MESSAGE.label)] = Mailing.AT_ONCE
    assigned: Annotated[Mailing, Meta(title=EventKind.ASSIGNED.label)] = Mailing.AT_ONCE
    decision: Annotated[Mailing, Meta(title=EventKind.DECISION.label)] = Mailing.AT_ONCE
    progress: Annotated[Mailing, Meta(title=EventKind.PROGRESS.label)] = Mailing.AT_ONCE
    due: Annotated[Mailing, Meta(title=EventKind.DUE.label)] = Mailing.AT_ONCE
    breach: Annotated[Mailing, Meta(title=EventKind.BREACH.label)] = Mailing.AT_ONCE
    escalation: Annotated[Mailing, Meta(title=EventKind.ESCALATION.label)] = Mailing.AT_ONCE
    finance: Annotated[Mailing, Meta(title=EventKind.FINANCE.label)] = Mailing.AT_ONCE
    confidentiality: Annotated[Mailing, Meta(title=EventKind.CONFIDENTIALITY.label)] = Mailing.AT_ONCE
    upkeep: Annotated[Mailing, Meta(title=EventKind.UPKEEP.label)] = Mailing.AT_ONCE

    def mailing(self, kind: EventKind) -> Mailing:
        """How this kind is mailed."""
        return Mailing(getattr(self, kind.value))

    def count(self, mailing: Mailing) -> int:
        """Of how many kinds this is so."""
        return sum(self.mailing(kind) is mailing for kind in EventKind)


BUILT_IN = Wishes()


class OwnWishes(Base):
    """What one person chose."""

    __tablename__ = "notification_wishes"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    wishes: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class RoleWishes(Base):
    """What the administrator chose for those of a role who chose nothing themselves."""

    __tablename__ = "notification_default"

    role: Mapped[Role] = mapped_column(primary_key=True)
    wishes: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


async def wishes_of(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, Wishes]:
    """What each of these people wishes. Needs the agency's context."""
    ids = set(account_ids)
    own = {
        row.account_id: _read(row.wishes)
        for row in await session.scalars(select(OwnWishes).where(OwnWishes.account_id.in_(ids)))
    }
    defaults = await role_defaults(session)
    if not defaults:
        return {one: own.get(one, BUILT_IN) for one in ids}
    granted = select(RoleGrant.account_id, RoleGrant.role).where(RoleGrant.account_id.in_(ids - set(own)))
    member = select(Membership.account_id, Membership.role).where(Membership.account_id.in_(ids - set(own)))
    roles: dict[UUID, set[Role]] = {}
    for account_id, role in [*await session.execute(granted), *await session.execute(member)]:
        roles.setdefault(account_id, set()).add(Role(role))
    return {one: own.get(one) or loudest(roles.get(one, set()), defaults) for one in ids}


async def own_wishes(session: AsyncSession, person: Person) -> tuple[Wishes, bool]:
    """What the person at the keyboard wishes, and whether they chose it themselves."""
    row = await session.get(OwnWishes, person.id)
    if row is not None:
        return _read(row.wishes), True
    return loudest(person.roles, await role_defaults(session)), False


async def choose(session: AsyncSession, person: Person, wishes: Wishes, *, at: datetime) -> None:
    """Keep the person's own choice."""
    kept = {"wishes": msgspec.to_builtins(wishes), "changed_at": at}
    written = insert(OwnWishes).values(account_id=person.id, **kept)
    await session.execute(written.on_conflict_do_update(index_elements=["account_id"], set_=kept))


async def choose_nothing(session: AsyncSession, person: Person) -> None:
    """Go by the role's defaults again."""
    await session.execute(delete(OwnWishes).where(OwnWishes.account_id == person.id))


async def role_defaults(session: AsyncSession) -> dict[Role, Wishes]:
    """What administrators chose, by role; roles of which nothing was chosen are left out."""
    return {row.role: _read(row.wishes) for row in await session.scalars(select(RoleWishes))}


async def choose_for_role(session: AsyncSession, role: Role, wishes: Wishes, *, by: Person, at: datetime) -> None:
    """Keep the default of a role."""
    authorize(by, Permission.MANAGE_SETTINGS)
    kept = {"wishes": msgspec.to_builtins(wishes), "changed_at": at, "changed_by": by.id}
    written = insert(RoleWishes).values(role=role, **kept)
    await session.execute(written.on_conflict_do_update(index_elements=["role"], set_=kept))
    await record(
        session, DEFAULTS_CHANGED, actor=by.actor(), at=at, body={"role": role.value, "wishes": kept["wishes"]}
    )


def loudest(roles: Collection[Role], defaults: Mapping[Role, Wishes]) -> Wishes:
    """The default of somebody with these roles: of each kind what the loudest role has, the hours of the first."""
    found = [defaults.get(role, BUILT_IN) for role in Role if role in roles]
    if not found:
        return BUILT_IN
    kinds = {kind.value: min((one.mailing(kind) for one in found), key=_LOUDEST.index) for kind in EventKind}
    return msgspec.structs.replace(found[0], **kinds)


def clock_of(text: str) -> time:
    """A clock time as it is kept."""
    return time.fromisoformat(text)


def _read(kept: Mapping[str, Any]) -> Wishes:
    return msgspec.convert(kept, Wishes)
