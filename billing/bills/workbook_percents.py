"""Which cells of a workbook are shown as percentages: the reader of workbooks tells of dates, not of these.

Used by the program apart that opens workbooks; where none of the styles is a percentage, no sheet is looked through.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree

# By the standard's own numbers (ECMA-376, 18.8.30), "0%" and "0.00%".
_STANDARD = {"9", "10"}
# What a format only says beside the number.
_SAID = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')
# A cell in one of the styles; most of a sheet's are passed over at once.
_CELL = rb'<(?:\w+:)?c\s(?=[^<>]*\bs="(?:%s)")([^<>]*)>'
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PIECE, _LONGEST_TAG = 2**20, 2**12


class Percents:
    """The cells of one workbook that are shown as percentages, sheet by sheet."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._styles: set[bytes] = set()
        self._sheets: dict[str, str] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self._styles = set(_percent_styles(archive))
                self._sheets = dict(_sheets(archive)) if self._styles else {}
        except _UNKNOWN:
            # Somebody else reads the sheets; without this their numbers stay numbers.
            pass

    def of(self, sheet: str) -> dict[int, set[int]]:
        """Those of the sheet of that name: their columns, from 0, by their row, from 1."""
        found: dict[int, set[int]] = {}
        if sheet not in self._sheets:
            return found
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive, archive.open(self._sheets[sheet]) as part:
                for letters, row in self._places(iter(lambda: part.read(_PIECE), b"")):
                    found.setdefault(int(row), set()).add(_column(letters))
        except _UNKNOWN:
            return {}
        return found

    def _places(self, pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
        in_style = re.compile(_CELL % b"|".join(sorted(self._styles)))
        left = b""
        for piece in pieces:
            text = left + piece
            for cell in in_style.finditer(text):
                if place := _PLACE.search(cell[1]):
                    yield place[1], place[2]
            # A tag may go on in the next piece.
            left = text[text.rfind(b"<") :] if b"<" in text[-_LONGEST_TAG:] else b""


_UNKNOWN = (
    *(zipfile.BadZipFile, ElementTree.ParseError, zlib.error, EOFError),
    *(KeyError, ValueError, OSError, RuntimeError, NotImplementedError),
)


def _percent_styles(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The numbers of the styles, as cells name them."""
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314  The process has bounds of its own.
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind(".//{*}numFmts/{*}numFmt")}
    percents = {number for number, code in codes.items() if "%" in _SAID.sub("", code)} | (_STANDARD - codes.keys())
    for place, one in enumerate(styles.iterfind("./{*}cellXfs/{*}xf")):
        if one.get("numFmtId") in percents:
            yield str(place).encode()


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The part of each sheet, by the sheet's name."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    parts = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in book.iterfind(".//{*}sheets/{*}sheet"):
        target = parts.get(one.get(_RELATION), "")
        yield one.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
