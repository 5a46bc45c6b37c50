"""The pure rules of costs: pay, holidays, what is usual, states, categories."""

from datetime import date

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.costs.categories import GENERAL, LABOUR, allowed_categories
from billing.costs.errors import HolidaysUnknown
from billing.costs.labour import DayKind, Pay, half_up, kind_of_day
from billing.costs.rules import CostRules
from billing.costs.states import BOOKED, OPEN_TO_CLAIMANT, WAITING, Deed, State, state_after
from billing.costs.statutory import is_statutory_holiday, statutory_holidays
from billing.costs.usual import LEAST, usual_of
from billing.parties import CostCategory
from tenants.shapes import Unfit


@pytest.mark.parametrize(
    ("minutes", "rate_fen", "percent", "fen"),
    [
        (60, 6000, 100, 6000),
        (90, 6000, 150, 13500),
        (1, 1, 150, 0),
        # 20 minutes of 1 fen an hour at 150 per cent are exactly half a fen.
        (20, 1, 150, 1),
        (7, 3333, 150, 583),
        (7, 3334, 200, 778),
        (1440, 10**9, 300, 72 * 10**9),
    ],
)
def test_pay_is_minutes_by_rate_by_percent_rounded_half_up_once(
    minutes: int, rate_fen: int, percent: int, fen: int
) -> None:
    assert Pay(minutes=minutes, rate_fen=rate_fen, percent=percent).fen == fen


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_rounding_half_up_is_off_by_half_at_most_and_symmetric_in_sign(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    assert half_up(-numerator, denominator) == -rounded
    if numerator >= 0:
        assert 2 * (rounded * denominator - numerator) > -denominator


def test_every_listed_holiday_is_one_in_the_published_calendar_too() -> None:
    for year in (2024, 2025, 2026):
        for day in statutory_holidays(year):
            assert chinese_calendar.is_holiday(day), day


def test_the_law_names_thirteen_days_since_2025_unless_two_fall_together() -> None:
    assert len(statutory_holidays(2024)) == 11
    assert len(statutory_holidays(2026)) == 13
    # Mid-autumn of 2028 is the third day of the national holiday.
    assert len(statutory_holidays(2028)) == 12


def test_a_day_moved_around_a_holiday_is_a_rest_day_and_paid_twofold() -> None:
    eve, first, moved, made_up = date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 23), date(2026, 2, 14)
    assert is_statutory_holiday(eve)
    assert kind_of_day(first, is_worked=False) is DayKind.HOLIDAY
    assert kind_of_day(moved, is_worked=False) is DayKind.REST_DAY
    assert kind_of_day(made_up, is_worked=True) is DayKind.WORKDAY


def test_a_year_whose_holidays_are_not_listed_is_refused_and_never_guessed() -> None:
    with pytest.raises(HolidaysUnknown, match="2024 年至 2030 年"):
        kind_of_day(date(2031, 1, 1), is_worked=True)


def test_nobody_sets_less_for_overtime_than_the_law_asks() -> None:
    assert [CostRules().percent(kind) for kind in DayKind] == [150, 200, 300]
    with pytest.raises(Unfit, match="第四十四条"):
        CostRules(rest_day_percent=150)
    assert CostRules(rest_day_percent=250).percent(DayKind.REST_DAY) == 250


@pytest.mark.parametrize(("threshold", "fen", "second"), [(None, 10**9, False), (500, 500, False), (500, 501, True)])
def test_two_verify_only_above_the_threshold(threshold: int | None, fen: int, second: bool) -> None:
    assert CostRules(four_eyes_fen=threshold).needs_second(fen) is second


def test_too_short_a_history_says_nothing() -> None:
    assert usual_of([100] * (LEAST - 1)) is None


def test_one_odd_amount_in_the_history_does_not_move_what_is_usual() -> None:
    usual = usual_of([1200, 1250, 1300, 1220, 1280, 1260, 1240, 99_999_999])
    assert usual is not None
    assert (usual.count, usual.median) == (8, 1250)
    assert usual.holds(1300)
    assert not usual.holds(2000)
    assert not usual.holds(1000)


def test_a_price_that_never_changed_leaves_room_for_a_tenth() -> None:
    usual = usual_of([1000] * 20)
    assert usual is not None
    assert (usual.lowest, usual.highest) == (900, 1100)


@given(st.lists(st.integers(1, 10**12), min_size=LEAST, max_size=50), st.randoms())
def test_what_is_usual_holds_its_median_and_does_not_depend_on_the_order(history: list[int], chance: object) -> None:
    usual = usual_of(history)
    assert usual is not None
    assert usual.holds(usual.median)
    assert usual_of(sorted(history)) == usual == usual_of(history[::-1])


def test_an_item_goes_from_draft_to_verified_and_by_a_return_around_again() -> None:
    assert state_after(State.DRAFT, Deed.SUBMITTED) is State.SUBMITTED
    assert state_after(State.SUBMITTED, Deed.RETURNED) is State.RETURNED
    assert state_after(State.RETURNED, Deed.SUBMITTED) is State.SUBMITTED
    assert state_after(State.SUBMITTED, Deed.VERIFIED) is State.VERIFIED
    assert state_after(State.SUBMITTED, Deed.VERIFIED, needs_second=True) is State.COUNTERSIGNING
    assert state_after(State.COUNTERSIGNING, Deed.COUNTERSIGNED) is State.VERIFIED


def test_only_taking_back_leads_back_from_verified_and_nothing_from_withdrawn() -> None:
    for state in BOOKED:
        assert state_after(state, Deed.TAKE_BACK_ASKED) is state
        assert state_after(state, Deed.TAKEN_BACK) is State.RETURNED
        others = set(Deed) - {Deed.TAKE_BACK_ASKED, Deed.TAKEN_BACK}
        assert {state_after(state, deed) for deed in others} <= {None, State.ALLOCATED}
    for state in set(State) - BOOKED:
        assert state_after(state, Deed.TAKE_BACK_ASKED) is state_after(state, Deed.TAKEN_BACK) is None
    assert {state_after(State.WITHDRAWN, deed) for deed in Deed} == {None}


def test_only_what_waits_for_finance_is_verified_or_returned() -> None:
    for state in State:
        led = {state_after(state, deed) for deed in (Deed.VERIFIED, Deed.COUNTERSIGNED, Deed.RETURNED)} - {None}
        assert bool(led) is (state in WAITING)
        assert (state_after(state, Deed.CHANGED) is not None) is (state in OPEN_TO_CLAIMANT)


def test_only_a_consumers_case_costs_freight_or_compensation() -> None:
    assert set(allowed_categories(with_consumer=False)) == GENERAL
    assert set(allowed_categories(with_consumer=True)) == set(CostCategory)
    assert LABOUR < GENERAL
