"""Opening hours of one day, as people write them: `09:00-12:00, 13:30-18:00`."""

import re
from typing import NamedTuple

from anshou.tickets.clocks.errors import HoursInvalid
from tenants.refusals import N_

MINUTES_OF_A_DAY = 24 * 60

_OPENING = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，、;；]+")


class Opening(NamedTuple):
    """Open from `opens` until just before `closes`, both in minutes of the wall clock after midnight (0 to 1440)."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


# The openings of one day in order, apart from each other; empty means closed.
Hours = tuple[Opening, ...]

CLOSED: Hours = ()
ALL_DAY: Hours = (Opening(0, MINUTES_OF_A_DAY),)


def parse_hours(text: str) -> Hours:
    """Read one day's hours; an empty text means closed. Openings that touch are joined.

    Hours past midnight are written as two days' hours (`22:00-24:00` and, on the next day, `00:00-02:00`).
    Raises HoursInvalid.
    """
    openings: list[Opening] = []
    for part in _parts(text):
        match = _OPENING.fullmatch(part)
        if match is None:
            raise HoursInvalid(N_("无法读懂开放时间“%(part)s”，请写成 09:00-12:00, 13:30-18:00"), part=part)
        from_hour, from_minute, to_hour, to_minute = (int(number) for number in match.groups())
        if from_minute > 59 or to_minute > 59:
            raise HoursInvalid(N_("“%(part)s”中的分钟超过了 59"), part=part)
        openings.append(Opening(from_hour * 60 + from_minute, to_hour * 60 + to_minute))
    return checked_hours(openings)


def checked_hours(openings: list[Opening]) -> Hours:
    """Order the openings of one day and join those that touch. Raises HoursInvalid."""
    hours: list[Opening] = []
    for opening in sorted(openings):
        if not 0 <= opening.opens < opening.closes <= MINUTES_OF_A_DAY:
            raise HoursInvalid(N_("“%(opening)s”须在同一天内，且结束晚于开始，最晚 24:00"), opening=str(opening))
        if hours and opening.opens < hours[-1].closes:
            raise HoursInvalid(N_("“%(one)s”与“%(other)s”重叠"), one=str(hours[-1]), other=str(opening))
        if hours and opening.opens == hours[-1].closes:
            hours[-1] = Opening(hours[-1].opens, opening.closes)
        else:
            hours.append(opening)
    return tuple(hours)


def show_hours(hours: Hours) -> str:
    """The hours as `parse_hours` reads them; an empty text for a closed day."""
    return ", ".join(str(opening) for opening in hours)


def _parts(text: str) -> list[str]:
    # Spaces around the dash belong to an opening, spaces elsewhere separate two openings.
    joined = re.sub(r"\s*([-–—~～至])\s*", r"\1", text.strip())
    return [part for part in _BETWEEN.split(joined) if part]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
