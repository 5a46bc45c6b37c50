"""Accounting periods (会计期间): months that are opened, closed, and reopened by two people.

Closed months come before open ones: a month is closed when none before it is open, and reopened (反结账) when none
after it is closed. Who did what when and why are rows; the state of a period is what they made of it, kept by the
database. Whoever posts holds the month FOR SHARE, whoever changes it FOR UPDATE, so nothing slips into a closing month.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.ledger.errors import PeriodClosed, PeriodNotFound, PeriodNotReady, SecondPersonNeeded
from billing.ledger.numbering import number_vouchers
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_, Message

PERIOD_REFUSED = "ANPER"
"""The SQLSTATE by which the database refuses a change of a period, and posting into one that is not open."""


class PeriodState(Labelled):
    """What may be done in a month."""

    OPEN = "open", N_("可记账")
    CLOSED = "closed", N_("已结账")
    REOPENING = "reopening", N_("反结账待批准")


class PeriodChangeKind(Labelled):
    """What happened to a month."""

    OPENED = "opened", N_("启用")
    CLOSED = "closed", N_("结账")
    REOPENING_REQUESTED = "reopening_requested", N_("申请反结账")
    REOPENING_REFUSED = "reopening_refused", N_("未批准反结账")
    REOPENED = "reopened", N_("反结账")


class Period(Base):
    """A month by its first day; `requested_by` asked for it to be reopened and waits for an answer."""

    __tablename__ = "ledger_period"

    month: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[PeriodState]
    requested_by: Mapped[UUID | None]


class PeriodChange(Row, Base):
    """Who changed a period, when and why. Never edited."""

    __tablename__ = "ledger_period_change"

    month: Mapped[date]
    change: Mapped[PeriodChangeKind]
    reason: Mapped[str | None]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def find_period(session: AsyncSession, day: date) -> Period | None:
    """The period of the day, or None while nothing was posted there."""
    return (await session.scalars(_fresh().where(Period.month == month_of(day)))).one_or_none()


async def get_period(session: AsyncSession, day: date) -> Period:
    """The period of the day. Raises PeriodNotFound."""
    found = await find_period(session, day)
    if found is None:
        raise PeriodNotFound(month_of(day))
    return found


async def list_periods(session: AsyncSession) -> Sequence[Period]:
    """All periods, the latest first."""
    return (await session.scalars(_fresh().order_by(Period.month.desc()))).all()


async def first_month(session: AsyncSession, today: date) -> date:
    """The month with which the books begin; today's while there are none.

    A day before it would open a month that nobody meant, and keep those after it from being closed.
    """
    found = await session.scalar(select(Period.month).order_by(Period.month).limit(1))
    return found or month_of(today)


async def changes_of(session: AsyncSession, month: date) -> Sequence[PeriodChange]:
    """What happened to the period, in order."""
    asked = select(PeriodChange).where(PeriodChange.month == month_of(month)).order_by(PeriodChange.id)
    return (await session.scalars(asked)).all()


async def open_day(session: AsyncSession, day: date) -> date:
    """The day itself, or the first one on which can be posted: corrections of a closed month land in the open one."""
    shut = select(Period.month).where(Period.state != PeriodState.OPEN).order_by(Period.month.desc()).limit(1)
    last = (await session.scalars(shut)).one_or_none()
    return day if last is None or month_of(day) > last else month_after(last)


async def open_period(session: AsyncSession, day: date, *, by: UUID, at: datetime) -> Period:
    """Open the month of the day unless it is open already. Raises PeriodClosed for one that lies before a closed one.

    Posting opens the months that it needs; before the first vouchers of a year one may want to do it by hand.
    """
    month = month_of(day)
    if await open_day(session, month) != month:
        raise PeriodClosed(month)
    await _change(session, month, PeriodChangeKind.OPENED, None, by=by, at=at)
    return await get_period(session, month)


async def close_period(session: AsyncSession, month: date, *, by: UUID, at: datetime) -> Period:
    """Close the month and number its vouchers. Raises PeriodNotFound, PeriodNotReady."""
    month = month_of(month)
    held = await _held(session, month, PeriodState.OPEN, Message(N_("未处于可记账状态，不能结账")))
    earlier = select(Period.month).where(Period.month < month, Period.state == PeriodState.OPEN).limit(1)
    if (await session.scalars(earlier)).one_or_none():
        raise PeriodNotReady(month, Message(N_("此前还有未结账的期间，请按月依次结账")))
    await _change(session, held.month, PeriodChangeKind.CLOSED, None, by=by, at=at)
    await number_vouchers(session, month)
    return await get_period(session, month)


async def request_reopening(session: AsyncSession, month: date, *, reason: str, by: UUID, at: datetime) -> Period:
    """Ask for a closed month to be reopened. Raises PeriodNotFound, PeriodNotReady."""
    month = month_of(month)
    await _held(session, month, PeriodState.CLOSED, Message(N_("未结账，无须反结账")))
    if not reason.strip():
        raise PeriodNotReady(month, Message(N_("请写明反结账的理由")))
    later = select(Period.month).where(Period.month > month, Period.state != PeriodState.OPEN).limit(1)
    if (await session.scalars(later)).one_or_none():
        raise PeriodNotReady(month, Message(N_("此后的期间已结账，请从最后一个已结账的期间开始")))
    await _change(session, month, PeriodChangeKind.REOPENING_REQUESTED, reason.strip(), by=by, at=at)
    return await get_period(session, month)


async def refuse_reopening(session: AsyncSession, month: date, *, reason: str, by: UUID, at: datetime) -> Period:
    """Leave the month closed; who asked may take it back in the same way. Raises PeriodNotFound, PeriodNotReady."""
    month = month_of(month)
    await _held(session, month, PeriodState.REOPENING, Message(N_("没有待批准的反结账申请")))
    if not reason.strip():
        raise PeriodNotReady(month, Message(N_("请写明不批准的理由")))
    await _change(session, month, PeriodChangeKind.REOPENING_REFUSED, reason.strip(), by=by, at=at)
    return await get_period(session, month)


async def reopen_period(session: AsyncSession, month: date, *, by: UUID, at: datetime) -> Period:
    """Reopen as asked; `by` is not who asked. Raises PeriodNotFound, PeriodNotReady, SecondPersonNeeded."""
    month = month_of(month)
    held = await _held(session, month, PeriodState.REOPENING, Message(N_("没有待批准的反结账申请")))
    if held.requested_by == by:
        raise SecondPersonNeeded
    await _change(session, month, PeriodChangeKind.REOPENED, None, by=by, at=at)
    return await get_period(session, month)


async def _held(session: AsyncSession, month: date, state: PeriodState, otherwise: Message) -> Period:
    """The period, locked together with those before it in the order in which the database locks them too."""
    locked = _fresh().where(Period.month <= month).order_by(Period.month).with_for_update()
    periods = (await session.scalars(locked)).all()
    if not periods or periods[-1].month != month:
        raise PeriodNotFound(month)
    if periods[-1].state is not state:
        raise PeriodNotReady(month, otherwise)
    return periods[-1]


async def _change(
    session: AsyncSession, month: date, change: PeriodChangeKind, reason: str | None, *, by: UUID, at: datetime
) -> None:
    made = PeriodChange(month=month, change=change, reason=reason, made_by=by, made_at=at)
    session.add(made)
    try:
        await session.flush()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != PERIOD_REFUSED:
            raise
        raise PeriodNotReady(month, Message(N_("状态刚被别人改变，请刷新后再试"))) from None
    # A month that was open already keeps the row of who opened it, and this one was never written.
    session.expunge(made)


def _fresh() -> Select[Period]:
    """As they are now: the database writes their state behind the session's back."""
    return select(Period).execution_options(populate_existing=True)
