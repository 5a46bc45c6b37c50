"""The trial balance (科目余额表) as accountants read it: a tree of accounts per currency, and the same as a file.

A summary account shows the net of what lies below it, on the side where that stands; the totals add up the accounts of
the first level, so both sides agree whenever the books do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import xlsxwriter

from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import TrialLine

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("科目编码", "科目名称", "期初借方", "期初贷方", "本期借方", "本期贷方", "期末借方", "期末贷方")
_WIDTHS = (14, 30, 16, 16, 16, 16, 16, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """An account in the table, `level` 1 at the top. In fen; `opening` and `closing` are debit less credit."""

    code: str
    name: str
    level: int
    is_leaf: bool
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Debit less credit at the month's end."""
        return self.opening + self.debit - self.credit

    @property
    def figures(self) -> tuple[int, int, int, int, int, int]:
        """The six columns: opening, movement and closing, debit and credit each."""
        opening, closing = self.opening, self.closing
        return max(opening, 0), max(-opening, 0), self.debit, self.credit, max(closing, 0), max(-closing, 0)


@dataclass(frozen=True, slots=True)
class TrialSection:
    """The accounts of one currency, in order of their codes."""

    currency: str
    rows: tuple[TrialRow, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """The six columns summed up over the first level."""
        return tuple(sum(column) for column in zip(*(row.figures for row in self.rows if row.level == 1), strict=True))

    @property
    def agrees(self) -> bool:
        """Whether debit and credit are the same at the beginning, in between and at the end."""
        totals = self.totals
        return totals[0::2] == totals[1::2]


def sections(accounts: Sequence[LedgerAccount], lines: Iterable[TrialLine]) -> tuple[TrialSection, ...]:
    """The table: every account that moved with those above it, yuan first, then the other currencies."""
    known = {account.id: account for account in accounts}
    found: dict[str, dict[UUID, TrialRow]] = {}
    for line in lines:
        rows = found.setdefault(line.currency, {})
        above = _path(known, line.account_id)
        for level, account in enumerate(above, start=1):
            row = rows.get(account.id) or _row(account, level)
            rows[account.id] = replace(
                row, opening=row.opening + line.opening, debit=row.debit + line.debit, credit=row.credit + line.credit
            )
    ordered = sorted(found.items(), key=lambda one: (one[0] != "CNY", one[0]))
    return tuple(
        TrialSection(currency, tuple(sorted(rows.values(), key=lambda row: row.code))) for currency, rows in ordered
    )


def write_trial_balance(month: date, found: Sequence[TrialSection]) -> bytes:
    """The file: a sheet per currency, amounts in the currency's whole with two places; texts stay texts."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, options)
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True})
    amount = book.add_format({"num_format": "#,##0.00;-#,##0.00;"})
    total = book.add_format({"num_format": "#,##0.00", "bold": True, "top": 1})
    for section in found or (TrialSection("CNY", ()),):
        sheet = book.add_worksheet(section.currency)
        for column, (label, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, label, head)
        sheet.write_string(0, 0, f"科目余额表 {month:%Y-%m} {section.currency}", head)
        for place, row in enumerate(section.rows, start=2):
            sheet.write_string(place, 0, row.code, text)
            sheet.write_string(place, 1, "  " * (row.level - 1) + row.name, text)
            for column, fen in enumerate(row.figures, start=2):
                sheet.write_number(place, column, Decimal(fen) / 100, amount)
        sheet.write_string(len(section.rows) + 2, 1, "合计", head)
        for column, fen in enumerate(section.totals, start=2):
            sheet.write_number(len(section.rows) + 2, column, Decimal(fen) / 100, total)
        sheet.freeze_panes(2, 2)
        sheet.repeat_rows(1)
        sheet.set_landscape()
    book.close()
    return made.getvalue()


def _row(account: LedgerAccount, level: int) -> TrialRow:
    return TrialRow(
        code=account.code, name=account.name, level=level, is_leaf=account.is_leaf, opening=0, debit=0, credit=0
    )


def _path(known: dict[UUID, LedgerAccount], account_id: UUID) -> list[LedgerAccount]:
    """The account with those above it, the topmost first."""
    path = [known[account_id]]
    while (parent := path[0].parent_id) is not None:
        path.insert(0, known[parent])
    return path
