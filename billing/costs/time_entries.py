"""Working time that a ticket cost, and the rates by which it is paid. Rates are in fen per hour."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Text, case, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.costs.items import CostItem
from billing.costs.labour import DayKind, Pay
from billing.costs.states import State
from billing.parties import CostCategory
from tenants.base import Base, MerchantRow, Row


class TimeEntry(MerchantRow, Base):
    """How long somebody worked on a day for a ticket, and by which rate that became the amount of the item."""

    __tablename__ = "time_entry"

    ticket_id: Mapped[UUID]
    item_id: Mapped[UUID]
    person_id: Mapped[UUID]
    worked_on: Mapped[date]
    minutes: Mapped[int]
    day_kind: Mapped[DayKind]
    percent: Mapped[int]
    rate_fen: Mapped[int] = mapped_column(BigInteger)
    rate_id: Mapped[UUID]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]

    @property
    def pay(self) -> Pay:
        """The calculation."""
        return Pay(minutes=self.minutes, rate_fen=self.rate_fen, percent=self.percent)


class LabourRate(Row, Base):
    """What an hour of a person, or of everybody of a role, costs from a day on; without an amount no longer.

    Never changed: a new rate is another row. Of two from one day the one set later counts.
    """

    __tablename__ = "labour_rate"

    person_id: Mapped[UUID | None]
    role: Mapped[str | None]
    fen_per_hour: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


async def rate_on(session: AsyncSession, person_id: UUID, roles: frozenset[str], day: date) -> LabourRate | None:
    """The rate of the person on that day: their own; else the highest of their roles'; None where there is neither."""
    own = await session.scalar(
        select(LabourRate)
        .where(LabourRate.person_id == person_id, LabourRate.valid_from <= day)
        .order_by(LabourRate.valid_from.desc(), LabourRate.id.desc())
        .limit(1)
    )
    if own is not None and own.fen_per_hour is not None:
        return own
    latest = await session.scalars(
        select(LabourRate)
        .ext(distinct_on(LabourRate.role))
        .where(LabourRate.role.in_(sorted(roles)), LabourRate.valid_from <= day)
        .order_by(LabourRate.role, LabourRate.valid_from.desc(), LabourRate.id.desc())
    )
    paid = [rate for rate in latest if rate.fen_per_hour is not None]
    return max(paid, key=lambda rate: rate.fen_per_hour or 0, default=None)


async def rates_in_force(session: AsyncSession, day: date) -> list[LabourRate]:
    """The rates that count on that day, those of roles first."""
    whose = case((LabourRate.role.is_not(None), LabourRate.role), else_=cast(LabourRate.person_id, Text))
    query = (
        select(LabourRate)
        .ext(distinct_on(whose))
        .where(LabourRate.valid_from <= day)
        .order_by(whose, LabourRate.valid_from.desc(), LabourRate.id.desc())
    )
    found = [rate for rate in await session.scalars(query) if rate.fen_per_hour is not None]
    return sorted(found, key=lambda rate: (rate.role is None, rate.role or "", str(rate.person_id)))


async def find_time_entry(session: AsyncSession, item: CostItem) -> TimeEntry | None:
    """The working time of which the item's amount was made, if it is one of labour."""
    query = select(TimeEntry).where(TimeEntry.merchant_id == item.merchant_id, TimeEntry.item_id == item.id)
    return (await session.scalars(query)).one_or_none()


async def overtime_of_month(session: AsyncSession, person_id: UUID, day: date) -> int:
    """The minutes of overtime that the person worked in the month of that day, by what was claimed and not withdrawn.

    Within what the context reads: of the whole tenant for finance.
    """
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    query = (
        select(func.coalesce(func.sum(TimeEntry.minutes), 0))
        .join(CostItem, (CostItem.merchant_id == TimeEntry.merchant_id) & (CostItem.id == TimeEntry.item_id))
        .where(
            TimeEntry.person_id == person_id,
            TimeEntry.worked_on >= first,
            TimeEntry.worked_on < following,
            CostItem.category == CostCategory.LABOUR_OVERTIME,
            CostItem.state != State.WITHDRAWN,
        )
    )
    return int(await session.scalar(query) or 0)
