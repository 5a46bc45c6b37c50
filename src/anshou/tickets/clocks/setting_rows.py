"""The tenant's figures, calendars and days as rows. What has no row has its default."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from anshou.people.roles import Department
from anshou.tickets.clocks.figures import ChannelClass
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.clocks.workdays import WorkdayRule
from anshou.tickets.kinds import Clock, Urgency
from tenants.base import Base, Row

# The code under which `calendar_day` holds what the tenant entered by hand about China's workdays.
CHINA = "china"


class LimitSetting(Row, Base):
    """A figure that the tenant set; without `limit_value` the clock has no limit at this urgency."""

    __tablename__ = "limit_setting"

    clock: Mapped[Clock]
    urgency: Mapped[Urgency]
    channels: Mapped[ChannelClass]
    limit_value: Mapped[int | None]
    limit_unit: Mapped[LimitUnit | None]
    calendar: Mapped[str | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class CalendarSetting(Row, Base):
    """A calendar that the tenant set up; `week` holds the hours of Monday to Sunday as text."""

    __tablename__ = "calendar_setting"

    code: Mapped[str]
    department: Mapped[Department | None]
    label: Mapped[str]
    zone: Mapped[str]
    week: Mapped[list[str]]
    rule: Mapped[WorkdayRule]
    makeup_hours: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class CalendarDay(Row, Base):
    """Whether one date is worked: in China's calendar (`china`), or in the own table of the calendar of that code."""

    __tablename__ = "calendar_day"

    calendar: Mapped[str]
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class CalendarYear(Row, Base):
    """A year of China's calendar that is no longer provisional: entered by hand, or published if by nobody."""

    __tablename__ = "calendar_year"

    year: Mapped[int]
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID | None]
