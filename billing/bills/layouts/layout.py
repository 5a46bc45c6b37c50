"""What is known of a layout: its columns, which says what, its totals, and where it departs from the rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing.bills import values
from billing.bills.mapping import Mapping as ColumnMapping
from billing.bills.rows import Row
from billing.bills.shapes import BillLine, Control

Figures = Mapping[str, int]

_TOTALS = frozenset({"合计", "总计", "小计", "本页合计", "合计金额"})


def _as_read(_: Row, line: BillLine) -> BillLine:
    return line


def _a_note(cells: Sequence[str]) -> bool:
    return values.plain(cells[0]).startswith("#")


def _no_figures(_: Row, __: BillLine | None) -> Figures:
    return {}


def _nothing_stated(_: Iterable[Sequence[str]]) -> tuple[Control, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout of a bill.

    `columns` are those that every file of it has, in the form of `values.heading`; a file is of this layout when it has
    them all. `stated` reads the totals from the rows around the table, `weighed` says what one row adds to each.
    `beyond` tells a row that is no line, such as a total. `moved` reads the signed fen where the mapping cannot, None
    for a row that moved nothing; `adjusted` mends the rest. `balance` names the column of the running balance, which
    shows whether lines are missing.
    """

    code: str
    label: str
    columns: frozenset[str]
    mapping: ColumnMapping
    beyond: Callable[[Sequence[str]], bool] = _a_note
    moved: Callable[[Row], int | None] | None = None
    adjusted: Callable[[Row, BillLine], BillLine] = _as_read
    stated: Callable[[Iterable[Sequence[str]]], tuple[Control, ...]] = _nothing_stated
    weighed: Callable[[Row, BillLine | None], Figures] = _no_figures
    balance: str = ""


def columns(text: str) -> frozenset[str]:
    """A set of headings written in one line."""
    return frozenset(values.heading(each) for each in text.split(","))


def mapped(code: str, label: str, mapping: ColumnMapping, *, headings: frozenset[str] = frozenset()) -> Layout:
    """A layout that a tenant described; where all headings of its files are given, it is known by all of them."""
    columns = headings or mapping.columns()
    return Layout(code=code, label=label, columns=columns, mapping=mapping, beyond=_a_note_or_total)


def _a_note_or_total(cells: Sequence[str]) -> bool:
    """A total is no line; it stands in one of the first cells, in a row that is otherwise like any other."""
    return _a_note(cells) or any(values.heading(cell).rstrip(":") in _TOTALS for cell in cells[:3])
