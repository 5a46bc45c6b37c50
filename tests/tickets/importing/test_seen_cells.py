"""Cells of workbooks are shown as whoever kept them saw them: dates as dates, percentages, numbers in digits."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter

from anshou.tickets.importing.books import Book, read_book
from anshou.tickets.importing.dates import Habits, Rule, numbered_day, read_moment
from billing.bills.files import sheets

DAY_OF = {False: date(2026, 8, 6), True: date(2030, 8, 7)}


def made(cells: Sequence[tuple[object, str | int]], *, since_1904: bool = False, column: int = 1) -> bytes:
    """A workbook with each cell in a row of its own, in its format."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since_1904})
    sheet = book.add_worksheet("台账")
    for row, (cell, code) in enumerate(cells):
        sheet.write(row, column, cell, book.add_format({"num_format": code}))
    book.close()
    return out.getvalue()


async def seen(content: bytes, name: str = "x.xlsx") -> list[str]:
    """The last cell of each row."""
    return [cells[-1] for _, cells in (await read_book(name, content)).pages[0].rows]


@pytest.mark.parametrize(
    ("cell", "code", "shown"),
    [
        (46240, "yyyy-mm-dd", "2026-08-06"),
        (46240, 'yyyy"年"m"月"d"日"', "2026-08-06"),
        (46240, 14, "2026-08-06"),
        # Those that Chinese offices have without a code of their own.
        (46240, 31, "2026-08-06"),
        (46240, 57, "2026-08-06"),
        (46240.395833333336, 22, "2026-08-06 09:30"),
        (46240.39583333, 22, "2026-08-06 09:30"),
        (46240 + 34205 / 86400, "yyyy-mm-dd hh:mm:ss", "2026-08-06 09:30:05"),
        (0.395833333333, "h:mm", "09:30"),
        (1.0625, "[h]:mm", "25:30"),
        (0.125, "0.0%", "12.5%"),
        (0.07, 9, "7%"),
        (0.0525, 10, "5.25%"),
        (1, "0%", "100%"),
        (-0.031, '0.0%"（环比）"', "-3.1%"),
        # A sign in words is no format.
        (0.5, '0.0" %"', "0.5"),
        (True, "General", "TRUE"),
        (3, "General", "3"),
        (86.5, "#,##0.00", "86.5"),
        (0.1 + 0.2, "General", "0.3"),
        (0.0000001, "General", "0.0000001"),
        (13800138000, "General", "13800138000"),
        (1234567890123450000, "0.00E+00", "1234567890123450000"),
        ("0012345678901234567", "@", "0012345678901234567"),
        ("1E5", "@", "1E5"),
        ("5.0", "@", "5.0"),
        ("2026/8/6", "yyyy-mm-dd", "2026/8/6"),
    ],
)
async def test_a_cell_is_shown_as_it_was_seen(cell: object, code: str | int, shown: str) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    form = book.add_format({"num_format": code})
    sheet.write_string(2, 3, cell, form) if isinstance(cell, str) else sheet.write(2, 3, cell, form)
    book.close()
    assert (await read_book("x.xlsx", out.getvalue())).pages[0].rows == [(3, ["", "", "", shown])]


@pytest.mark.parametrize("since_1904", [False, True])
async def test_days_are_days_whenever_they_are_counted_from(since_1904: bool) -> None:
    book = await read_book("x.xlsx", made([(46240, "yyyy-mm-dd"), (46240, "General")], since_1904=since_1904))
    day = DAY_OF[since_1904].isoformat()
    dated, numbered = (cells[1] for _, cells in book.pages[0].rows)
    assert dated == day
    assert numbered == "46240"
    assert numbered_day(numbered, Habits(since_1904=book.since_1904)) == day
    assert numbered_day(dated, Habits(since_1904=book.since_1904)) == ""


async def test_percentages_are_found_in_a_workbook_of_another_maker_and_on_each_sheet() -> None:
    book = openpyxl.Workbook()
    for sheet, share in ((book.active, 0.25), (book.create_sheet("二月"), 0.5)):
        sheet["B2"], sheet["AB3"], sheet["C3"] = share, share, share
        sheet["AB3"].number_format = "0%"
        sheet["B4"] = datetime.combine(date(2026, 8, 6), time(9, 30))
        sheet["B5"], sheet["B6"], sheet["B7"] = date(2026, 8, 6), time(9, 30), timedelta(hours=30)
    out = io.BytesIO()
    book.save(out)
    first, second = (await read_book("x.xlsx", out.getvalue())).pages
    assert first.rows[0] == (2, ["", "0.25"])
    assert (first.rows[1][1][2], first.rows[1][1][-1]) == ("0.25", "25%")
    assert second.rows[1][1][-1] == "50%"
    assert [cells[1] for _, cells in first.rows[2:]] == ["2026-08-06 09:30", "2026-08-06", "09:30", "30:00"]


async def test_thousands_of_percentages_are_found() -> None:
    found = await seen(made([(row / 1000, "0.0%") for row in range(1, 40_000)]))
    assert found[:3] == ["0.1%", "0.2%", "0.3%"]
    assert found[-1] == "3999.9%"
    assert all(cell.endswith("%") for cell in found)


async def test_a_text_file_says_what_it_says() -> None:
    line = "46240,2026/8/6 9:30,1E+05,TRUE,5.0,12%,0012345678901234567"
    book = await read_book("x.csv", f"{line}\n{line}\n".encode())
    assert book.pages[0].rows[0][1] == line.split(",")


def test_bills_are_read_as_before() -> None:
    (bill,) = sheets("x.xlsx", made([(0.5, "0%"), (True, "General"), (1.2e18, "General")]))
    assert [row[1] for _, row in bill.rows] == ["0.5", "True", "1.200000E+18"]


@pytest.mark.parametrize("cell", ["46240", "46240.395833333336", "2026/8/6", "20260806", "8月6日", "26.8.6"])
def test_what_is_no_plain_day_is_proposed_and_not_taken(cell: str) -> None:
    found = read_moment(cell, Habits(years=(2026,)))
    assert found is not None
    assert found.day == date(2026, 8, 6)
    assert found.rule is not None


def test_the_end_of_a_day_by_its_number_is_the_beginning_of_the_next() -> None:
    found = read_moment("46240.999999", Habits())
    assert found is not None
    assert (found.text(), found.rule) == ("2026-08-07", Rule.SERIAL)


def test_a_book_that_was_kept_before_is_read_as_it_is() -> None:
    assert read_moment("2026-08-06 09:30:00", Habits()) == read_moment("2026-08-06 09:30", Habits())
    assert Book.unpacked(Book([]).packed()) == Book([])
