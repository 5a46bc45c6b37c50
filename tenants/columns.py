"""Many rows in one statement, as one text per column: for what is written in bulk through row-level security.

PostgreSQL takes no COPY into a table with policies, and the driver looks at every element of an array for what it may
be. A joined text costs neither; `string_to_array` takes it apart again.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.prepared import fetch

# Between values, and in the place of one that is absent: control characters that no text of ours holds.
_BETWEEN, _ABSENT = "\x1e", "\x1d"


def insertion(table: str, columns: Sequence[tuple[str, str]]) -> str:
    """The INSERT of a table for `write_columns`: names and types are our own, never anybody's input."""
    names = ", ".join(name for name, _ in columns)
    cast = ", ".join(f"r.{name}::{kind}" for name, kind in columns)
    # An empty text would be an array of nothing, so that each begins with an element that is not meant. Selected, for a
    # parameter would be taken apart a second time to plan with.
    given = ", ".join(
        f"(string_to_array((SELECT ${place}::text), E'\\x1e', E'\\x1d'))[2:]" for place in range(1, len(columns) + 1)
    )
    return f"INSERT INTO {table} ({names}) SELECT {cast} FROM unnest({given}) AS r({names})"  # noqa: S608


def joined(columns: Sequence[Sequence[str | None]]) -> list[str]:
    """Rows given column by column as the texts that an `insertion` takes. Pure, so that it can be done beside the loop.

    ValueError for a text that holds one of the two control characters.
    """
    texts = []
    for column in columns:
        text = _BETWEEN.join(["", *[_ABSENT if value is None else value for value in column]])
        if text.count(_BETWEEN) != len(column) or text.count(_ABSENT) != column.count(None):
            raise ValueError("a text holds a control character")
        texts.append(text)
    return texts


async def write_joined(session: AsyncSession, statement: str, texts: Sequence[str]) -> None:
    """Write rows that `joined` made ready. Raises as `fetch` does."""
    await fetch(session, statement, *texts)


async def write_columns(session: AsyncSession, statement: str, columns: Sequence[Sequence[str | None]]) -> None:
    """Write rows given column by column, every value as PostgreSQL reads it from text.

    Raises as `fetch` and `joined` do.
    """
    if columns and columns[0]:
        await write_joined(session, statement, joined(columns))
