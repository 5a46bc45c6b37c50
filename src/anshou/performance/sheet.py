"""Measures as a spreadsheet: numbers are numbers, whatever a text says stays text."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

import xlsxwriter

# What a worksheet's name may not hold, and how long it may be.
_BARRED, _LONGEST = str.maketrans(dict.fromkeys("[]:*?/\\'", " ")), 31

# How a spreadsheet shows each form of value.
_FORMS = {"percent": "0.0%", "yuan": "#,##0.00", "each": "0.00", "count": "#,##0", "minutes": "#,##0"}

Value = tuple[Decimal | int | None, str]
"""A number and its form; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Page:
    """One worksheet: what it is of over its table. A row is a name, then numbers or texts."""

    title: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Value | str]]]


def write(pages: Sequence[Page]) -> bytes:
    """The file."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        # The prefix keeps a text a text even after somebody has edited the cell.
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True, "text_wrap": True})
        forms = {form: book.add_format({"num_format": shown}) for form, shown in _FORMS.items()}
        for page in pages:
            sheet = book.add_worksheet(page.title.translate(_BARRED)[:_LONGEST])
            sheet.set_column(0, 0, 28)
            sheet.set_column(1, max(len(page.heads), 1), 14)
            for row, (label, fact) in enumerate(page.facts):
                sheet.write_string(row, 0, label, head)
                sheet.write_string(row, 1, fact, text)
            top = len(page.facts) + 1
            for column, label in enumerate(page.heads):
                sheet.write_string(top, column, label, head)
            for row, (name, values) in enumerate(page.rows, start=top + 1):
                sheet.write_string(row, 0, name, text)
                for column, value in enumerate(values, start=1):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value, text)
                    elif value[0] is not None:
                        sheet.write_number(row, column, value[0], forms[value[1]])
            sheet.freeze_panes(top + 1, 1)
            sheet.set_landscape()
    return made.getvalue()
