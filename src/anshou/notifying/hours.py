"""When a letter may go: at once, or after somebody's quiet hours, or with the next digest. Pure."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from anshou.notifying.wishes import Rhythm, Timing, clock_of

# More rest days in a row than any calendar has; whatever calendar says otherwise is not waited for.
MOST_DAYS = 30


def free_from(at: datetime, timing: Timing, *, zone: ZoneInfo, is_workday: Callable[[date], bool]) -> datetime:
    """The first instant from `at` (UTC) on that is not quiet; `at` itself if it is not."""
    now = at
    for _ in range(2 * MOST_DAYS):
        end = _end_of_quiet(now, timing, zone, is_workday)
        if end is None:
            return now
        now = end
    return at


def next_digest(at: datetime, timing: Timing, *, zone: ZoneInfo, is_workday: Callable[[date], bool]) -> datetime:
    """When the next digest after `at` (UTC) goes: at a full hour, or at the chosen time of a day; never in quiet."""
    if timing.rhythm is Rhythm.HOURLY:
        slot = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        here = at.astimezone(zone)
        slot = _on(here.date(), clock_of(timing.digest_at), zone)
        if slot <= at:
            slot = _on(here.date() + timedelta(days=1), clock_of(timing.digest_at), zone)
    return free_from(slot, timing, zone=zone, is_workday=is_workday)


def _end_of_quiet(at: datetime, timing: Timing, zone: ZoneInfo, is_workday: Callable[[date], bool]) -> datetime | None:
    here = at.astimezone(zone)
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    if timing.workdays_only and not is_workday(today):
        return _on(tomorrow, time(), zone)
    if not timing.quiet_from:
        return None
    begin, end = clock_of(timing.quiet_from), clock_of(timing.quiet_until)
    clock = here.time()
    if begin < end:
        return _on(today, end, zone) if begin <= clock < end else None
    # Over midnight.
    if clock >= begin:
        return _on(tomorrow, end, zone)
    return _on(today, end, zone) if clock < end else None


def _on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(ZoneInfo("UTC"))
