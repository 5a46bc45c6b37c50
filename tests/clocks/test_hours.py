"""Opening hours as people write them."""

import pytest
from hypothesis import given

from anshou.tickets.clocks.errors import HoursInvalid
from anshou.tickets.clocks.hours import ALL_DAY, CLOSED, Opening, checked_hours, parse_hours, show_hours
from tests.clocks.strategies import day_hours


@pytest.mark.parametrize(
    "text",
    [
        "09:00-12:00, 13:30-18:00",
        "9:00 - 12:00，13:30—18:00",
        "13:30-18:00 09:00-12:00",
        "09：00～12：00、13：30至18：00",
    ],
)
def test_hours_are_read_in_the_ways_people_write_them(text: str) -> None:
    assert parse_hours(text) == (Opening(540, 720), Opening(810, 1080))


def test_an_empty_text_means_closed_and_24_00_is_the_end_of_the_day() -> None:
    assert parse_hours("  ") == CLOSED
    assert parse_hours("00:00-24:00") == ALL_DAY
    assert parse_hours("00:00-12:00, 12:00-24:00") == ALL_DAY


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9-18", "无法读懂"),
        ("09:00", "无法读懂"),
        ("09:75-10:00", "超过了 59"),
        ("18:00-09:00", "结束晚于开始"),
        ("09:00-09:00", "结束晚于开始"),
        ("20:00-25:00", "最晚 24:00"),
        ("09:00-12:00, 11:00-13:00", "重叠"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_the_part_that_is_wrong(text: str, says: str) -> None:
    with pytest.raises(HoursInvalid, match=says):
        parse_hours(text)


@given(day_hours())
def test_hours_shown_are_hours_read(openings: list[tuple[int, int]]) -> None:
    hours = checked_hours([Opening(*opening) for opening in openings])
    assert parse_hours(show_hours(hours)) == hours
