"""What is true of a file's columns as a whole: which values they hold, how their dates are written. Pure."""

import re
from collections.abc import Callable, Sequence

from anshou.tickets.importing.dates import Habits
from anshou.tickets.importing.fields import CHOSEN, DATES, Field
from anshou.tickets.importing.lines import Choices
from anshou.tickets.importing.wording import key_of
from billing.bills import values

_SUBTOTAL = re.compile(r"小计|合计|总计|共计|subtotal|total", re.IGNORECASE)
# A row of sums says little more.
_MOST_OF_A_SUBTOTAL = 4


def values_of(
    rows: Sequence[tuple[int, list[str]]], choices: Choices, *, most: int = 200
) -> dict[Field, dict[str, int]]:
    """Of each field whose values a person chooses: the different values, how often each, the commonest first.

    An empty one is named where it needs a choice: in a column with empty cells, or where no column says it.
    """
    found: dict[Field, dict[str, int]] = {}
    telling = [cells for _, cells in rows if not is_subtotal(cells)]
    for one in CHOSEN:
        place = choices.place_of(one)
        counted: dict[str, int] = {}
        if place is None:
            if one in (Field.MERCHANT, Field.KIND, Field.STATE, Field.CHANNEL, Field.URGENCY):
                found[one] = {"": len(rows)}
            continue
        raw: dict[str, int] = {}
        for cells in telling:
            cell = cells[place] if place < len(cells) else ""
            raw[cell] = raw.get(cell, 0) + 1
        for cell, times in raw.items():
            key = key_of(cell)
            if key or (one in (Field.STATE, Field.CHANNEL, Field.URGENCY)):
                counted[key] = counted.get(key, 0) + times
        found[one] = dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most])
    return found


def is_subtotal(cells: Sequence[str]) -> bool:
    """Whether a row only adds others up."""
    if len(cells) - cells.count("") > _MOST_OF_A_SUBTOTAL and not any(map(str.isspace, cells)):
        # Nearly every row: more is filled than sums need.
        return False
    filled = [text for cell in cells if (text := values.plain(cell))]
    return len(filled) <= _MOST_OF_A_SUBTOTAL and any(_SUBTOTAL.search(text) for text in filled[:2])


def habits_of(
    rows: Sequence[tuple[int, list[str]]],
    choices: Choices,
    *,
    years: tuple[int, ...],
    since_1904: bool,
    off: Callable[[Sequence[str]], object],
) -> dict[Field, Habits]:
    """What is true of each column of dates."""
    found = {}
    for one in DATES:
        place = choices.place_of(one)
        if place is not None:
            cells = [cells[place] for _, cells in rows if place < len(cells)]
            found[one] = Habits(years, since_1904, off(cells))  # type: ignore[arg-type]
    return found
