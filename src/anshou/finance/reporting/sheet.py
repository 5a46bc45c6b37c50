"""A report as a spreadsheet. Amounts are numbers in yuan with two places; whatever a text says stays text."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter

# What a worksheet's name may not hold, and how long it may be.
_BARRED, _LONGEST = str.maketrans(dict.fromkeys("[]:*?/\\'", " ")), 31


def write_report(
    title: str,
    facts: Sequence[tuple[str, str]],
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int | str | None]]],
) -> bytes:
    """The file: what the report is of over its table. A row is a name and amounts in fen, or texts; None is nothing."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        # The prefix keeps a text a text even after somebody has edited the cell.
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True})
        amount = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(title.translate(_BARRED)[:_LONGEST])
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, max(len(heads), 1), 18)
        for row, (label, value) in enumerate(facts):
            sheet.write_string(row, 0, label, head)
            sheet.write_string(row, 1, value, text)
        top = len(facts) + 1
        for column, label in enumerate(heads):
            sheet.write_string(top, column, label, head)
        for row, (name, amounts) in enumerate(rows, start=top + 1):
            sheet.write_string(row, 0, name, text)
            for column, fen in enumerate(amounts, start=1):
                if isinstance(fen, str):
                    sheet.write_string(row, column, fen, text)
                elif fen is not None:
                    sheet.write_number(row, column, Decimal(fen) / 100, amount)
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
    return made.getvalue()
