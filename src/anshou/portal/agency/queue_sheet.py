"""A queue as a spreadsheet: real dates and numbers, whatever a text says stays text, and memory for one row at a time.

A text that begins like a formula would otherwise be carried out by its reader's spreadsheet, with the reader's rights.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from anshou.portal.agency.queue_columns import Column

# What a spreadsheet keeps of one cell.
LONGEST_CELL = 32_767

Cell = str | int | datetime | None
"""A text, a number, an instant as its wall clock shows it, or nothing."""


class QueueSheet:
    """A file that is being written, row by row; `end` completes it. Blocks: use it outside the event loop."""

    def __init__(self, file: IO[bytes], title: str, columns: Sequence[Column], headings: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(
            file,
            {
                # Rows leave memory as they are written.
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # The prefix keeps a text a text even after somebody has edited the cell.
        self._text = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._number = self._book.add_format({"num_format": "0"})
        head = self._book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True})
        self._sheet: Any = self._book.add_worksheet(title)
        for place, (column, heading) in enumerate(zip(columns, headings, strict=True)):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, heading, head)
        self._sheet.freeze_panes(1, 1)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self.rows = 0

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        for row in rows:
            self.rows += 1
            for place, value in enumerate(row):
                if isinstance(value, str):
                    self._sheet.write_string(self.rows, place, value[:LONGEST_CELL], self._text)
                elif isinstance(value, datetime):
                    self._sheet.write_datetime(self.rows, place, value, self._instant)
                elif value is not None:
                    self._sheet.write_number(self.rows, place, value, self._number)

    def end(self) -> None:
        """Complete the file."""
        self._book.close()
