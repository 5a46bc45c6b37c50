"""What the clocks refuse."""

from tenants.refusals import Invalid
from tenants.shapes import ShapeInvalid


class HoursInvalid(Invalid):
    """Raised when opening hours cannot be read, run backwards or overlap on one day."""


class CalendarClosed(Invalid):
    """Raised when a calendar would have no open hours at all: a limit counted in it would never end."""


class ZoneUnknown(Invalid):
    """Raised when a time zone is not a name of the IANA time zone database."""


class LimitInvalid(Invalid):
    """Raised when a limit is zero, negative or longer than any agency could mean."""


class LimitOutOfReach(Invalid):
    """Raised when a limit does not end within the years that are searched, because the calendar is hardly ever open."""


class CalendarUnknown(Invalid):
    """Raised when a figure or a clause names a calendar that the agency does not have."""


class SettingInvalid(ShapeInvalid):
    """Raised when a figure, calendar or day cannot be saved; `fields` maps each field to what was expected."""
