"""What is handed out, written as a file: a table for people, or JSON for programs. Pure: values in, bytes out.

Whatever a cell says stays text. A text that begins like a formula would otherwise be carried out by the recipient's
spreadsheet, with the recipient's rights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
import xlsxwriter

from anshou.privacy.disclosures.kinds import Format

MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}

WITHHELD = "（未取得单独同意，未提供）"

# What a spreadsheet keeps of one cell.
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: `columns` are names with labels; `rows` are ticket number, id and text by column.

    A column that a row has no entry for was withheld; None says that nothing was recorded.
    """

    table: str
    label: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, UUID, Mapping[str, str | None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands over everything: for whom, for what, under which consent, by whom and when (UTC)."""

    recipient: str
    purpose: str
    consent: str
    exported_by: str
    exported_at: datetime

    @property
    def sentence(self) -> str:
        """The watermark, as people read it."""
        return (
            f"仅供 {self.recipient} 用于：{self.purpose}。依据书面同意 {self.consent}，"
            f"由 {self.exported_by} 于 {self.exported_at:%Y-%m-%d %H:%M} UTC 导出；不得转交第三方或用于其他目的。"
        )


def write(kind: Format, mark: Mark, sheets: Sequence[Sheet]) -> bytes:
    """The file. The same values give the same text; an xlsx also holds the instant at which it was made."""
    return _workbook(mark, sheets) if kind is Format.XLSX else _json(mark, sheets)


def _json(mark: Mark, sheets: Sequence[Sheet]) -> bytes:
    file: dict[str, Any] = {
        "notice": mark.sentence,
        "consent": mark.consent,
        "recipient": mark.recipient,
        "purpose": mark.purpose,
        "exported_at": mark.exported_at,
        "tables": [
            {
                "table": sheet.table,
                "label": sheet.label,
                "records": [
                    {"ticket": ticket, "id": row_id, **_known(sheet, values)} for ticket, row_id, values in sheet.rows
                ],
                "withheld": {
                    str(row_id): lacking
                    for _, row_id, values in sheet.rows
                    if (lacking := [name for name, _ in sheet.columns if name not in values])
                },
            }
            for sheet in sheets
        ],
    }
    return msgspec.json.format(msgspec.json.encode(file), indent=2)


def _known(sheet: Sheet, values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: values[name] for name, _ in sheet.columns if name in values}


def _workbook(mark: Mark, sheets: Sequence[Sheet]) -> bytes:
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": mark.consent, "comments": mark.sentence, "created": mark.exported_at})
    # The prefix keeps a text a text even after somebody has edited the cell.
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#eef2f7", "quote_prefix": True})
    banner = book.add_format({"bold": True, "font_color": "#b42318", "text_wrap": True, "quote_prefix": True})
    for place, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet(f"{mark.consent}-{place}")
        width = len(sheet.columns) + 1
        page.write_string(0, 0, mark.sentence, banner)
        page.set_row(0, 48)
        page.set_column(0, 0, 60 if width == 1 else 18)
        if width > 1:
            page.merge_range(0, 0, 0, width - 1, "", banner)
            page.write_string(0, 0, mark.sentence, banner)
            page.set_column(1, width - 1, 24)
        for column, label in enumerate(("工单", *(label for _, label in sheet.columns))):
            page.write_string(1, column, label, head)
        for line, (ticket, _, values) in enumerate(sheet.rows, start=2):
            page.write_string(line, 0, ticket, text)
            for column, (name, _) in enumerate(sheet.columns, start=1):
                page.write_string(line, column, _cell(values, name), text)
        page.freeze_panes(2, 1)
        # The sentence stands on every printed page too.
        page.repeat_rows(0, 1)
        page.set_landscape()
        page.set_footer(f"&C{mark.consent}")
    book.close()
    return made.getvalue()


def _cell(values: Mapping[str, str | None], name: str) -> str:
    if name not in values:
        return WITHHELD
    return (values[name] or "")[:LONGEST_CELL]
