"""A package as its merchant reads it."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl


class Taken:
    """A package that was taken back, checked to be whole."""

    def __init__(self, content: bytes) -> None:
        self.zip = ZipFile(BytesIO(content))
        assert self.zip.testzip() is None

    @property
    def names(self) -> list[str]:
        """The files in it."""
        return self.zip.namelist()

    @property
    def listed(self) -> dict[str, Any]:
        """What its own list says."""
        listed: dict[str, Any] = json.loads(self.zip.read("list.json"))
        return listed

    def records(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, from all of its parts."""
        parts = [name for name in self.names if name.endswith(f"-{table}.json")]
        return [record for name in parts for record in json.loads(self.zip.read(name))["tables"][0]["records"]]

    def cells(self, table: str) -> list[openpyxl.cell.cell.Cell]:
        """Every cell of a table's workbooks."""
        parts = [name for name in self.names if name.endswith(f"-{table}.xlsx")]
        books = [openpyxl.load_workbook(BytesIO(self.zip.read(name))) for name in parts]
        return [cell for book in books for row in book.active.iter_rows() for cell in row]

    @property
    def text(self) -> str:
        """Every table's JSON, as one text."""
        return "\n".join(self.zip.read(name).decode() for name in self.names if name.endswith(".json"))
