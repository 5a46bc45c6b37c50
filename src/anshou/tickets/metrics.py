"""A shop's metric as rows: the window in which it departed from the normal, and what was observed since."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.tickets import measuring
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow

FIGURE = Numeric(20, 4)


class MetricWindow(MerchantRow, Base):
    """The metric that departed from the normal: expected and observed in `unit`, between two instants.

    The figures of a confidential ticket are sealed, and None here.
    """

    __tablename__ = "metric_window"

    ticket_id: Mapped[UUID]
    metric: Mapped[measuring.Metric]
    unit: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expected: Mapped[Decimal | None] = mapped_column(FIGURE)
    observed: Mapped[Decimal | None] = mapped_column(FIGURE)


class Observation(MerchantRow, Base):
    """The metric on one day. `counts` when it was normal on a day since monitoring began.

    The figure of a confidential ticket is sealed, and None here.
    """

    __tablename__ = "observation"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    day: Mapped[date]
    observed: Mapped[Decimal | None] = mapped_column(FIGURE)
    normal: Mapped[bool]
    counts: Mapped[bool]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


async def write_observation(session: AsyncSession, ticket: Ticket, record: measuring.Observation, made: Made) -> None:
    """Keep what was observed."""
    session.add(
        Observation(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            day=record.day,
            observed=record.observed,
            normal=record.normal,
            counts=measuring.counts(made.before, record),
            recorded_by=made.who,
            recorded_at=made.at,
        )
    )
