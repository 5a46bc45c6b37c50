"""Quiet hours end when they end, on the agency's wall clock, and digests never fall into them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from anshou.notifying.hours import free_from, next_digest
from anshou.notifying.wishes import Rhythm, Timing

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Timing(quiet_from="22:00", quiet_until="08:00")
NOON = Timing(quiet_from="12:00", quiet_until="13:30")
WEEKDAYS_ONLY = Timing(workdays_only=True)


def workday(day: date) -> bool:
    return day.weekday() < 5


def here(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026 in Shanghai; the 21st is a Saturday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def free(at: datetime, timing: Timing) -> datetime:
    return free_from(at, timing, zone=SHANGHAI, is_workday=workday)


def digest(at: datetime, timing: Timing) -> datetime:
    return next_digest(at, timing, zone=SHANGHAI, is_workday=workday)


def test_without_quiet_hours_every_instant_is_free() -> None:
    assert free(here(21, 3), Timing()) == here(21, 3)


def test_a_night_ends_in_the_morning_whichever_side_of_midnight_one_is_on() -> None:
    assert free(here(23, 22), NIGHT) == here(24, 8)
    assert free(here(24, 2), NIGHT) == here(24, 8)
    assert free(here(24, 8), NIGHT) == here(24, 8)
    assert free(here(24, 21, 59), NIGHT) == here(24, 21, 59)


def test_a_lunch_break_ends_the_same_day() -> None:
    assert free(here(24, 12, 30), NOON) == here(24, 13, 30)


def test_a_weekend_ends_on_monday_and_into_its_night() -> None:
    assert free(here(21, 10), WEEKDAYS_ONLY) == here(23, 0)
    both = Timing(workdays_only=True, quiet_from="22:00", quiet_until="08:00")
    assert free(here(20, 23), both) == here(23, 8)


def test_a_calendar_without_workdays_holds_nothing_back_for_ever() -> None:
    assert free_from(here(21, 10), WEEKDAYS_ONLY, zone=SHANGHAI, is_workday=lambda day: False) == here(21, 10)


def test_a_daily_digest_goes_at_its_time_and_the_next_day_when_that_is_past() -> None:
    assert digest(here(24, 7), Timing(digest_at="09:00")) == here(24, 9)
    assert digest(here(24, 9), Timing(digest_at="09:00")) == here(25, 9)


def test_an_hourly_digest_goes_at_the_full_hour_but_not_at_night() -> None:
    hourly = Timing(rhythm=Rhythm.HOURLY, quiet_from="22:00", quiet_until="08:00")
    assert digest(here(24, 10, 15), hourly) == here(24, 11)
    assert digest(here(24, 21, 15), hourly) == here(25, 8)


clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]),
    clocks,
    st.sampled_from(Rhythm),
    st.booleans(),
)
def test_what_is_free_stays_free_and_a_digest_comes_within_days(
    at: datetime, quiet: tuple[str, str], digest_at: str, rhythm: Rhythm, workdays_only: bool
) -> None:
    timing = Timing(
        quiet_from=quiet[0], quiet_until=quiet[1], digest_at=digest_at, rhythm=rhythm, workdays_only=workdays_only
    )
    freed = free(at, timing)
    assert freed >= at
    assert free(freed, timing) == freed
    slot = digest(at, timing)
    assert at < slot <= at + timedelta(days=6)
    assert free(slot, timing) == slot
