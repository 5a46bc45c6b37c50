"""The rows of months that are measured once and kept. `key` is empty for what there is none of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import Base


class MeasuredMonth(Base):
    """What one line of a month comes to, as `months.figures_of` says it."""

    __tablename__ = "measured_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]]


class MeasuredTimes(Base):
    """How often each whole minute occurred in one line of a month."""

    __tablename__ = "measured_times"

    month: Mapped[date] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    spread: Mapped[str] = mapped_column(primary_key=True)
    minutes: Mapped[Any] = mapped_column(ARRAY(Integer))
    times: Mapped[Any] = mapped_column(ARRAY(Integer))


class MeasuredState(Base):
    """That a month is measured, under which settings."""

    __tablename__ = "measured_state"

    month: Mapped[date] = mapped_column(primary_key=True)
    basis: Mapped[str]
    measured_at: Mapped[datetime]


class StaleMonth(Base):
    """A mark that something of the month has changed."""

    __tablename__ = "stale_month"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date]
