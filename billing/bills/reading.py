"""Reading a bill: find its table, read every row, check its totals; all of it or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from billing.bills import lines, values
from billing.bills.files import Cells, Sheet, sheets
from billing.bills.layouts.known import KNOWN, layout_of
from billing.bills.layouts.layout import Layout
from billing.bills.rows import Faults, Row
from billing.bills.shapes import Bill, BillLine, BillRefused, Control, Fault, LayoutUnknown
from tenants.refusals import N_, Message

# Preambles are up to 24 lines; a header further down is none.
LATEST_HEADER = 60
# Part of a file beside the bill that repeats its totals.
_SUMMARY = "汇总"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that was recognised: its layout, and where its header stands among the rows of its sheet."""

    layout: Layout
    sheet: Sheet
    header: int


def read(name: str, content: bytes, mapped: Sequence[Layout] = ()) -> Bill:
    """The bill in a file. `mapped` are the tenant's own layouts, asked before those that are known.

    Raises BillRefused with every fault: an unknown layout, cells that do not say what they should, totals that differ.
    """
    found = list(_tables(name, content, (*mapped, *KNOWN)))
    if not found:
        unknown = Message(N_("没有认出这种账单：第一行须为列名；可以为它新建列对应关系"))
        raise LayoutUnknown([Fault.at(name, 0, "", "", unknown)])
    if len(found) > 1:
        several = Message(N_("文件中有 %(count)s 份账单，请逐份导入"), count=len(found))
        raise BillRefused([Fault.at(name, 0, "", "", several)])
    return _read(found[0])


@dataclass(frozen=True, slots=True)
class Sample:
    """The most likely header of a file of unknown layout: its line, its names, and rows under it as they stand."""

    line: int
    headings: tuple[str, ...] = ()
    rows: tuple[Cells, ...] = ()


def headings(name: str, content: bytes) -> tuple[int, tuple[str, ...]]:
    """The line and the names of the most likely header. Raises BillRefused."""
    found = sample(name, content)
    return found.line, found.headings


def sample(name: str, content: bytes, rows: int = 200) -> Sample:
    """What a mapping is made by: the likely header, and at most so many rows below it. Raises BillRefused.

    The header is the widest of the first rows whose cells are all filled, all different, and none of them a number.
    """
    best = Sample(0)
    for sheet in sheets(name, content):
        for place, (number, cells) in enumerate(sheet.rows[:LATEST_HEADER]):
            names = tuple(values.heading(cell) for cell in _trimmed(cells))
            wordy = names and all(each and not each.replace(".", "").replace("-", "").isdigit() for each in names)
            if wordy and len(set(names)) == len(names) > len(best.headings):
                below = sheet.rows[place + 1 : place + 1 + rows]
                best = Sample(number, names, tuple(tuple(map(values.plain, row)) for _, row in below))
    return best


def _tables(name: str, content: bytes, layouts: Sequence[Layout]) -> Iterator[_Table]:
    seen: set[str] = set()
    unknown: list[str] = []
    for sheet in sheets(name, content):
        header = next(
            (
                (place, layout)
                for place, (_, cells) in enumerate(sheet.rows[:LATEST_HEADER])
                if (layout := layout_of(cells, layouts))
            ),
            None,
        )
        if header is not None and sheet.file not in seen:
            seen.add(sheet.file)
            yield _Table(header[1], sheet, header[0])
        elif header is None:
            unknown.append(sheet.file)
    for left in dict.fromkeys(unknown):
        # Beside a bill its summary may lie; anything else would be left out without a word.
        if seen and left not in seen and _SUMMARY not in left:
            raise BillRefused([Fault.at(left, 0, "", "", Message(N_("没有认出压缩文件中的这一份，请移除后再导入")))])


def _read(table: _Table) -> Bill:
    layout, file = table.layout, table.sheet.file
    faults = Faults(file)
    columns = _columns(table, faults)
    keys, sums, read = lines.Keys(), Counter[str](), []
    left_out, balances = 0, []
    around: list[Cells] = [cells for _, cells in table.sheet.rows[: table.header]]
    for number, cells in table.sheet.rows[table.header + 1 :]:
        if layout.beyond(cells):
            around.append(cells)
            continue
        row = Row(number, [values.plain(cell) for cell in cells], columns, faults)
        if not row.complete():
            continue
        line = lines.line(row, layout.mapping, keys, layout.moved)
        line = layout.adjusted(row, line) if line is not None else None
        sums.update(layout.weighed(row, line))
        if line is None:
            left_out += 1
            continue
        read.append(line)
        if layout.balance and row.text(layout.balance):
            balances.append((line, row.read(layout.balance, values.fen, 0)))
    controls = _stated(table, around, faults)
    _compare(controls, sums, faults)
    if not read and not faults.found:
        faults.note(0, "", "", Message(N_("账单里没有任何明细")))
    if faults.found:
        raise BillRefused(faults.found)
    return Bill(layout.code, tuple(read), controls, left_out, _gaps(balances))


def _columns(table: _Table, faults: Faults) -> dict[str, int]:
    number, cells = table.sheet.rows[table.header]
    names = [values.heading(cell) for cell in _trimmed(cells)]
    for name, times in Counter(filter(None, names)).items():
        if times > 1 and name in table.layout.mapping.columns():
            faults.note(number, name, name, Message(N_("这一列出现了 %(times)s 次"), times=times))
    return {name: place for place, name in enumerate(names) if name}


def _trimmed(cells: Cells) -> Cells:
    """Without the empty cells behind the last heading: a comma at the end of every line makes one."""
    filled = [place for place, cell in enumerate(cells) if values.plain(cell)]
    return cells[: filled[-1] + 1] if filled else ()


def _stated(table: _Table, around: Sequence[Cells], faults: Faults) -> tuple[Control, ...]:
    try:
        return table.layout.stated(around)
    except ValueError:
        faults.note(0, "", "", Message(N_("账单末尾的合计无法读出，文件可能不完整")))
        return ()


def _compare(controls: Sequence[Control], sums: Counter[str], faults: Faults) -> None:
    for control in controls:
        made = sums[control.name]
        if made == control.value:
            continue
        said, is_now = (str(each) if control.counts else _yuan(each) for each in (control.value, made))
        expected = Message(N_("合计与明细不符：账单写明 %(said)s，明细相加为 %(made)s"), said=said, made=is_now)
        faults.note(0, control.name, said, expected)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def _gaps(balances: Sequence[tuple[BillLine, int]]) -> tuple[int, ...]:
    """The lines at which the running balance does not continue, whichever way the file runs: something is missing.

    A file that runs from new to old has on each line the balance of the next one plus its own amount.
    """
    ways = []
    for pairs in (balances, balances[::-1]):
        steps = pairwise(pairs)
        ways.append(tuple(line.number for (_, before), (line, after) in steps if before + line.fen != after))
    return min(ways, key=len)
