"""Many rows in one statement, as one text per column: for what is written in bulk through row-level security.

PostgreSQL takes no COPY into a table with policies, and the driver looks at every element of an array for what it may
be. A joined text costs neither; `string_to_array` takes it apart again. A value that all the rows share is sent and
read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.prepared import fetch

# Between values, and in the place of one that is absent: control characters that no text of ours holds.
_BETWEEN, _ABSENT = "\x1e", "\x1d"

Cell = str | None
"""A value as PostgreSQL reads it from text."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows ready to be written: for each column either all values in one text or, if `alike`, the one they share."""

    texts: tuple[Cell, ...]
    alike: tuple[bool, ...]


class Insertion:
    """The INSERT of a table: names and types are our own, never anybody's input."""

    def __init__(self, table: str, columns: Sequence[tuple[str, str]]) -> None:
        """`columns` are names and types, in the order in which the rows are given."""
        self._table, self._columns = table, tuple(columns)
        self._statements: dict[tuple[bool, ...], str] = {}

    def statement(self, alike: tuple[bool, ...]) -> str:
        """The one for rows that share the values of the columns so marked; a few different ones come about."""
        found = self._statements.get(alike)
        if found is None:
            found = self._statements[alike] = self._written(alike)
        return found

    def _written(self, alike: tuple[bool, ...]) -> str:
        names = ", ".join(name for name, _ in self._columns)
        selected, differing, given = [], [], []
        for place, ((name, kind), shared) in enumerate(zip(self._columns, alike, strict=True), start=1):
            if shared:
                # Selected, so that it is read once and not for each row.
                selected.append(f"(SELECT ${place}::text::{kind})")
                continue
            selected.append(f"r.{name}::{kind}")
            differing.append(name)
            # An empty text would be an array of nothing, so that each begins with an element that is not meant.
            # Selected, for a parameter would be taken apart a second time to plan with.
            given.append(f"(string_to_array((SELECT ${place}::text), E'\\x1e', E'\\x1d'))[2:]")
        return (
            f"INSERT INTO {self._table} ({names}) SELECT {', '.join(selected)} "  # noqa: S608
            f"FROM unnest({', '.join(given)}) AS r({', '.join(differing)})"
        )


def joined(columns: Sequence[Sequence[Cell]]) -> Joined:
    """Rows given column by column, as an `Insertion` takes them. Pure, so that it can be done beside the loop.

    ValueError for a text that holds one of the two control characters.
    """
    alike = [len(column) > 1 and column.count(column[0]) == len(column) for column in columns]
    # One column says how many rows there are.
    alike[0] = False
    texts = [column[0] if shared else _in_one(column) for column, shared in zip(columns, alike, strict=True)]
    return Joined(tuple(texts), tuple(alike))


def _in_one(column: Sequence[Cell]) -> str:
    text = _BETWEEN.join(["", *[_ABSENT if value is None else value for value in column]])
    if text.count(_BETWEEN) != len(column) or text.count(_ABSENT) != column.count(None):
        raise ValueError("a text holds a control character")
    return text


async def write_joined(session: AsyncSession, insertion: Insertion, rows: Joined) -> None:
    """Write rows that `joined` made ready. Raises as `fetch` does."""
    await fetch(session, insertion.statement(rows.alike), *rows.texts)


async def write_columns(session: AsyncSession, insertion: Insertion, columns: Sequence[Sequence[Cell]]) -> None:
    """Write rows given column by column.

    Raises as `fetch` and `joined` do.
    """
    if columns and columns[0]:
        await write_joined(session, insertion, joined(columns))
