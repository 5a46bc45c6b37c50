"""Where the lines of the books come from: each room that has some registers a query, and this one reads them.

A book's query is SQL that selects `reading.COLUMNS` (id, source, booked_on, fen, currency, refs, counterparty) and
`text`; its `source` is what rules match against. It selects all of its lines, each with an id of its own for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.reconciliation.lines import InternalLine
from billing.sources import MATCH_PAYMENT, WRITE_OFF
from tenants.refusals import N_


@dataclass(frozen=True, slots=True)
class Book:
    """A sort of internal lines: the name of its source, what people call it, and the query for its lines."""

    source: str
    label: str
    query: str


_BOOKS: dict[str, Book] = {}


def keep_book(book: Book) -> Book:
    """Let lines be matched against this book. Raises ValueError for a source that is taken."""
    if book.source in _BOOKS:
        raise ValueError(f"two books are called {book.source}")
    _BOOKS[book.source] = book
    return book


def books() -> Sequence[Book]:
    """All books, by their source."""
    return [_BOOKS[source] for source in sorted(_BOOKS)]


_COLUMNS = "id, source, booked_on, fen, currency, refs, counterparty, text"


async def open_lines(session: AsyncSession, source: str, *, first: date, last: date) -> list[InternalLine]:
    """The book's lines of these days that no live match claims. KeyError for a source that is no book's."""
    query = (
        f"SELECT {_COLUMNS} FROM ({_BOOKS[source].query}) AS line WHERE booked_on BETWEEN :first AND :last "  # noqa: S608
        "AND NOT EXISTS (SELECT FROM line_claim WHERE line_id = line.id) ORDER BY id"
    )
    rows = await session.execute(text(query), {"first": first, "last": last})
    return [_line(row._mapping) for row in rows]


async def find_lines(
    session: AsyncSession, ids: Sequence[UUID], *, first: date = date.min, last: date = date.max
) -> list[InternalLine]:
    """The lines with these ids, of whatever book; the days, where they are known, spare a search through all years."""
    found: list[InternalLine] = []
    for book in books() if ids else ():
        query = text(
            f"SELECT {_COLUMNS} FROM ({book.query}) AS line "  # noqa: S608
            "WHERE id IN :ids AND booked_on BETWEEN :first AND :last ORDER BY id"
        )
        rows = await session.execute(
            query.bindparams(bindparam("ids", type_=Uuid(), expanding=True)),
            {"ids": list(ids), "first": first, "last": last},
        )
        found += [_line(row._mapping) for row in rows]
    return found


async def account_behind(session: AsyncSession, line_id: UUID, day: date) -> str:
    """The code of the account that a line of the ledger stands on, booked on that day."""
    found = await session.execute(_ACCOUNT_BEHIND, {"line": line_id, "day": day})
    return str(found.scalar_one())


def _line(row: Mapping[Any, Any]) -> InternalLine:
    said = dict(row)
    return InternalLine(references=tuple(said.pop("refs")), **said)


# An entry has no id of its own: this one is made of its voucher's and its line.
_ENTRY_ID = "md5(entry.voucher_id::text || ':' || entry.line)::uuid"

_ACCOUNT_BEHIND = text(
    f"""
    SELECT account.code FROM ledger_entry AS entry JOIN ledger_account AS account ON account.id = entry.account_id
    WHERE entry.booked_on = :day AND {_ENTRY_ID} = :line
    """  # noqa: S608  a constant of this module
)

# Money that came into an account of ours or left it. What a match itself booked is no line to be matched: its bill's
# line is.
LEDGER = keep_book(
    Book(
        source="ledger",
        label=N_("账簿"),
        query=f"""
            SELECT {_ENTRY_ID} AS id, 'ledger' AS source, entry.booked_on,
                CASE entry.side WHEN 'debit' THEN entry.fen ELSE -entry.fen END AS fen, entry.currency,
                '{{}}'::text[] AS refs, '' AS counterparty, voucher.summary AS text
            FROM ledger_entry AS entry
            JOIN ledger_account AS account ON account.id = entry.account_id AND account.use IN ('bank', 'wallet')
            JOIN ledger_voucher AS voucher ON voucher.id = entry.voucher_id
                AND voucher.source NOT IN ('{MATCH_PAYMENT}', '{WRITE_OFF}')
        """,  # noqa: S608  constants
    )
)

# What was verified has to be paid by somebody: a courier's bill is matched against these. Money that goes out.
COSTS = keep_book(
    Book(
        source="costs",
        label=N_("费用"),
        query="""
            SELECT id, 'costs' AS source, incurred_on AS booked_on, -fen AS fen, currency,
                ARRAY['cost:' || upper(number), 'no:' || upper(number)] AS refs, '' AS counterparty, note AS text
            FROM cost_item WHERE state IN ('verified', 'allocated')
        """,
    )
)
