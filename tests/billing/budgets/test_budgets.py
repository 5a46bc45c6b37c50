"""Periods, standings and forecasts: exact at the fen, monotone, honest at both ends of a period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.budgets.periods import Per, Span, name_of, pace_of, period_of
from billing.budgets.watching import Standing, forecast, passed, watch
from billing.clauses import MOST

fen = st.integers(0, MOST)
limits = st.integers(1, MOST)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def on_weekdays(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("per", "day", "first", "last", "name"),
    [
        (Per.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (Per.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (Per.QUARTER, date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31), "2026 Q4"),
        (Per.QUARTER, date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30), "2026 Q2"),
        (Per.YEAR, date(2026, 11, 23), date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_period_is_the_calendars(per: Per, day: date, first: date, last: date, name: str) -> None:
    span = period_of(per, day)
    assert (span.first, span.last, name_of(per, span.first)) == (first, last, name)


@given(st.sampled_from(Per), days)
def test_every_day_is_in_one_period_and_periods_meet(per: Per, day: date) -> None:
    span = period_of(per, day)
    assert day in span
    assert all(period_of(per, one) == span for one in (span.first, span.last))
    assert period_of(per, span.last + timedelta(days=1)).first == span.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("used", "standing"),
    [
        (0, Standing.OK),
        (799, Standing.OK),
        (800, Standing.WARNED),
        (999, Standing.WARNED),
        (1000, Standing.FLAGGED),
        (1001, Standing.FLAGGED),
    ],
)
def test_a_budget_stands_as_its_thresholds_say_to_the_fen(used: int, standing: Standing) -> None:
    assert watch(used, 1000) is standing


def test_a_share_that_a_float_would_round_does_not_pass() -> None:
    assert watch(799_999_999_999, MOST) is Standing.OK
    assert watch(4, 5) is Standing.WARNED
    # Four fifths of 7 fen are 5.6.
    assert [watch(5, 7), watch(6, 7)] == [Standing.OK, Standing.WARNED]


@given(fen, limits)
def test_what_stands_is_the_highest_that_is_passed(used: int, limit: int) -> None:
    assert watch(used, limit) is ([Standing.OK, *passed(used, limit)])[-1]


@given(fen, fen, limits)
def test_spending_more_never_makes_a_budget_stand_better(used: int, more: int, limit: int) -> None:
    order = list(Standing)
    assert order.index(watch(used + more, limit)) >= order.index(watch(used, limit))


def test_a_budget_of_nothing_is_no_budget() -> None:
    with pytest.raises(ValueError, match="at least one fen"):
        watch(0, 0)


workdays_ahead = st.integers(1, 300).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total)))


@given(fen, fen, workdays_ahead)
def test_a_forecast_is_never_below_what_is_used_and_exact_at_the_end(
    used: int, recent: int, of: tuple[int, int]
) -> None:
    workdays, ahead = of
    assert forecast(used, recent, workdays=workdays, ahead=ahead) >= used
    assert forecast(used, recent, workdays=workdays, ahead=0) == used
    assert forecast(used, recent, workdays=workdays, ahead=workdays) == used + recent


@given(fen, fen, fen, fen, workdays_ahead)
def test_a_forecast_grows_with_what_is_used_what_was_recent_and_the_days_ahead(
    used: int, recent: int, more: int, more_recent: int, of: tuple[int, int]
) -> None:
    workdays, ahead = of
    before = forecast(used, recent, workdays=workdays, ahead=ahead)
    assert forecast(used + more, recent, workdays=workdays, ahead=ahead) == before + more
    assert forecast(used, recent + more_recent, workdays=workdays, ahead=ahead) >= before
    assert forecast(used, recent, workdays=workdays, ahead=max(ahead - 1, 0)) <= before


@given(st.sampled_from(Per), days, days)
def test_the_window_holds_as_many_workdays_as_the_period_and_ends_today(per: Per, day: date, today: date) -> None:
    span = period_of(per, day)
    pace = pace_of(span, today, on_weekdays)
    assert pace.window.last == min(today, span.last)
    assert sum(on_weekdays(one) for one in pace.window.days()) == pace.workdays
    assert pace.workdays == sum(on_weekdays(one) for one in span.days())
    assert pace.ahead == sum(on_weekdays(one) and one > today for one in span.days())


@given(st.sampled_from(Per), days)
def test_nothing_is_ahead_when_the_period_is_over(per: Per, day: date) -> None:
    span = period_of(per, day)
    assert pace_of(span, span.last, on_weekdays).ahead == 0
    assert pace_of(span, span.first - timedelta(days=1), on_weekdays).ahead == pace_of(span, day, on_weekdays).workdays


def test_the_first_large_invoice_of_a_month_is_not_taken_for_every_days() -> None:
    # November 2026 has 21 weekdays; by the 2nd one of them is over, and ¥10,000 were spent on it after a month of
    # ¥2,000. Its own pace would make ¥210,000 of it.
    pace = pace_of(period_of(Per.MONTH, date(2026, 11, 2)), date(2026, 11, 2), on_weekdays)
    assert (pace.workdays, pace.ahead) == (21, 20)
    assert pace.window == Span(date(2026, 10, 5), date(2026, 11, 2))
    assert forecast(1_000_000, 1_200_000, workdays=21, ahead=20) == 2_142_857


def test_a_period_without_a_workday_counts_every_day() -> None:
    pace = pace_of(period_of(Per.MONTH, date(2026, 2, 1)), date(2026, 2, 7), lambda day: False)
    assert (pace.workdays, pace.ahead) == (28, 21)
    assert pace.window == Span(date(2026, 1, 11), date(2026, 2, 7))
