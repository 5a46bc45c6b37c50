"""Days as people write them, and what was added to read each."""

from datetime import date, timedelta

import pytest

from anshou.tickets.importing.amounts import read_amount
from anshou.tickets.importing.dates import Habits, Rule, likely_moment, minutes_off, read_moment, years_in

HABITS = Habits(years=(2026,))


@pytest.mark.parametrize(
    ("cell", "text", "rule"),
    [
        ("2026-08-06", "2026-08-06", None),
        ("2026-08-06 09:30", "2026-08-06 09:30", None),
        ("2026/8/6", "2026-08-06", Rule.WRITTEN),
        ("２０２６．８．６", "2026-08-06", Rule.WRITTEN),
        ("2026年8月6日", "2026-08-06", Rule.WRITTEN),
        ("20260806", "2026-08-06", Rule.WRITTEN),
        ("46240", "2026-08-06", Rule.SERIAL),
        ("46240.5", "2026-08-06 12:00", Rule.SERIAL),
        ("8月6日", "2026-08-06", Rule.YEAR),
        ("8/6", "2026-08-06", Rule.YEAR),
        ("26.8.6", "2026-08-06", Rule.CENTURY),
        ("2026.8.6 下午3点", "2026-08-06 15:00", Rule.WORDS),
        ("2026.8.6 上午10点半", "2026-08-06 10:30", Rule.WORDS),
    ],
)
def test_a_day_is_read_and_what_was_added_is_said(cell: str, text: str, rule: Rule | None) -> None:
    found = read_moment(cell, HABITS)
    assert found is not None
    assert (found.text(), found.rule) == (text, rule)


@pytest.mark.parametrize("cell", ["明天", "2026-13-01", "2026-02-30", "1.8", "1899-12-31 08:12:00", "99999", "12", "/"])
def test_what_is_no_day_is_not_guessed(cell: str) -> None:
    assert read_moment(cell, HABITS) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("08/06/2026", "2026-08-06"),
        ("13/8/2026 9:30", "2026-08-13 09:30"),
        ("8-13-2026", "2026-08-13"),
        ("31/31/2026", ""),
        ("30/2/2026", ""),
        ("8/6/2026年底", ""),
        ("明天", ""),
    ],
)
def test_a_day_whose_year_stands_last_is_not_read_but_proposed(cell: str, text: str) -> None:
    assert read_moment(cell, HABITS) is None
    assert likely_moment(cell) == text


def test_without_a_year_in_the_title_a_day_without_one_is_not_read() -> None:
    assert read_moment("8月6日", Habits()) is None
    assert years_in(["台账（２０２６年1-3月）", "2025"]) == (2026, 2025)


@pytest.mark.parametrize(
    ("cell", "after", "day"),
    [
        ("1月5日", date(2026, 12, 28), date(2027, 1, 5)),
        ("2月29日", date(2027, 12, 28), date(2028, 2, 29)),
        ("2月29日", date(2028, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_promise_in_january_for_a_report_of_december_is_of_the_next_year(cell: str, after: date, day: date) -> None:
    found = read_moment(cell, HABITS, after=after)
    assert found is not None
    assert found.day == day


def test_a_day_that_neither_this_year_nor_the_next_has_is_not_read() -> None:
    assert read_moment("2月29日", HABITS, after=date(2028, 12, 28)) is None


def test_minutes_that_a_whole_column_is_off_by_are_taken_away() -> None:
    column = [f"2026-08-{day:02} {day:02}:12:00" for day in range(1, 10)]
    assert minutes_off(column) == timedelta(minutes=12)
    assert minutes_off([f"2026-08-{day:02} 10:30:00" for day in range(1, 10)]) == timedelta(0)
    found = read_moment(column[0], Habits(off=minutes_off(column)))
    assert found is not None
    assert (found.text(), found.rule) == ("2026-08-01 01:00", Rule.OFFSET)


@pytest.mark.parametrize(
    ("cell", "fen", "rule"),
    [
        ("120", 12000, None),
        ("86.5", 8650, None),
        ("￥３５0.00", 35000, Rule.AMOUNT),
        ("1,280元", 128000, Rule.AMOUNT),
        ("约500", 50000, Rule.ABOUT),
        ("1.2万", 1_200_000, Rule.TEN_THOUSANDS),
    ],
)
def test_an_amount_is_read_and_what_was_added_is_said(cell: str, fen: int, rule: Rule | None) -> None:
    assert read_amount(cell) == (fen, rule)


@pytest.mark.parametrize("cell", ["-5", "很多", "1.234", "9" * 30])
def test_what_is_no_amount_is_not_guessed(cell: str) -> None:
    assert read_amount(cell) is None
