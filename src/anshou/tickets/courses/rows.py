"""The rows of courses, and of the limits that were decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Clock, Kind, Outcome
from tenants.base import Base


class Course(Base):
    """One time that a ticket was open: `position` 0 from its opening, 1 from its first reopening, and so on.

    Kind, category, department, shop and owner are the ticket's as they are now. Instants are UTC, times whole minutes,
    what is left of one not counted; `…_open_minutes` count within service hours, those of handling without the time in
    which the merchant was waited for. The first response and `like_ended_at` stand at position 0.
    """

    __tablename__ = "ticket_course"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[Kind]
    category: Mapped[Category | None]
    department: Mapped[Department | None]
    shop_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    reopened: Mapped[bool]
    like_ended_at: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    response_minutes: Mapped[int | None]
    response_open_minutes: Mapped[int | None]
    handling_minutes: Mapped[int | None]
    handling_open_minutes: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    score: Mapped[int | None] = mapped_column(SmallInteger)
    satisfied: Mapped[bool | None]
    unsatisfied: Mapped[int] = mapped_column(SmallInteger)


class DecidedLimit(Base):
    """A limit of which it is decided whether it was kept.

    At `decided_at` it passed, or in time what it asks for was done. Says of its ticket what a course says, as of now.
    """

    __tablename__ = "ticket_limit"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(primary_key=True)
    clock: Mapped[Clock]
    decided_at: Mapped[datetime]
    breached: Mapped[bool]
    kind: Mapped[Kind]
    category: Mapped[Category | None]
    department: Mapped[Department | None]
    shop_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
