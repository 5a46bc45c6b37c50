"""Compare and swap of many rows' sealed cells in one statement.

One statement, because the policies of a table cost their context check once per statement: a thousand updates would pay
it a thousand times. The values travel as hexadecimal in one text per column; for arrays the driver would look types up
with a function that no tenant's login may call.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.sealing.wire import TEXT

_COMPARED = slice(TEXT)


async def swap_cells(
    session: AsyncSession, table: Table, held: Mapping[str, Sequence[Any]], new: Mapping[str, Sequence[bytes | None]]
) -> set[UUID]:
    """Put new ciphertexts, by column and in the order of the rows, where the rows' old ones still stand.

    `held` are the columns of the rows as they were read. Compares seal version, header and nonce: a nonce is drawn for
    each sealing, so no other one has it. Returns the ids of the rows that were changed.
    """
    given = {"ids": _joined([row.bytes for row in held["id"]]), "versions": ",".join(map(str, held["seal_version"]))}
    for number, (column, ciphertexts) in enumerate(new.items()):
        given[f"new{number}"] = _joined(ciphertexts)
        given[f"old{number}"] = _joined([None if old is None else old[_COMPARED] for old in held[column]])
    statement = text(_statement(table, list(new))).bindparams(*(bindparam(name, type_=Text()) for name in given))
    return set((await session.scalars(statement.columns(id=Uuid()), given)).all())


def _joined(words: Sequence[bytes | None]) -> str:
    """The words in hexadecimal with commas between them; NULL is an empty word."""
    lengths = {0 if word is None else len(word) for word in words}
    if len(lengths) == 1 and 0 not in lengths:
        # As nearly all columns are, by their padding: one call sets the commas for all.
        return b"".join(words).hex(",", lengths.pop())  # type: ignore[arg-type]
    return ",".join(["" if word is None else word.hex() for word in words])


def _statement(table: Table, columns: Sequence[str]) -> str:
    # Names of the models' own tables and columns; the values are bound.
    numbers = range(len(columns))
    moved = ", ".join(f'"{column}" = given.new{number}' for number, column in enumerate(columns))
    same = " AND ".join(
        f'substring(t."{column}" FOR {TEXT}) IS NOT DISTINCT FROM given.old{number}'
        for number, column in enumerate(columns)
    )
    cells = ", ".join(f"{_unpacked(f'new{number}')}, {_unpacked(f'old{number}')}" for number in numbers)
    return f"""
        UPDATE "{table.name}" AS t SET {moved} FROM (
            SELECT unnest(string_to_array(:ids, ','))::uuid AS id,
                unnest(string_to_array(:versions, ','))::integer AS seal_version, {cells}
        ) AS given
        WHERE t.id = given.id AND t.seal_version = given.seal_version AND {same} RETURNING t.id
    """  # noqa: S608


def _unpacked(name: str) -> str:
    # An empty word is NULL.
    return f"decode(unnest(string_to_array(:{name}, ',', '')), 'hex') AS {name}"
