"""Open lines of either side as a desk shows them: searched, in order, a page at a time.

The order is by a key that no two lines share, so a page begins behind the last line of the one before, whatever was
matched in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.reconciliation.books import Book
from tenants.labels import Labelled
from tenants.refusals import N_


class Order(Labelled):
    """How the lines of a side stand. By amount, the two sides stand beside each other."""

    DAY = "day", N_("按日期")
    AMOUNT = "amount", N_("按金额")


_KEYS = {
    Order.DAY: ("booked_on", "abs(fen)", "id"),
    Order.AMOUNT: ("abs(fen)", "booked_on", "id"),
}
_PARAMETERS = {"booked_on": ":after_day", "abs(fen)": ":after_fen", "id": ":after_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which open lines: of these days, and only those that say all of `words`, one after the other, somewhere."""

    first: date
    last: date
    words: str = ""
    order: Order = Order.DAY


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line as it is listed."""

    id: UUID
    booked_on: date
    fen: int
    refs: Sequence[str]
    counterparty: str
    text: str

    @property
    def numbers(self) -> Sequence[str]:
        """Its numbers without their kinds, each once."""
        return list(dict.fromkeys(each.partition(":")[2] for each in self.refs))

    @property
    def place(self) -> str:
        """Where the next page begins."""
        return f"{self.booked_on.isoformat()}~{abs(self.fen)}~{self.id}"


_COLUMNS = "id, booked_on, fen, refs, counterparty, text"
_EXTERNAL = """
    SELECT id, booked_on, fen, refs, counterparty, text FROM external_line
    WHERE source = :source AND account = :account
        AND NOT EXISTS (SELECT FROM line_match_undo WHERE match_id = derived_by)
"""
# What a person sees of a line is what a search finds: the amount with two decimals and without its sign.
_SAID = (
    "lower(concat_ws(' ', to_char(abs(fen) / 100.0, 'FM999999999990.00'), text, counterparty, "
    "array_to_string(refs, ' '), booked_on))"
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one side: a query for them, open or not, and what it asks for."""

    query: str
    asked: Mapping[str, Any]


def of_bills(source: str, account: str) -> Lines:
    """The lines of an account's bills."""
    return Lines(_EXTERNAL, {"source": source, "account": account})


def of_books(books: Sequence[Book]) -> Lines:
    """The lines of these books together, at least one."""
    each = (f"SELECT {_COLUMNS} FROM ({book.query}) AS {book.source}" for book in books)
    return Lines(" UNION ALL ".join(each), {})


async def open_page(
    session: AsyncSession, lines: Lines, wanted: Wanted, *, after: str = "", limit: int
) -> list[OpenLine]:
    """So many of the open lines; `after` is the `place` of the last one before."""
    where, values = _open(wanted)
    keys = _KEYS[wanted.order]
    if begins := _read_place(after):
        where += f" AND ({', '.join(keys)}) > ({', '.join(_PARAMETERS[key] for key in keys)})"
        values |= begins
    query = f"SELECT {_COLUMNS} FROM ({lines.query}) AS line WHERE {where} ORDER BY {', '.join(keys)} LIMIT :limit"
    rows = await session.execute(text(query), {**lines.asked, **values, "limit": limit})
    return [OpenLine(*row) for row in rows]


async def count_open(session: AsyncSession, lines: Lines, wanted: Wanted) -> int:
    """How many of the lines are open."""
    where, values = _open(wanted)
    query = text(f"SELECT count(*) FROM ({lines.query}) AS line WHERE {where}")
    return int(await session.scalar(query, {**lines.asked, **values}) or 0)


def _open(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where = "booked_on BETWEEN :first AND :last AND NOT EXISTS (SELECT FROM line_claim WHERE line_id = line.id)"
    values: dict[str, Any] = {"first": wanted.first, "last": wanted.last}
    if words := _bare(wanted.words):
        where += f" AND position(:words IN {_SAID}) > 0"
        values["words"] = words
    return where, values


def _bare(words: str) -> str:
    """As lines say it: an amount is typed with its sign, its currency and commas."""
    said = words.strip().lower()
    amount = said.replace(",", "").replace("¥", "").replace("￥", "").removeprefix("-")
    return amount if amount.replace(".", "", 1).isdecimal() else said


def _read_place(place: str) -> dict[str, Any]:
    """Where a page begins; what is no place begins at the top."""
    try:
        day, fen, line = place.split("~")
        return {"after_day": date.fromisoformat(day), "after_fen": int(fen), "after_id": UUID(line)}
    except ValueError:
        return {}
