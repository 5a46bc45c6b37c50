"""Keeping the words of tickets up with what is said on them.

Triggers leave a row in `words_due` for every ticket that somebody wrote on; here the words of such tickets are read
anew, whole, so that it does not matter what happened to a ticket, in which order, or how often it is done.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.search.contents import Said, what_is_said
from anshou.tickets.search.words import words_of
from tenants.prepared import fetch, put

AT_ONCE = 200
"""Tickets read in one transaction: what is written meanwhile waits for one such batch at most."""

MOST_WORDS = 40_000
"""Words of one ticket; PostgreSQL takes a megabyte of them. What was said last is left out of a longer one."""

# Only one reads at a time: of two, the one who read less might write last.
_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.ticket_words', 0))"

# The newest first, so that nobody who wrote a message waits for what was imported just before.
_TAKE = """
WITH chosen AS (
    SELECT DISTINCT merchant_id, ticket_id
    FROM (SELECT merchant_id, ticket_id FROM words_due ORDER BY noted_at DESC LIMIT $1) AS newest
), taken AS (
    DELETE FROM words_due AS d USING chosen
    WHERE d.merchant_id = chosen.merchant_id AND d.ticket_id = chosen.ticket_id RETURNING d.merchant_id, d.ticket_id
)
SELECT DISTINCT t.merchant_id, t.id, t.kind, t.shop_id, t.opened_at, t.is_confidential
FROM taken JOIN ticket AS t ON t.merchant_id = taken.merchant_id AND t.id = taken.ticket_id
"""
_THESE = """
SELECT merchant_id, id, kind, shop_id, opened_at, is_confidential FROM ticket
WHERE id = ANY (string_to_array($1, ',')::uuid[])
"""
_COUNT = "SELECT count(DISTINCT (merchant_id, ticket_id)) FROM words_due"
_IS_MORE = "SELECT EXISTS (SELECT FROM words_due)"
_WRITE = """
INSERT INTO ticket_words AS known (merchant_id, ticket_id, opened_at, words)
VALUES ($1, $2, $3, array_to_tsvector(string_to_array($4, ',')))
ON CONFLICT (merchant_id, ticket_id) DO UPDATE SET opened_at = excluded.opened_at, words = excluded.words
WHERE (known.opened_at, known.words) IS DISTINCT FROM (excluded.opened_at, excluded.words)
"""
_ALL = """
INSERT INTO words_due (merchant_id, ticket_id, id, noted_at)
SELECT merchant_id, id, gen_random_uuid(), '-infinity' FROM ticket
"""


async def index_due(session: AsyncSession, *, most: int = AT_ONCE) -> bool:
    """Read the words of tickets that are due, the last noted first; whether there is more to do.

    In the agency's context. Waits for another process that is at it.
    """
    await fetch(session, _HOLD)
    await _read(session, await fetch(session, _TAKE, most))
    return bool((await fetch(session, _IS_MORE))[0][0])


async def reindex(session: AsyncSession) -> None:
    """Have the words of every ticket read again, after whatever was written just now. In the agency's context."""
    await fetch(session, _ALL)


async def count_due(session: AsyncSession) -> int:
    """How many tickets' words are to be read. In the agency's context; for who waits, it looks at every row."""
    return int((await fetch(session, _COUNT))[0][0])


async def index_tickets(session: AsyncSession, tickets: Sequence[UUID]) -> None:
    """Read the words of these tickets, whether they are due or not, while nobody writes on them.

    In the agency's context: for whoever fills a tenant in bulk.
    """
    await _read(session, await fetch(session, _THESE, ",".join(map(str, tickets))))


async def _read(session: AsyncSession, due: Sequence[Sequence[Any]]) -> None:
    if due:
        said = await what_is_said(session, [(one[0], one[1]) for one in due])
        await put(session, _WRITE, [_row(one, said[one[1]]) for one in due])


def merchant_mark(merchant_id: UUID) -> str:
    """By what the look-up narrows to one merchant."""
    return f"#m{merchant_id.hex}"


def shop_mark(shop_id: UUID) -> str:
    """By what tickets of a shop are found whose name somebody typed."""
    return f"#s{shop_id.hex}"


def kind_mark(kind: str) -> str:
    """By what the look-up narrows to one kind."""
    return f"#k{kind}"


def _row(due: Sequence[Any], said: Sequence[Said]) -> tuple[object, ...]:
    merchant_id, ticket_id, kind, shop_id, opened_at, is_confidential = due
    marks = _marks(merchant_id, kind, None if is_confidential else shop_id, opened_at)
    return merchant_id, ticket_id, opened_at, ",".join([*marks, *_words(said)])


def _marks(merchant_id: UUID, kind: str, shop_id: UUID | None, opened_at: datetime) -> list[str]:
    """What `control.search_tickets` narrows by besides whose it is: UTC days since 1970, months, a merchant's months.

    Whatever is changed here is known of older tickets only when they are read anew: see revision 0055_merchant_months.
    """
    utc = opened_at.astimezone(UTC)
    month = f"{utc:%Y%m}"
    periods = [f"#d{int(utc.timestamp()) // 86400}", f"#o{month}", f"#p{merchant_id.hex[-12:]}{month}"]
    marks = [merchant_mark(merchant_id), kind_mark(kind), *periods]
    return [*marks, shop_mark(shop_id)] if shop_id else marks


def _words(said: Sequence[Said]) -> list[str]:
    """The words that both sides read, and those that only the agency reads, marked as such."""
    told: set[str] = set()
    inner: set[str] = set()
    for one in said:
        if len(told) + len(inner) < MOST_WORDS:
            (inner if one.inner else told).update(words_of(one.text))
    return [*told, *(f"~{word}" for word in inner - told)]
