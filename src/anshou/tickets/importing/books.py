"""From a file to rows of texts: every sheet of an .xlsx, or one table of a text with commas or tabs.

A workbook is opened by the program apart that reads bills (`billing.bills.workbooks`), which may take so much memory
and time and no more. Of a formula only its last value is read, never the formula.
"""

import asyncio
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from anshou.tickets.importing.errors import SheetRefused
from billing.bills import values
from billing.bills.files import sheets
from billing.bills.shapes import BillRefused
from billing.bills.workbooks import workbook_sheets
from tenants.refusals import N_, Message

# What one import takes. A larger ledger is split by year, so that it can be undone by year.
MOST_ROWS = 60_000
MOST_COLUMNS = 120
# Of one cell: descriptions hold a chat now and then.
LONGEST_CELL = 8_000

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SINCE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
# The part of a workbook that says since when it counts days; a real one has a few thousand bytes.
_MOST_OF_A_PART = 2**20

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: rows that say something, each with its number from 1 and its cells as texts."""

    name: str
    is_visible: bool
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets. `since_1904`: its day numbers count from 1904, as those of old Macs do."""

    pages: list[Page]
    since_1904: bool = False

    def page(self, name: str) -> Page | None:
        """The sheet of that name."""
        return next((one for one in self.pages if one.name == name), None)

    def packed(self) -> bytes:
        """As it is kept until it is imported."""
        told = [self.since_1904, [[one.name, one.is_visible, one.rows] for one in self.pages]]
        return zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 1)

    @classmethod
    def unpacked(cls, content: bytes) -> "Book":
        """What `packed` made."""
        since_1904, pages = json.loads(zlib.decompress(content))
        return cls(
            [Page(name, visible, [(line, cells) for line, cells in rows]) for name, visible, rows in pages], since_1904
        )


async def read_book(name: str, content: bytes) -> Book:
    """The file's sheets, read beside the loop. Raises SheetRefused."""
    return await asyncio.to_thread(_read, name, content)


def _read(name: str, content: bytes) -> Book:
    if not content.strip():
        raise _refused(N_("文件是空的"))
    if content.startswith(_OLD_WORKBOOK):
        raise _refused(N_("这是旧版 .xls 或有密码的工作簿，请另存为没有密码的 .xlsx 再上传"))
    try:
        book = _workbook(name, content) if content.startswith(_ZIP) else Book([_text(name, content)])
    except BillRefused as refused:
        fault = refused.faults[0]
        why = (
            Message(N_("第 %(line)s 行：%(why)s"), line=fault.line, why=fault.expected)
            if fault.line
            else fault.expected
        )
        raise SheetRefused(why) from None
    pages = [Page(one.name, one.is_visible, _trimmed(one.rows)) for one in book.pages]
    pages = [one for one in pages if one.rows]
    if not pages:
        raise _refused(N_("表格里没有内容"))
    for one in pages:
        if len(one.rows) > MOST_ROWS:
            raise SheetRefused(
                Message(N_("“%(sheet)s”超过 %(most)s 行，请拆分后分别导入"), sheet=one.name, most=MOST_ROWS)
            )
        if max(len(cells) for _, cells in one.rows) > MOST_COLUMNS:
            raise SheetRefused(
                Message(N_("“%(sheet)s”超过 %(most)s 列，请删除多余的列"), sheet=one.name, most=MOST_COLUMNS)
            )
        for line, cells in one.rows:
            if any(len(cell) > LONGEST_CELL or "\x00" in cell for cell in cells):
                raise SheetRefused(
                    Message(N_("“%(sheet)s”第 %(line)s 行有过长或不能保存的内容"), sheet=one.name, line=line)
                )
    return Book(pages, book.since_1904)


def _workbook(name: str, content: bytes) -> Book:
    found = workbook_sheets(name, content)
    return Book([Page(one.name, one.is_visible, one.rows) for one in found], _counts_from_1904(content))


def _counts_from_1904(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("xl/workbook.xml") as part:
            return _SINCE_1904.search(part.read(_MOST_OF_A_PART)) is not None
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, zlib.error, EOFError):
        # The sheets were read all the same: their days were counted by whoever read them.
        return False


def _text(name: str, content: bytes) -> Page:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(N_("这不是表格文件：须为 .xlsx 或 .csv"))
    # Split at commas and at tabs: the one with more cells in most rows was meant.
    found = list(sheets(name, content))
    best = max(found, key=lambda sheet: sum(len(cells) for _, cells in sheet.rows[:200]))
    return Page(name, True, [(line, list(cells)) for line, cells in best.rows])


def _trimmed(rows: Iterable[Row]) -> list[Row]:
    """Without rows that say nothing and cells behind the last that says something."""
    kept = []
    for line, cells in rows:
        last = len(cells)
        while last and not values.plain(cells[last - 1]):
            last -= 1
        if last:
            kept.append((line, [_legible(cell) for cell in cells[:last]]))
    return kept


def _legible(cell: str) -> str:
    """Without control characters, which nobody sees and texts of ours do not hold; what ends a line stays."""
    return cell if cell.isprintable() else _CONTROL.sub("", cell)


def _refused(why: str) -> SheetRefused:
    return SheetRefused(Message(why))
