"""The statements of a post: write vouchers with all their entries, and look why one was not written.

Many vouchers go in as one JSON value for all of them and one for their entries: the statement stays the same however
many there are, so the server plans it once. One voucher with few lines, which most posts are, has a statement for its
number of lines and passes plain values: taking JSON apart costs the server as much as writing the rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import astuple
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.drafts import Posting
from billing.ledger.errors import PeriodClosed
from billing.ledger.periods import PERIOD_REFUSED, PeriodState
from billing.ledger.uses import Side
from billing.ledger.vouchers import VoucherKind
from billing.parties import Party
from tenants.prepared import fetch

_LOOK_UP = """
    SELECT id, code, use, currency, is_leaf AND retired_at IS NULL, NULL::date FROM ledger_account
    WHERE code = ANY (string_to_array($1, ',')) OR use = ANY (string_to_array($1, ','))
    UNION ALL
    SELECT NULL, state, NULL, NULL, NULL, month FROM ledger_period
    WHERE month = ANY (CAST(string_to_array($2, ',') AS date[]))
"""

_VOUCHER_COLUMNS = """id, kind, booked_on, summary, source, source_id, lines, idempotency_key, request_hash,
            reverses_id, posted_by, posted_at"""
_VOUCHERS = """
        SELECT id, kind, booked_on, summary, source, source_id, lines, idempotency_key, decode(request_hash, 'hex'),
            reverses_id, posted_by, posted_at
        FROM jsonb_to_recordset(CAST($1::text AS jsonb)) AS given (id uuid, kind text, booked_on date, summary text,
            source text, source_id uuid, lines integer, idempotency_key text, request_hash text, reverses_id uuid,
            posted_by uuid, posted_at timestamptz)
"""

# A voucher whose month is not open or whose accounts are not all there is left out, as is one whose key is taken: a
# post then costs one statement, and why something was left out is asked only when it was. By key, so that two batches
# with the same keys wait for each other in one order.
_WRITE = f"""
    WITH given_entry AS MATERIALIZED (
        SELECT given.*, account.id AS account_id
        FROM jsonb_to_recordset(CAST($2::text AS jsonb)) AS given (voucher_id uuid, line integer, booked_on date,
            account text, side text, fen bigint, currency text, party text, merchant_id uuid, shop_id uuid,
            ticket_id uuid, cost_item_id uuid, version_id uuid, clause text, department text)
        LEFT JOIN ledger_account AS account ON given.account IN (account.use, account.code)
            AND account.currency = given.currency AND is_leaf AND retired_at IS NULL
    ), written AS (
        INSERT INTO ledger_voucher ({_VOUCHER_COLUMNS}) {_VOUCHERS}
        WHERE date_trunc('month', booked_on)::date IN (SELECT month FROM ledger_period WHERE state = 'open')
            AND id NOT IN (SELECT voucher_id FROM given_entry WHERE account_id IS NULL)
        ORDER BY idempotency_key
        ON CONFLICT DO NOTHING RETURNING id
    ), booked AS (
        INSERT INTO ledger_entry (voucher_id, line, booked_on, account_id, side, fen, currency, party, merchant_id,
            shop_id, ticket_id, cost_item_id, version_id, clause, department)
        SELECT voucher_id, line, booked_on, account_id, side, fen, currency, party, merchant_id, shop_id, ticket_id,
            cost_item_id, version_id, clause, department
        FROM given_entry JOIN written ON written.id = voucher_id
    )
    SELECT id FROM written
"""  # noqa: S608  columns of this module

# Up to so many lines a voucher has a statement of its own; each is one more plan for a connection to keep.
FEW = 8

# The fields of a posting in their order, with the types of their columns.
_OF_LINE = {
    "account": "text",
    "side": "text",
    "fen": "bigint",
    "currency": "text",
    "party": "text",
    "merchant_id": "uuid",
    "shop_id": "uuid",
    "ticket_id": "uuid",
    "cost_item_id": "uuid",
    "version_id": "uuid",
    "clause": "text",
    "department": "text",
}
_OF_VOUCHER = ("uuid", "text", "date", "text", "text", "uuid", "integer", "text", "text", "uuid", "uuid", "timestamptz")

# What stands is negated where it stands: nothing is computed anew, so nothing can come out otherwise.
_REVERSE = f"""
    WITH written AS (
        INSERT INTO ledger_voucher ({_VOUCHER_COLUMNS}) {_VOUCHERS}
        ON CONFLICT DO NOTHING RETURNING id, reverses_id, booked_on
    ), booked AS (
        INSERT INTO ledger_entry (voucher_id, line, booked_on, account_id, side, fen, currency, party, merchant_id,
            shop_id, ticket_id, cost_item_id, version_id, clause, department)
        SELECT written.id, line, written.booked_on, account_id, CASE side WHEN 'debit' THEN 'credit' ELSE 'debit' END,
            fen, currency, party, merchant_id, shop_id, ticket_id, cost_item_id, version_id, clause, department
        FROM ledger_entry AS original JOIN written ON written.reverses_id = original.voucher_id
    )
    SELECT id FROM written
"""  # noqa: S608  columns of this module

_BY_KEY = """
    SELECT idempotency_key, id, booked_on, request_hash FROM ledger_voucher
    WHERE idempotency_key IN (SELECT jsonb_array_elements_text(CAST($1::text AS jsonb)))
"""


class VoucherRow(msgspec.Struct, frozen=True, kw_only=True):
    """A voucher as it is written."""

    id: UUID
    kind: VoucherKind
    booked_on: date
    summary: str
    source: str
    source_id: UUID | None
    lines: int
    idempotency_key: str
    request_hash: str
    reverses_id: UUID | None
    posted_by: UUID
    posted_at: datetime


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is written; `account` is the use or the code of one."""

    voucher_id: UUID
    line: int
    booked_on: date
    account: str
    side: Side
    fen: int
    currency: str
    party: Party | None
    merchant_id: UUID | None
    shop_id: UUID | None
    ticket_id: UUID | None
    cost_item_id: UUID | None
    version_id: UUID | None
    clause: str | None
    department: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the look told: accounts by (use or code, currency), whether each takes entries, and the months' states."""

    accounts: dict[tuple[str, str], tuple[UUID, bool]] = field(default_factory=dict)
    codes: dict[str, str | None] = field(default_factory=dict)
    months: dict[date, PeriodState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """A voucher that stands in the books under a key."""

    id: UUID
    booked_on: date
    request_hash: str


async def look_up(session: AsyncSession, names: Collection[str], months: Collection[date]) -> Found:
    """The accounts of these uses and codes, and the periods of these months, as far as there are any."""
    found = Found()
    for account_id, code, use, currency, fits, month in await fetch(
        session, _LOOK_UP, ",".join(names), ",".join(map(str, months))
    ):
        if month is not None:
            found.months[month] = PeriodState(code)
            continue
        found.codes[code] = currency
        for name in (code, use):
            if name is not None and currency is not None:
                found.accounts[name, currency] = (account_id, fits)
    return found


async def write(session: AsyncSession, vouchers: Sequence[VoucherRow], entries: Sequence[EntryRow]) -> set[UUID]:
    """Write what can be written; the ids of those.

    Left out are vouchers whose key is taken, whose month is not open, or whose accounts are not there or take no
    entries in their currency. Raises PeriodClosed when a month is closed in this moment.
    """
    return await _written(session, vouchers, _WRITE, _json(vouchers), _json(entries))


async def write_one(session: AsyncSession, voucher: VoucherRow, postings: Sequence[Posting]) -> set[UUID]:
    """`write` for one voucher of at most `FEW` lines."""
    values = [*astuple(voucher)]
    for posting in postings:
        values += astuple(posting)
    return await _written(session, [voucher], _one(len(postings)), *values)


async def write_reversal(session: AsyncSession, voucher: VoucherRow) -> bool:
    """Write the reversal with the entries of what it reverses, negated; False when that is reversed already.

    Raises PeriodClosed when the month is closed in this moment.
    """
    return bool(await _written(session, [voucher], _REVERSE, _json([voucher])))


@cache
def _one(lines: int) -> str:
    """`_WRITE` for one voucher with so many lines: its values first, then those of each line."""
    voucher = [f"CAST(${place} AS {kind})" for place, kind in enumerate(_OF_VOUCHER, start=1)]
    voucher[8] = f"decode({voucher[8]}, 'hex')"
    given = []
    for line in range(lines):
        first = len(_OF_VOUCHER) + line * len(_OF_LINE) + 1
        values = (f"CAST(${place} AS {kind})" for place, kind in enumerate(_OF_LINE.values(), start=first))
        given.append(f"({line + 1}, {', '.join(values)})")
    names = ", ".join(_OF_LINE)
    kept = names.replace("account,", "account_id,", 1)
    return f"""
        WITH given_entry AS MATERIALIZED (
            SELECT given.*, ledger_account.id AS account_id
            FROM (VALUES {", ".join(given)}) AS given (line, {names})
            LEFT JOIN ledger_account ON given.account IN (ledger_account.use, ledger_account.code)
                AND ledger_account.currency = given.currency AND is_leaf AND retired_at IS NULL
        ), written AS (
            INSERT INTO ledger_voucher ({_VOUCHER_COLUMNS}) SELECT {", ".join(voucher)}
            WHERE EXISTS (
                    SELECT FROM ledger_period WHERE month = date_trunc('month', {voucher[2]})::date AND state = 'open')
                AND NOT EXISTS (SELECT FROM given_entry WHERE account_id IS NULL)
            ON CONFLICT DO NOTHING RETURNING id
        ), booked AS (
            INSERT INTO ledger_entry (voucher_id, line, booked_on, {kept})
            SELECT written.id, line, {voucher[2]}, {kept} FROM given_entry CROSS JOIN written
        )
        SELECT id FROM written
    """  # noqa: S608  columns and types of this module


async def _written(session: AsyncSession, vouchers: Sequence[VoucherRow], statement: str, *values: object) -> set[UUID]:
    try:
        rows: Sequence[Any] = await fetch(session, statement, *values)
    except asyncpg.PostgresError as error:
        if error.sqlstate != PERIOD_REFUSED:
            raise
        raise PeriodClosed(min(voucher.booked_on for voucher in vouchers)) from None
    return {row[0] for row in rows}


async def standing_under(session: AsyncSession, keys: Collection[str]) -> dict[str, Standing]:
    """The vouchers that were posted under these keys."""
    rows = await fetch(session, _BY_KEY, _json(list(keys)))
    return {key: Standing(found, day, hashed.hex()) for key, found, day, hashed in rows}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
