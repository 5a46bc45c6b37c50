"""Carrying over: finance says of what is still open as a month is closed that it goes over into the next, and why.

It stays open where it stands, and blocks the next month in its turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.close_checks import Check, subjects
from anshou.finance.errors import NothingToCarryOver
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger import carried
from billing.ledger.carried import CarriedOver
from billing.ledger.errors import PeriodNotReady
from billing.ledger.periods import Period, PeriodState, get_period, month_of
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

CARRIED_OVER = action("period.carried_over", N_("结转未决事项"))


class Carrying(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the open things go over, by id, or all that there are; and why."""

    subjects: Annotated[tuple[UUID, ...], Meta(max_length=1000, title=N_("事项"))] = ()
    everything: Annotated[bool, Meta(title=N_("全部"))] = False
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("结转理由"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThing:
    """What a check found: a cost's number, a bill's line, a line of a statement as `number/place`."""

    id: UUID
    name: str
    booked_on: date
    fen: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTogether:
    """What one person carried over at once for one reason. `fen` is what that came to in yuan."""

    check: Check
    reason: str
    carried_by: UUID
    carried_at: datetime
    count: int
    fen: int


def is_carried(check: Check, month: date, subject: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether the thing goes over out of the month."""
    return exists().where(
        CarriedOver.month == month, CarriedOver.matter == check.value, CarriedOver.subject_id == subject
    )


async def open_things(
    session: AsyncSession, month: date, check: Check, *, by: Person, limit: int
) -> tuple[Period, Sequence[OpenThing]]:
    """What the check found and nobody carried over, the oldest first.

    Raises PermissionMissing, PeriodNotFound, NothingToCarryOver for a check of which nothing can be.
    """
    authorize(by, Permission.CLOSE_PERIODS)
    if not check.may_go_over:
        raise NothingToCarryOver
    period = await get_period(session, month)
    return period, await _open(session, period, check, limit=limit)


async def carried_together(session: AsyncSession, month: date, *, by: Person) -> Sequence[CarriedTogether]:
    """What went over out of the month, the latest first. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    columns = (CarriedOver.matter, CarriedOver.reason, CarriedOver.carried_by, CarriedOver.carried_at)
    in_yuan = func.coalesce(func.sum(CarriedOver.fen).filter(CarriedOver.currency == "CNY"), 0)
    asked = select(*columns, func.count(), in_yuan).where(CarriedOver.month == month_of(month)).group_by(*columns)
    rows = await session.execute(asked.order_by(CarriedOver.carried_at.desc(), CarriedOver.matter))
    return [
        CarriedTogether(check=Check(matter), reason=reason, carried_by=person, carried_at=at, count=count, fen=int(fen))
        for matter, reason, person, at, count, fen in rows
    ]


async def carry_over(
    session: AsyncSession, month: date, check: Check, given: Carrying, *, by: Person, at: datetime
) -> int:
    """Let things go over into the next month; how many.

    Raises PermissionMissing, PeriodNotFound, PeriodNotReady unless the month is open, and NothingToCarryOver where
    nothing that was named is open.
    """
    authorize(by, Permission.CLOSE_PERIODS)
    period, found = await open_things(session, month, check, by=by, limit=_ALL)
    if period.state is not PeriodState.OPEN:
        raise PeriodNotReady(period.month, Message(N_("未处于可记账状态，不能再登记结转")))
    chosen = {one.id: (one.fen, one.currency) for one in found if given.everything or one.id in given.subjects}
    if not chosen:
        raise NothingToCarryOver
    reason = given.reason.strip()
    made = await carried.carry_over(session, period.month, check.value, chosen, reason=reason, by=by.id, at=at)
    body = {"month": f"{period.month:%Y-%m}", "matter": check.value, "count": made, "reason": reason}
    await record(session, CARRIED_OVER, actor=by.actor(), at=at, body=body)
    return made


# More than any month has; a bound all the same.
_ALL = 100_000


async def _open(session: AsyncSession, period: Period, check: Check, *, limit: int) -> Sequence[OpenThing]:
    things = subjects(check, period.month).subquery()
    asked = select(things).where(~is_carried(check, period.month, things.c.id))
    rows = await session.execute(asked.order_by(things.c.booked_on, things.c.id).limit(limit))
    return [OpenThing(**row._mapping) for row in rows]
