"""How a limit counts: the sentences of domain.md section 3, one by one. Times are those of Shanghai's wall clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anshou.tickets.clocks.calendars import Calendar, every_day, monday_to_friday
from anshou.tickets.clocks.due import Due, Stop, compute, elapsed_open
from anshou.tickets.clocks.errors import CalendarClosed, LimitInvalid, LimitOutOfReach, ZoneUnknown
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK, SERVICE_HOURS, WORKING_HOURS
from anshou.tickets.clocks.hours import CLOSED, parse_hours
from anshou.tickets.clocks.limits import hours, minutes, workdays
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.workdays import WorkdayRule, Workdays, china_workdays, own_workdays
from tests.clocks.shanghai import shanghai, shown

SERVICE = Rulebook().calendar(SERVICE_HOURS)
OFFICE = Rulebook().calendar(WORKING_HOURS)
ALWAYS = Rulebook().calendar(AROUND_THE_CLOCK)


def due_of(due: Due) -> str:
    return shown(due.at)


# 16 to 20 November 2026 is an ordinary week from Monday to Friday.


def test_ten_minutes_in_service_hours_count_from_the_instant_of_the_start() -> None:
    assert due_of(compute(shanghai("2026-11-18 10:07"), minutes(10), SERVICE)) == "2026-11-18 10:17"


def test_minutes_left_at_closing_time_go_on_at_the_next_opening() -> None:
    assert due_of(compute(shanghai("2026-11-18 18:25"), minutes(10), SERVICE)) == "2026-11-19 09:05"


def test_a_limit_used_up_exactly_at_closing_time_ends_then() -> None:
    assert due_of(compute(shanghai("2026-11-18 18:20"), minutes(10), SERVICE)) == "2026-11-18 18:30"


def test_a_report_in_the_night_starts_to_count_at_opening_time() -> None:
    assert due_of(compute(shanghai("2026-11-18 02:00"), hours(2), SERVICE)) == "2026-11-18 11:00"


def test_service_hours_count_at_the_weekend_and_on_holidays() -> None:
    assert due_of(compute(shanghai("2026-10-01 10:00"), minutes(30), SERVICE)) == "2026-10-01 10:30"


def test_hours_around_the_clock_run_through_the_night() -> None:
    assert due_of(compute(shanghai("2026-11-18 20:00"), hours(8), ALWAYS)) == "2026-11-19 04:00"


def test_working_hours_leave_out_the_midday_break() -> None:
    assert due_of(compute(shanghai("2026-11-18 11:00"), hours(2), OFFICE)) == "2026-11-18 14:30"


def test_the_starting_day_of_a_workday_limit_does_not_count_and_it_ends_when_service_ends() -> None:
    early, late = shanghai("2026-11-16 00:05"), shanghai("2026-11-16 23:50")
    assert due_of(compute(early, workdays(2), OFFICE)) == "2026-11-18 18:00"
    assert due_of(compute(late, workdays(2), OFFICE)) == "2026-11-18 18:00"


def test_a_workday_limit_that_starts_at_the_weekend_counts_from_monday() -> None:
    assert due_of(compute(shanghai("2026-11-14 10:00"), workdays(1), OFFICE)) == "2026-11-16 18:00"


def test_the_starting_day_is_the_day_in_the_calendars_zone_not_in_utc() -> None:
    # 00:30 on Tuesday in Shanghai is still Monday in UTC.
    assert due_of(compute(shanghai("2026-11-17 00:30"), workdays(1), OFFICE)) == "2026-11-18 18:00"


def test_spring_festival_does_not_count_and_the_makeup_weekends_do() -> None:
    # The State Council's calendar for 2026: off from 15 to 23 February; Saturdays 14 and 28 February are worked.
    assert due_of(compute(shanghai("2026-02-12 10:00"), workdays(2), OFFICE)) == "2026-02-14 18:00"
    assert due_of(compute(shanghai("2026-02-14 10:00"), workdays(1), OFFICE)) == "2026-02-24 18:00"
    assert due_of(compute(shanghai("2026-02-27 10:00"), workdays(1), OFFICE)) == "2026-02-28 18:00"


def test_a_due_time_in_a_year_not_yet_published_is_provisional() -> None:
    into_it = compute(shanghai("2026-12-30 10:00"), workdays(2), OFFICE)
    assert due_of(into_it) == "2027-01-01 18:00"
    assert into_it.provisional_years == (2027,)
    assert compute(shanghai("2026-12-30 10:00"), workdays(1), OFFICE).provisional_years == ()
    assert compute(shanghai("2027-03-01 10:00"), hours(8), ALWAYS).provisional_years == ()


def test_a_year_entered_by_hand_is_no_longer_provisional() -> None:
    new_year = shanghai("2027-01-01 12:00").date()
    entered = Calendar(
        name="working_hours",
        week=OFFICE.week,
        workdays=china_workdays({new_year: False}, frozenset({2027})),
    )
    due = compute(shanghai("2026-12-30 10:00"), workdays(2), entered)
    assert due_of(due) == "2027-01-04 18:00"
    assert due.provisional_years == ()


def test_due_wednesday_18_00_and_stopped_for_three_open_hours_is_thursday_12_00() -> None:
    stop = Stop(shanghai("2026-11-17 14:00"), shanghai("2026-11-17 17:00"), "等待商家补充材料")
    due = compute(shanghai("2026-11-16 10:00"), workdays(2), OFFICE, [stop])
    assert due_of(due) == "2026-11-19 12:00"
    assert due.counted_stops == ((stop, timedelta(hours=3)),)


def test_a_stop_counts_only_the_open_time_that_passed_in_it() -> None:
    overnight = Stop(shanghai("2026-11-18 17:00"), shanghai("2026-11-19 10:00"))
    assert due_of(compute(shanghai("2026-11-18 16:00"), hours(2), OFFICE, [overnight])) == "2026-11-19 11:00"
    assert due_of(compute(shanghai("2026-11-18 16:00"), hours(2), ALWAYS, [overnight])) == "2026-11-19 11:00"
    in_the_break = Stop(shanghai("2026-11-18 12:00"), shanghai("2026-11-18 13:30"))
    assert due_of(compute(shanghai("2026-11-18 11:00"), hours(2), OFFICE, [in_the_break])) == "2026-11-18 14:30"


def test_stops_that_overlap_count_once() -> None:
    stops = [
        Stop(shanghai("2026-11-18 10:00"), shanghai("2026-11-18 11:00")),
        Stop(shanghai("2026-11-18 10:30"), shanghai("2026-11-18 11:30")),
        Stop(shanghai("2026-11-18 10:40"), shanghai("2026-11-18 10:50")),
    ]
    due = compute(shanghai("2026-11-18 09:00"), hours(2), ALWAYS, stops)
    assert due_of(due) == "2026-11-18 12:30"
    assert sum((moved for _, moved in due.counted_stops), timedelta(0)) == timedelta(minutes=90)


def test_a_stop_before_the_start_or_from_the_due_time_on_moves_nothing() -> None:
    stops = [
        Stop(shanghai("2026-11-18 08:00"), shanghai("2026-11-18 09:00")),
        Stop(shanghai("2026-11-18 11:00"), shanghai("2026-11-18 12:00")),
    ]
    due = compute(shanghai("2026-11-18 09:00"), hours(2), ALWAYS, stops)
    assert due_of(due) == "2026-11-18 11:00"
    assert due.counted_stops == ()
    # The second stop still moves the point at 150 %, which comes after it.
    assert shown(due.late_at) == "2026-11-18 13:00"


def test_while_a_stop_lasts_there_is_no_due_time() -> None:
    stop = Stop(shanghai("2026-11-18 10:50"))
    due = compute(shanghai("2026-11-18 09:00"), hours(2), ALWAYS, [stop])
    assert due.at is None
    assert due.late_at is None
    assert shown(due.warn_at) == "2026-11-18 10:36"
    assert due.stopped_since == stop.since
    assert due.counted_stops == ((stop, timedelta(0)),)
    assert due.counted_intervals == ((shanghai("2026-11-18 09:00"), stop.since),)


def test_80_and_150_percent_of_hours_are_shares_of_the_counted_time() -> None:
    due = compute(shanghai("2026-11-18 11:00"), hours(5), OFFICE)
    assert shown(due.warn_at) == "2026-11-18 16:30"
    assert due_of(due) == "2026-11-18 17:30"
    assert shown(due.late_at) == "2026-11-19 11:00"


def test_80_and_150_percent_of_workdays_are_shares_of_the_open_time_until_they_end() -> None:
    # From Monday 09:00 two workdays come to three days of 7.5 hours: 22.5 open hours, of which 80 % are 18.
    due = compute(shanghai("2026-11-16 09:00"), workdays(2), OFFICE)
    assert due.counted == timedelta(hours=22.5)
    assert shown(due.warn_at) == "2026-11-18 12:00"
    assert shown(due.late_at) == "2026-11-20 14:15"


def test_the_explanation_tells_which_hours_counted() -> None:
    due = compute(shanghai("2026-11-18 17:00"), hours(3), OFFICE)
    assert [(shown(begins), shown(ends)) for begins, ends in due.counted_intervals] == [
        ("2026-11-18 17:00", "2026-11-18 18:00"),
        ("2026-11-19 09:00", "2026-11-19 11:00"),
    ]


def test_daylight_saving_shifts_service_hours_as_the_wall_clock_does() -> None:
    new_york = ZoneInfo("America/New_York")
    shop_hours = Calendar(name="new_york", week=every_day(parse_hours("09:00-17:00")), zone="America/New_York")
    start = datetime(2026, 3, 7, 16, 0, tzinfo=new_york)  # The clock goes forward in the coming night.
    due = compute(start, hours(2), shop_hours)
    assert due.at == datetime(2026, 3, 8, 10, 0, tzinfo=new_york)
    assert due.at == datetime(2026, 3, 8, 14, 0, tzinfo=UTC)


def test_a_time_that_the_wall_clock_skips_does_not_count_and_one_shown_twice_counts_twice() -> None:
    nights = Calendar(name="nights", week=every_day(parse_hours("01:00-03:00")), zone="America/New_York")
    spring, autumn = datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    assert elapsed_open(spring, spring + timedelta(days=1), nights) == timedelta(hours=1)
    assert elapsed_open(autumn, autumn + timedelta(days=1), nights) == timedelta(hours=3)


def test_a_calendar_without_open_hours_is_refused() -> None:
    with pytest.raises(CalendarClosed, match="没有任何开放时间"):
        Calendar(name="空", week=every_day(CLOSED))


def test_a_calendar_that_never_opens_after_all_ends_the_search() -> None:
    saturdays = (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, parse_hours("09:00-12:00"), CLOSED)
    never = Calendar(name="周六", week=saturdays, workdays=Workdays(WorkdayRule.CHINA))
    with pytest.raises(LimitOutOfReach):
        compute(shanghai("2026-11-18 09:00"), hours(1), never)
    with pytest.raises(LimitOutOfReach):
        compute(shanghai("2026-11-18 09:00"), workdays(1), never)


def test_an_own_table_closes_and_opens_single_days() -> None:
    founding_day, sunday = shanghai("2026-11-19 12:00").date(), shanghai("2026-11-22 12:00").date()
    own = Calendar(
        name="own",
        week=monday_to_friday(parse_hours("10:00-16:00")),
        workdays=own_workdays({founding_day: False, sunday: True}),
        makeup_hours=parse_hours("10:00-14:00"),
    )
    assert due_of(compute(shanghai("2026-11-18 15:00"), hours(2), own)) == "2026-11-20 11:00"
    assert due_of(compute(shanghai("2026-11-20 15:00"), workdays(1), own)) == "2026-11-22 14:00"


def test_an_unknown_zone_and_a_senseless_limit_are_refused() -> None:
    with pytest.raises(ZoneUnknown, match="Asia/Peking"):
        Calendar(name="x", week=every_day(parse_hours("09:00-18:00")), zone="Asia/Peking")
    with pytest.raises(LimitInvalid):
        hours(0)
    with pytest.raises(LimitInvalid):
        workdays(5000)
