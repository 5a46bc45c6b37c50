"""Lines from the database into columns, without a Python object per line.

COPY in its binary form, of columns that are never NULL, gives rows of one width, which numpy reads as they are; texts
are made codes by the server. What a query has to select is named by `COLUMNS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import numpy as np

from billing.reconciliation.columns import NOTHING, Columns, Ints, code
from billing.reconciliation.lines import UNNAMED
from billing.reconciliation.rules import MatchRule

COLUMNS = "id, source, booked_on, fen, currency, refs, counterparty"
"""What the lines' query selects, in any order: uuid, text, date, bigint, text, text[], text; none of them NULL."""

# Bytes that are made columns at a time.
_AT_A_TIME = 1 << 22
_HEADER = 19
_TRAILER = 2
_EPOCH_OF_POSTGRESQL = 730_120


def _code(expression: str) -> str:
    return f"coalesce(hashtextextended(nullif({expression}, ''), 0), 0)"


_NAME = _code("lower(replace(normalize(counterparty, NFKC), ' ', ''))")
# Most lines of a bill name nobody, and then nothing is to be normalised.
_COUNTERPARTY = f"CASE counterparty WHEN '' THEN 0 ELSE {_NAME} END"
_WIDTHS: list[tuple[str, str, str]] = [
    ("high", ">u8", ""),
    ("booked_on", ">i4", "booked_on"),
    ("fen", ">i8", "fen"),
    ("currency", ">i8", _code("currency")),
    ("source", ">i8", _code("source")),
    ("counterparty", ">i8", _COUNTERPARTY),
]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is asked for: each reference of a line is two columns more, and most lines have one or two."""

    references: int

    @property
    def _columns(self) -> list[tuple[str, str, str]]:
        numbers = range(1, self.references + 1)
        refs = [(f"ref{number}", ">i8", _code(f"refs[{number}]")) for number in numbers]
        kinds = [(f"kind{number}", ">i8", _code(f"split_part(refs[{number}], ':', 1)")) for number in numbers]
        return [*_WIDTHS, *refs, *kinds]

    @property
    def selected(self) -> str:
        """What the query selects."""
        return ", ".join(["id", *(expression for _, _, expression in self._columns if expression)])

    @property
    def row(self) -> np.dtype[Any]:
        """One row as it comes: the number of its columns, and each behind its length."""
        fields: list[tuple[str, str]] = [("columns", ">i2")]
        for name, width, expression in self._columns:
            fields += [(f"length of {name}", ">i4"), (name, width)]
            if not expression:
                fields.append(("low", width))
        return np.dtype(fields)


async def read_columns(
    connection: asyncpg.Connection, lines: str, arguments: Sequence[object], rules: Sequence[MatchRule]
) -> Columns:
    """The lines that the query `lines` selects (see `COLUMNS`), in the order of their ids.

    Codes of texts are the server's, but for the names that rules know. Raises ValueError where two have the same id.
    """
    most = await connection.fetchval(f"SELECT max(cardinality(refs)) FROM ({lines}) AS line", *arguments)
    shape = _Shape(most or 0)
    parts = _Parts(shape)
    await connection.copy_from_query(
        f"SELECT {shape.selected} FROM ({lines}) AS line", *arguments, output=parts.take, format="binary"
    )
    names = sorted({name for rule in rules for name in (rule.source, rule.against, rule.group_by)} - {""} | {UNNAMED})
    # A text, because the driver asks more of the server for an array than a tenant's login may.
    theirs = await connection.fetch(
        f"SELECT name, {_code('name')} AS code FROM string_to_table($1, chr(31)) AS name", "\x1f".join(names)
    )
    return parts.columns({row["code"]: code(row["name"]) for row in theirs}).in_order()


class _Parts:
    """What has come so far: whole rows as columns, and the beginning of the next one."""

    def __init__(self, shape: _Shape) -> None:
        self._shape = shape
        self._row = shape.row
        self._kept = [name for name in self._row.names or () if name != "columns" and not name.startswith("length")]
        self._rest = b""
        self._chunks: list[bytes] = []
        self._waiting = 0
        self._begun = False
        self._columns: list[dict[str, Any]] = []

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        if self._waiting > _AT_A_TIME:
            self._convert()

    def _convert(self) -> None:
        self._rest = b"".join((self._rest, *self._chunks))
        self._chunks.clear()
        self._waiting = 0
        start = 0 if self._begun else _HEADER
        rows = (len(self._rest) - start) // self._row.itemsize
        read = np.frombuffer(self._rest, self._row, rows, start)
        self._columns.append({name: read[name].astype(read[name].dtype.newbyteorder("=")) for name in self._kept})
        self._rest = self._rest[start + rows * self._row.itemsize :]
        self._begun = True

    def columns(self, known: dict[int, int]) -> Columns:
        """All that came; `known` says which of the server's codes stand for names of ours."""
        self._convert()
        if len(self._rest) != _TRAILER:
            raise ValueError("a column is NULL that must not be")

        def whole(name: str) -> Any:
            return np.concatenate([part.pop(name) for part in self._columns])

        ref_line, ref, ref_kind = _references(whole, self._shape.references)
        return Columns(
            ids=np.column_stack((whole("high"), whole("low"))),
            booked_on=whole("booked_on").astype(np.int64) + _EPOCH_OF_POSTGRESQL,
            fen=whole("fen"),
            currency=whole("currency"),
            source=_renamed(whole("source"), known),
            counterparty=whole("counterparty"),
            ref_line=ref_line,
            ref=ref,
            ref_kind=_renamed(ref_kind, known),
        )


def _references(whole: Callable[[str], Any], most: int) -> tuple[Ints, Ints, Ints]:
    """Lines, references and kinds: those of the first place of each line, then of the second, each once a line."""
    nothing = np.zeros(0, np.int64)
    lines, refs, kinds = [nothing], [nothing], [nothing]
    before: list[Ints] = []
    for number in range(1, most + 1):
        ref, kind = whole(f"ref{number}"), whole(f"kind{number}")
        carrying = ref != NOTHING
        for earlier in before:
            carrying &= ref != earlier
        before.append(ref)
        places = np.flatnonzero(carrying)
        lines.append(places)
        refs.append(ref[places])
        kinds.append(kind[places])
    return np.concatenate(lines), np.concatenate(refs), np.concatenate(kinds)


def _renamed(codes: Ints, known: dict[int, int]) -> Ints:
    renamed = codes.copy()
    for theirs, ours in known.items():
        renamed[codes == theirs] = ours
    return renamed
