"""One row of a bill under its header, read by column names; what it does not say rightly is noted with its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from billing.bills import values
from billing.bills.shapes import Fault
from tenants.refusals import N_, Message

Value = TypeVar("Value")


@dataclass(slots=True)
class Faults:
    """What was found wrong in a file. Only the first hundred are kept: who sees them looks at the source again."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def note(self, line: int, column: str, value: str, expected: Message) -> None:
        """Note one."""
        if len(self.found) < 100:
            self.found.append(Fault.at(self.file, line, column, value, expected))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `cells` as `values.plain` has them, `columns` maps each heading to its place."""

    number: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    faults: Faults

    def cell(self, column: str) -> str:
        """What stands there, without blanks around; nothing where the file has no such column."""
        place = self.columns.get(column)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def text(self, column: str) -> str:
        """The same, dashes being nothing."""
        return values.something(self.cell(column))

    def read(self, column: str, reading: Callable[[str], Value], instead: Value) -> Value:
        """The cell as `reading` has it; a cell that it cannot read is noted, and `instead` taken to go on."""
        try:
            return reading(self.cell(column))
        except values.Unreadable as wrong:
            self.fault(column, wrong.expected)
            return instead

    def fen(self, column: str) -> int:
        """An amount in fen; an empty cell is noted as a fault."""
        return self.read(column, values.fen, 0)

    def fault(self, column: str, expected: Message) -> None:
        """Note that the cell does not say what it should."""
        self.faults.note(self.number, column, self.cell(column), expected)

    def complete(self) -> bool:
        """Whether it has a cell for each column; notes where it does not. Empty cells behind the last are allowed."""
        width = len(self.columns)
        if len(self.cells) < width or any(self.cells[max(self.columns.values()) + 1 :]):
            expected = Message(N_("应有 %(columns)s 列，实有 %(cells)s 列"), columns=width, cells=len(self.cells))
            self.faults.note(self.number, "", ",".join(self.cells), expected)
            return False
        return True
