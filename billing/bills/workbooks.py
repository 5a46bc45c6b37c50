"""The rows of a workbook, read by a program apart that may take so much memory and time and no more."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from billing.bills.shapes import BillRefused, Fault
from billing.bills.workbook_child import UNREADABLE
from tenants.refusals import N_, Message

# A year of a busy shop is a tenth of it.
MOST_CELLS = 4_000_000
MOST_CHARACTERS = 64 * 2**20
# Of the program, Python itself included, in bytes; and of a processor, in seconds.
MOST_MEMORY = 2**30
MOST_SECONDS = 20


def workbook_rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every row of the first sheet that says something, with its number from 1. Raises BillRefused."""
    for number, cells in _told(name, content, every_sheet=False):
        if any("\x00" in cell for cell in cells):
            raise BillRefused([Fault.at(name, number, "", "", NUL)])
        yield number, cells


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet: every row that says something, with its number from 1."""

    name: str
    is_visible: bool
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def workbook_sheets(name: str, content: bytes) -> list[WorkbookSheet]:
    """Every sheet, hidden ones too. Raises BillRefused."""
    sheets: list[WorkbookSheet] = []
    for first, second in _told(name, content, every_sheet=True):
        if isinstance(first, str):
            sheets.append(WorkbookSheet(first, bool(second)))
        else:
            sheets[-1].rows.append((first, second))
    return sheets


def _told(name: str, content: bytes, *, every_sheet: bool) -> Iterator[tuple[Any, Any]]:
    """What the program apart says, line by line. Raises BillRefused."""
    bounds = [str(each) for each in (MOST_CELLS, MOST_CHARACTERS, MOST_MEMORY, MOST_SECONDS, int(every_sheet))]
    # Nothing of the environment goes along: what the file does to its reader, it does to a process without secrets.
    program = [sys.executable, "-I", "-m", "billing.bills.workbook_child", *bounds]
    try:
        done = subprocess.run(program, input=content, capture_output=True, env={}, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise BillRefused([Fault.at(name, 0, "", "", _TOO_LARGE)]) from None
    if done.returncode:
        # Also when the system ended it: out of memory or of time.
        expected = _UNREADABLE if done.returncode == UNREADABLE else _TOO_LARGE
        raise BillRefused([Fault.at(name, 0, "", "", expected)])
    for line in done.stdout.splitlines():
        first, second = json.loads(line)
        yield first, second


NUL = Message(N_("文字中有空字符（U+0000），请从来源重新下载"))
_UNREADABLE = Message(N_("工作簿无法打开：可能有密码或已损坏"))
_TOO_LARGE = Message(N_("工作簿展开后过大，请只保留账单本身的行与列，或拆分后导入"))
