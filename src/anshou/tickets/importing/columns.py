"""Which column says what: suggested by its heading, else by the shape of its cells. Pure; a person confirms it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anshou.tickets.importing.amounts import read_amount
from anshou.tickets.importing.books import Page
from anshou.tickets.importing.dates import Habits, read_moment
from anshou.tickets.importing.fields import NEEDED, Field, named
from anshou.tickets.importing.headers import bare
from anshou.tickets.importing.wording import Known, suggest
from billing.bills import values
from tenants.labels import Labelled
from tenants.refusals import N_

# Rows looked at, and samples shown beside a column.
_LOOKED_AT, SAMPLED = 200, 3
# In what share of its cells a shape must be seen.
_MOSTLY = 0.6

_SEQUENCE = re.compile(r"[A-Za-z]{0,4}[-_]?\d{1,10}", re.ASCII)


class Because(Labelled):
    """Why a column was suggested to be what it is."""

    NAME = "name", N_("按列名")
    CELLS = "cells", N_("按内容")
    MEMORY = "memory", N_("同样列名的文件上次如此")
    NOTHING = "nothing", N_("没有认出")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file with a suggestion; `place` counts from 0."""

    place: int
    heading: str
    field: Field
    because: Because
    samples: tuple[str, ...]


def below(page: Page, line: int) -> list[tuple[int, list[str]]]:
    """The rows under the header."""
    return [row for row in page.rows if row[0] > line]


def cells_of(rows: Sequence[tuple[int, list[str]]], place: int) -> list[str]:
    """What stands in one column of these rows."""
    return [cells[place] if place < len(cells) else "" for _, cells in rows]


def suggest_columns(
    headings: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    known: Known,
    remembered: Mapping[int, Field] | None = None,
) -> list[Column]:
    """Each column with what it most likely says; no field twice."""
    looked_at = rows[:_LOOKED_AT]
    taken: dict[Field, int] = {}
    found: dict[int, tuple[Field, Because]] = {}
    for place, heading in enumerate(headings):
        field = remembered.get(place) if remembered is not None else named(bare(heading))
        if field is not None and field is not Field.NONE and field not in taken:
            taken[field] = place
            found[place] = field, Because.MEMORY if remembered is not None else Because.NAME
    if remembered is None:
        for place in range(len(headings)):
            if place in found:
                continue
            guess = _by_cells([cell for cell in cells_of(looked_at, place) if values.something(cell)], known)
            if guess is not None and guess not in taken:
                taken[guess] = place
                found[place] = guess, Because.CELLS
    columns = []
    for place, heading in enumerate(headings):
        field, because = found.get(place, (Field.NONE, Because.NOTHING))
        samples = dict.fromkeys(text for cell in cells_of(looked_at, place) if (text := values.something(cell)))
        columns.append(Column(place, heading, field, because, tuple(samples)[:SAMPLED]))
    return columns


def missing_of(chosen: Sequence[Field]) -> list[Field]:
    """The fields that every ticket needs and no column says. An empty cell may mean something, so some may be none."""
    return [field for field in (Field.REGISTERED, Field.DESCRIPTION) if field not in chosen and field in NEEDED]


def _by_cells(cells: Sequence[str], known: Known) -> Field | None:
    if len(cells) < 2:
        return None
    for field in (Field.MERCHANT, Field.SHOP, Field.KIND, Field.STATE, Field.CHANNEL, Field.DEPARTMENT, Field.OWNER):
        if _share(cells, lambda cell, field=field: suggest(field, cell, known) is not None) >= _MOSTLY:
            return field
    if _share(cells, lambda cell: read_moment(cell, Habits(years=(2000,))) is not None) >= _MOSTLY:
        return Field.REGISTERED
    if _share(cells, lambda cell: "." in cell and read_amount(cell) is not None) >= _MOSTLY:
        return Field.AMOUNT
    if len(set(cells)) == len(cells) and _share(cells, lambda cell: _SEQUENCE.fullmatch(cell) is not None) >= _MOSTLY:
        return Field.NUMBER
    if sum(map(len, cells)) / len(cells) >= 10:
        return Field.DESCRIPTION
    return None


def _share(cells: Sequence[str], fits) -> float:  # type: ignore[no-untyped-def]
    return sum(1 for cell in cells if fits(cell)) / len(cells)
