"""A statement as a spreadsheet. Amounts are numbers in yuan with two places; whatever a text says stays text."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import private_among
from anshou.finance.reading_statements import Shown, TicketOfLine, lines_of, tickets_of
from anshou.merchants.merchants import visible_merchant
from billing.statements.rows import Statement, StatementLine
from tenants.refusals import N_

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("行", "记账日期", "类别", "发生日期", "说明", "工单", "工单类型", "合同条款", "金额", "状态")
_WIDTHS = (6, 12, 18, 12, 60, 18, 16, 12, 16, 18)

UNANSWERED = "待确认"

DISCREET = N_("售后费用")
"""What a cost is called on paper where naming its kind could tell what a consumer bought (domain.md 7.3)."""


async def sheet_of(session: AsyncSession, statement: Statement) -> bytes:
    """The file of a statement that the person reads, whole."""
    lines = await lines_of(session, statement, limit=statement.line_count)
    about = {shown.line.ticket_id for shown in lines}
    merchant = await visible_merchant(session, statement.merchant_id)
    return write_statement(
        statement,
        merchant.company or merchant.name,
        lines,
        tickets=await tickets_of(session, statement.merchant_id, about),
        discreet=await private_among(session, statement.merchant_id, about),
    )


def write_statement(
    statement: Statement,
    merchant: str,
    lines: Sequence[Shown],
    tickets: Mapping[UUID, TicketOfLine],
    discreet: Collection[UUID],
) -> bytes:
    """The file: the figures over the lines. Costs of the tickets in `discreet` are not named by their kind. Pure."""
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
        said = shown.word.word.label if shown.word else UNANSWERED
        ticket = tickets.get(line.ticket_id) if line.ticket_id else None
        texts = (
            f"{line.booked_on}",
            named(line, discreet),
            f"{line.incurred_on or ''}",
            line.text,
            ticket.number if ticket else "",
            ticket.kind.label if ticket else "",
            line.clause or "",
        )
        sheet.write_number(row, 0, line.place)
        sheet.write_number(row, 8, _yuan(line.fen), amount)
        for column, value in (*enumerate(texts, start=1), (9, said)):
            sheet.write_string(row, column, value, text)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    book.close()
    return made.getvalue()


def named(line: StatementLine, discreet: Collection[UUID]) -> str:
    """What the line is about in a word, in Chinese: the kind of its cost, or what sort of line it is."""
    if line.category is None:
        return line.sort.label
    return DISCREET if line.ticket_id in discreet else line.category.label


def _yuan(fen: int) -> Decimal:
    """Exact to the fen up to 15 digits, which is what a spreadsheet keeps of a number."""
    return Decimal(fen) / 100
