"""A statement as a spreadsheet. Amounts are numbers in yuan with two places; whatever a text says stays text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import xlsxwriter

from anshou.finance.reading_statements import Shown
from billing.statements.rows import Statement

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("行", "记账日期", "类别", "摘要", "工单", "合同条款", "金额", "状态")
_WIDTHS = (6, 12, 10, 40, 18, 12, 16, 18)


def write_statement(
    statement: Statement, merchant: str, lines: Sequence[Shown], tickets: Mapping[UUID, str], *, unanswered: str
) -> bytes:
    """The file: the figures over the lines. `unanswered` is the state of a line of which nothing was said."""
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True})
    amount = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet(statement.number)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    facts = [("对账单", statement.number), ("商家", merchant), ("月份", f"{statement.month:%Y-%m}")]
    facts.append(("币种", statement.currency))
    for row, (label, value) in enumerate(facts):
        sheet.write_string(row, 0, label, head)
        sheet.write_string(row, 1, value, text)
    figures = [("期初余额", statement.opening_fen), ("期末应付", statement.closing_fen)]
    for row, (label, fen) in enumerate(figures, start=len(facts)):
        sheet.write_string(row, 0, label, head)
        sheet.write_number(row, 1, _yuan(fen), amount)
    top = len(facts) + len(figures) + 1
    for column, label in enumerate(COLUMNS):
        sheet.write_string(top, column, label, head)
    for row, shown in enumerate(lines, start=top + 1):
        line = shown.line
        said = shown.word.word.label if shown.word else unanswered
        ticket = tickets.get(line.ticket_id, "") if line.ticket_id else ""
        texts = {1: f"{line.booked_on}", 2: line.sort.label, 3: line.text, 4: ticket, 5: line.clause or "", 7: said}
        sheet.write_number(row, 0, line.place)
        sheet.write_number(row, 6, _yuan(line.fen), amount)
        for column, value in texts.items():
            sheet.write_string(row, column, value, text)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    book.close()
    return made.getvalue()


def _yuan(fen: int) -> Decimal:
    """Exact to the fen up to 15 digits, which is what a spreadsheet keeps of a number."""
    return Decimal(fen) / 100
