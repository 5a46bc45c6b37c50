"""Instants as whole microseconds since 1970 UTC, and when a zone's wall clock is moved.

The calculation works on integers: adding up thousands of intervals is exact and ten times faster than on datetimes.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from anshou.tickets.clocks.errors import ZoneUnknown
from tenants.refusals import N_

MINUTE = 60 * 1_000_000
DAY = 24 * 60 * MINUTE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
# No zone has ever moved its clock twice within six hours.
_PROBE = 6 * 60 * MINUTE
# A local year and the UTC year of the same number are never more than a day apart; three leave room for probing.
_MARGIN = 3 * DAY


class Run(NamedTuple):
    """A stretch of instants during which the zone's offset from UTC stays the same; all in microseconds."""

    begins: int
    ends: int
    offset: int


def instant(at: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime. Raises TypeError for a naive one."""
    return (at - _EPOCH) // _MICROSECOND


def as_datetime(at: int) -> datetime:
    """The UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=at)


def year_of(at: int) -> int:
    """The UTC year in which an instant lies."""
    return as_datetime(at).year


def year_begin(year: int) -> int:
    """The instant at which a UTC year begins."""
    return instant(datetime(year, 1, 1, tzinfo=UTC))


def wall_midnight(ordinal: int) -> int:
    """Midnight of a day (a proleptic ordinal) on a wall clock, counted as if the clock showed UTC."""
    return (ordinal - _EPOCH_ORDINAL) * DAY


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises ZoneUnknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ZoneUnknown(N_("没有名为“%(name)s”的时区，例如 Asia/Shanghai"), name=name) from unknown


@lru_cache(maxsize=256)
def runs_of_year(zone: ZoneInfo, year: int) -> tuple[Run, ...]:
    """The runs of constant offset that cover a year and a few days on either side."""
    begin, end = year_begin(year) - _MARGIN, year_begin(year + 1) + _MARGIN
    runs: list[Run] = []
    run_begins, offset, before = begin, _offset(zone, begin), begin
    for probe in range(begin + _PROBE, end + _PROBE, _PROBE):
        if (probed := _offset(zone, probe)) != offset:
            changed = _change_between(zone, before, probe, offset)
            runs.append(Run(run_begins, changed, offset))
            run_begins, offset = changed, probed
        before = probe
    return (*runs, Run(run_begins, end, offset))


def _change_between(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    # Zones move their clocks on whole seconds.
    low, high = before // 1_000_000, after // 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * 1_000_000) == offset:
            low = middle
        else:
            high = middle
    return high * 1_000_000


def _offset(zone: ZoneInfo, at: int) -> int:
    offset = as_datetime(at).astimezone(zone).utcoffset()
    if offset is None:
        raise ValueError(f"{zone.key} has no offset from UTC")
    return offset // _MICROSECOND
