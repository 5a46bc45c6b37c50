"""From a file's bytes to rows of texts with the numbers of their lines: archives, encodings, workbooks."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing.bills.shapes import BillRefused, Fault
from billing.bills.workbooks import MOST_CELLS, NUL, workbook_rows
from tenants.refusals import N_, Message

# What is unpacked of one archive at most, in bytes.
MOST_BYTES = 64 * 2**20
MOST_MEMBERS = 50
# Characters of one line: forty columns of the longest remarks are a tenth of it.
LONGEST_LINE = 2**18

# How archives of bills are packed: the others need memory that the archive itself names.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What an archive that was cut or tampered with makes of its reader: a wrong offset is a ValueError or OSError.
_BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
    zlib.error,
)

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table that a file holds, not yet understood."""

    file: str
    rows: tuple[tuple[int, Cells], ...]


def sheets(name: str, content: bytes) -> Iterator[Sheet]:
    """The tables of a file: of each member where it is an archive, of the first sheet where it is a workbook.

    A text gives two, split at commas and split at tabs, where it has tabs: ids that end in a tab say nothing about the
    separator. Raises BillRefused.
    """
    if not content.strip():
        raise BillRefused([Fault.at(name, 0, "", "", Message(N_("文件是空的")))])
    if content.startswith(b"PK\x03\x04"):
        if _is_workbook(name, content):
            yield _workbook(name, content)
        else:
            yield from _archive(name, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        yield _workbook(name, content)
    else:
        yield from _text(name, _decoded(name, content))


def _is_workbook(name: str, content: bytes) -> bool:
    with _opened(name, content) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _opened(name: str, content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN:
        raise BillRefused([Fault.at(name, 0, "", "", Message(N_("压缩文件已损坏，请重新下载")))]) from None


def _archive(name: str, content: bytes) -> Iterator[Sheet]:
    with _opened(name, content) as archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_BYTES:
            raise BillRefused([Fault.at(name, 0, "", "", Message(N_("压缩文件解开后过大，请拆分后导入")))])
        if not members:
            raise BillRefused([Fault.at(name, 0, "", "", Message(N_("压缩文件里没有文件")))])
        for member in members:
            inner = _member_name(member)
            if member.flag_bits & 0x1:
                raise BillRefused([Fault.at(inner, 0, "", "", Message(N_("压缩文件有密码，请先解开再导入")))])
            try:
                unpacked = archive.read(member) if member.compress_type in _PACKED else b""
            except _BROKEN:
                raise BillRefused([Fault.at(inner, 0, "", "", Message(N_("压缩文件已损坏，请重新下载")))]) from None
            if unpacked.startswith(b"PK\x03\x04") and not _is_workbook(inner, unpacked):
                raise BillRefused([Fault.at(inner, 0, "", "", Message(N_("压缩文件里还有压缩文件，请先解开再导入")))])
            yield from sheets(inner, unpacked)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Its name as it was meant: archives made on Chinese Windows say it in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise BillRefused([Fault.at(name, 0, "", "", Message(N_("这不是账单文件：须为 csv、txt、xls、xlsx 或 zip")))])
    else:
        encodings = ["utf-8-sig", "gb18030"]
    # The encoding that reads furthest is the one that was meant.
    furthest = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as wrong:
            furthest = max(furthest, wrong.start)
    line = content.count(b"\n", 0, furthest) + 1
    raise BillRefused([Fault.at(name, line, "", "", Message(N_("此处不是 UTF-8 或 GB18030 编码的文字")))])


def _text(name: str, text: str) -> Iterator[Sheet]:
    yield Sheet(name, tuple(_separated(name, text, ",")))
    if "\t" in text:
        yield Sheet(name, tuple(_separated(name, text, "\t")))


def _separated(name: str, text: str, separator: str) -> Iterator[tuple[int, Cells]]:
    rows = csv.reader(_lines(name, text), delimiter=separator)
    left = MOST_CELLS
    while True:
        begins = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            raise BillRefused([Fault.at(name, begins, "", "", Message(N_("这一行无法分列，请检查引号")))]) from None
        left -= len(cells)
        if left < 0:
            raise BillRefused([Fault.at(name, begins, "", "", Message(N_("表格过大，请拆分后导入")))])
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _lines(name: str, text: str) -> Iterator[str]:
    """Its lines, those of WeChat Pay quoted: there each field begins with a backtick and may hold commas."""
    for number, found in enumerate(_LINE.finditer(text), start=1):
        line = found[1]
        if "\x00" in line:
            raise BillRefused([Fault.at(name, number, "", "", NUL)])
        if len(line) > LONGEST_LINE:
            raise BillRefused([Fault.at(name, number, "", line, Message(N_("这一行过长，不是账单的一行")))])
        if line.startswith("`"):
            fields = line[1:].split(",`")
            yield ",".join('"' + field.replace('"', '""') + '"' for field in fields) + "\n"
        else:
            yield line + "\n"


# Ended by CRLF, LF, or the CR of old spreadsheets. The file is not copied line by line: it may be large.
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


def _workbook(name: str, content: bytes) -> Sheet:
    return Sheet(name, tuple(workbook_rows(name, content)))
