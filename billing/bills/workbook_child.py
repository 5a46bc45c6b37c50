"""The program that opens a workbook, apart from the house: standard input to lines of JSON on standard output.

A workbook of a thousand bytes may name a cell in the last row of the last column, and whoever lays the sheet out in
memory dies of it. Here that ends one small process.
"""

import json
import resource
import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from billing.bills.workbook_percents import Percents

# A float holds every whole number up to here; beyond it digits are gone.
WHOLE_FLOATS = 2**53

UNREADABLE, TOO_LARGE = 3, 4
"""What the program ends with where it does not end well."""


def main(most_cells: int, most_characters: int, most_memory: int, most_seconds: int, every_sheet: int = 0) -> int:
    """Write every row that says something, with its number from 1; what it ends with.

    Of the first sheet as a text file would hold it; of every one if asked for, as people see it, each after a line
    with its name and whether it is visible.
    """
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    try:
        content = sys.stdin.buffer.read()
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        percents = Percents(content) if every_sheet else None
        for place, told in enumerate(workbook.sheets_metadata):
            if place and not every_sheet:
                break
            if told.typ is not SheetTypeEnum.WorkSheet:
                continue
            if every_sheet:
                sys.stdout.write(json.dumps([told.name, told.visible is SheetVisibleEnum.Visible]) + "\n")
            rows = _rows(workbook, place) if percents is None else _seen_rows(workbook, place, percents.of(told.name))
            for number, cells in enumerate(rows, start=1):
                most_cells -= len(cells)
                most_characters -= sum(map(len, cells))
                if most_cells < 0 or most_characters < 0:
                    return TOO_LARGE
                if any(cells):
                    sys.stdout.write(json.dumps([number, cells]) + "\n")
    except MemoryError:
        return TOO_LARGE
    except CalamineError:
        return UNREADABLE
    return 0


def _rows(workbook: CalamineWorkbook, place: int) -> Iterator[list[str]]:
    """The rows of a sheet, from its first line on."""
    sheet = workbook.get_sheet_by_index(place)
    if sheet.start is None:
        return
    _, left = sheet.start
    # It begins in the first line, but in the first column that says something.
    for row in sheet.iter_rows():
        yield [""] * left + [written(cell) for cell in row]


def _seen_rows(workbook: CalamineWorkbook, place: int, percents: Mapping[int, Collection[int]]) -> Iterator[list[str]]:
    """The same, as people see them."""
    sheet = workbook.get_sheet_by_index(place)
    if sheet.start is None:
        return
    _, left = sheet.start
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [seen(cell) for cell in row]
        for column in percents.get(number, ()):
            at = column - left
            if 0 <= at < len(row) and isinstance(share := row[at], float):
                cells[at] = _digits(share * 100) + "%"
        yield [""] * left + cells


def seen(cell: object) -> str:
    """A cell as whoever keeps the sheet sees it, whatever the width of its column: dates and times as such, numbers
    in digits, texts exactly.
    """
    match cell:
        case str():
            return cell
        case datetime() | time():
            # Not strftime, which writes years before 1000 with fewer digits.
            exact = "seconds" if cell.second else "minutes"
            return cell.isoformat(" ", exact) if isinstance(cell, datetime) else cell.isoformat(exact)
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case bool():
            return str(cell).upper()
        case float():
            return _digits(cell)
    return written(cell)


def _digits(number: float) -> str:
    """Never in E notation. Fifteen digits are what a workbook keeps of a number, of a long one with zeros behind."""
    if number.is_integer() and abs(number) < WHOLE_FLOATS:
        return str(int(number))
    return f"{Decimal(f'{number:.15g}'):f}"


def written(cell: object) -> str:
    """A cell as a text file would hold it; a number beyond a float's digits in E notation, which is refused later."""
    match cell:
        case datetime():
            # Not strftime, which writes years before 1000 with fewer digits.
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case bool() | str():
            return str(cell)
        case int():
            return str(cell)
        case float():
            if cell.is_integer():
                return str(int(cell)) if abs(cell) < WHOLE_FLOATS else f"{cell:E}"
            # Fifteen digits are what a workbook keeps of a number; the sixteenth is the rest of its binary form.
            return f"{cell:.15g}"
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
