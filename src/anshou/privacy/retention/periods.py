"""The tenant's periods: what was set, by whom and when; the latest setting of a kind holds, else its default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.retention.errors import KindIsKept, PeriodOutOfRange, PeriodTooShort
from anshou.privacy.retention.kinds import Kind, Way
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_

PERIOD_CHANGED = action("retention.period_changed", N_("修改保留期限"), plain=True)


class RetentionSetting(Row, Base):
    """One setting of one kind; never changed. `value` is in the kind's unit, None returns it to its default."""

    __tablename__ = "retention_setting"

    kind: Mapped[str]
    value: Mapped[int | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class PeriodGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period in the unit of its kind."""

    value: Annotated[int, Meta(title=N_("保留期限"))]


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind is kept now."""

    kind: Kind
    value: int
    is_default: bool

    def before(self, at: datetime) -> datetime:
        """What started before this instant is due at `at`."""
        return self.kind.before(at, self.value)


async def read_periods(session: AsyncSession) -> Mapping[str, int]:
    """What is set, by kind; kinds at their default are missing. Readable in every context."""
    latest = (
        select(RetentionSetting.kind, RetentionSetting.value)
        .ext(distinct_on(RetentionSetting.kind))
        .order_by(RetentionSetting.kind, RetentionSetting.changed_at.desc(), RetentionSetting.id.desc())
    )
    return {kind: value for kind, value in await session.execute(latest) if value is not None}


def period_in(periods: Mapping[str, int], kind: Kind) -> Period:
    """The kind's period among those that are set."""
    value = periods.get(kind.code)
    return Period(kind, kind.default if value is None else value, value is None)


async def period_of(session: AsyncSession, kind: Kind) -> Period:
    """How long this kind is kept."""
    return period_in(await read_periods(session), kind)


async def time_kept(session: AsyncSession, kind: Kind) -> timedelta:
    """The same as a duration, for kinds that are given in days."""
    return timedelta(days=(await period_of(session, kind)).value)


def check_period(kind: Kind, value: int) -> None:
    """Raises KindIsKept, PeriodOutOfRange, and PeriodTooShort, which names the law."""
    if kind.way is Way.KEPT:
        raise KindIsKept
    least = kind.minimum
    if least is not None and value < least.value:
        raise PeriodTooShort(least.value, kind.unit.label, least.law, least.why)
    if not 1 <= value <= kind.maximum:
        raise PeriodOutOfRange(kind.maximum, kind.unit.label)


async def set_period(session: AsyncSession, kind: Kind, value: int | None, *, by: Person, at: datetime) -> None:
    """Keep the kind this long from now on, also what is there already; None returns it to its default.

    Raises what `check_period` raises.
    """
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    check_period(kind, kind.default if value is None else value)
    was = await period_of(session, kind)
    session.add(RetentionSetting(kind=kind.code, value=value, changed_at=at, changed_by=by.id))
    body = {
        "kind": kind.code,
        "unit": kind.unit.value,
        "was": was.value,
        "now": kind.default if value is None else value,
    }
    await record(session, PERIOD_CHANGED, actor=by.actor(), at=at, body=body)
    await session.flush()


async def list_settings(session: AsyncSession, kind: Kind, *, by: Person, limit: int = 50) -> list[RetentionSetting]:
    """What was ever set for the kind, newest first."""
    authorize(by, Permission.READ_SETTINGS)
    query = select(RetentionSetting).where(RetentionSetting.kind == kind.code)
    newest = query.order_by(RetentionSetting.changed_at.desc(), RetentionSetting.id.desc()).limit(limit)
    return list(await session.scalars(newest))
