"""A report as a table: the same figures for the page, the plot and the spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from anshou.language import CHINESE, Language
from anshou.portal import formats

# A plot of more lines is no picture any more; what is left out of it stands in the table.
DRAWN = 12


@dataclass(frozen=True, slots=True)
class Head:
    """A column of amounts: its name, and the colour of its series where it is drawn."""

    label: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount in fen, None where there is none, and the address of what is behind it; or a text instead of both."""

    fen: int | None
    address: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A named line of amounts. `address` leads further into what it names."""

    name: str
    cells: Sequence[Cell]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `first` heads the names, `total` is the last line."""

    first: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    total: Row | None = None

    def for_sheet(self) -> tuple[list[str], list[tuple[str, list[int | str | None]]]]:
        """The heads and the rows as the spreadsheet takes them."""
        rows = [*self.rows, *([self.total] if self.total else [])]
        return (
            [self.first, *(head.label for head in self.heads)],
            [(row.name, [cell.text or cell.fen for cell in row.cells]) for row in rows],
        )


def ratio(part: int, whole: int) -> str:
    """`38.2 %`, or nothing where there is no whole to be a part of."""
    if whole <= 0:
        return ""
    tenths = round(Decimal(part) * 1000 / whole)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10} %"


def plot_of(table: Table, shape: str, language: Language, *, rest: Callable[[int], str]) -> str:
    """What the script draws, as JSON: a bar or column a row, its coloured amounts stacked, labelled with their sum.

    `shape` is `bars`, one under the other, or `columns`, side by side in their order. `rest` names the bar of the rows
    beyond the first, whose number it is told.
    """
    drawn = [(column, head) for column, head in enumerate(table.heads) if head.colour]
    rows = [(row.name, [row.cells[column].fen or 0 for column, _ in drawn]) for row in table.rows]
    if shape == "bars" and len(rows) > DRAWN:
        left = rows[DRAWN - 1 :]
        rows = [
            *rows[: DRAWN - 1],
            (rest(len(left)), [sum(fens) for fens in zip(*(of for _, of in left), strict=True)]),
        ]
    plot: dict[str, Any] = {
        "shape": shape,
        "names": [name for name, _ in rows],
        "sums": [formats.yuan(sum(fens)) for _, fens in rows],
        "short": [short(sum(fens), language) for _, fens in rows],
        "series": [
            {"name": head.label, "colour": head.colour, "fen": [fens[place] for _, fens in rows]}
            for place, (_, head) in enumerate(drawn)
        ],
    }
    # Within an element of the page: nothing in a name may end it.
    return msgspec.json.encode(plot).decode().replace("<", "\\u003c")


def short(fen: int, language: Language) -> str:
    """About how much, where there is little room: `7.4万` to who counts in ten thousands, `74.4k` to who does not."""
    for_each = ((10**10, "亿"), (10**6, "万")) if language.tag == CHINESE else ((10**8, "M"), (10**5, "k"))
    for unit, name in for_each:
        if abs(fen) >= unit:
            tenths = (abs(fen) * 10 + unit // 2) // unit
            return f"{'-' if fen < 0 else ''}{tenths // 10}.{tenths % 10}{name}"
    return f"{round(Decimal(fen) / 100)}"
