"""Whoever holds the tenant's login and writes SQL by hand cannot put the books out of order; neither can their owner.

Each test begins with a posted voucher in an open month and tries one thing, in the agency's own context.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest

from billing.ledger.posting import post
from tenants.base import new_id
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.signing import SETTING, Signer
from tests.billing.ledger.books import COLLEAGUE, FINANCE, NOVEMBER, NOW, OCTOBER, TODAY, cost
from tests.database import Database

Enter = Callable[[Context], Awaitable[None]]

REFUSED = (
    asyncpg.CheckViolationError,
    asyncpg.NotNullViolationError,
    asyncpg.UniqueViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.RestrictViolationError,
)


@pytest.fixture
async def standing(tenants: Tenants, tenant: Tenant, wiped: None) -> UUID:
    """A committed voucher of two entries, 100 fen."""
    async with tenants.session(tenant, AGENCY) as session:
        return (await post(session, cost(100), idempotency_key="standing", by=FINANCE, at=NOW)).id


@pytest.fixture
async def raw(database: Database, tenant: Tenant, standing: UUID) -> AsyncIterator[asyncpg.Connection]:
    """The tenant's login with a transaction begun in the agency's context."""
    connection = await database.connect_as(tenant)
    await connection.execute("BEGIN")
    await enter(connection, database, tenant, AGENCY)
    yield connection
    await connection.close()


async def enter(connection: asyncpg.Connection, database: Database, tenant: Tenant, context: Context) -> None:
    signer, pid = Signer(database.credentials), connection.get_server_pid()
    token = signer.token(context, role=tenant.role, backend_pid=pid, at=datetime.now(UTC))
    await connection.execute(f"SET LOCAL {SETTING} = '{token}'")


async def voucher(
    raw: asyncpg.Connection,
    *,
    lines: int = 2,
    on: date = TODAY,
    kind: str = "ordinary",
    reverses: UUID | None = None,
    key: str | None = None,
) -> UUID:
    made = new_id()
    await raw.execute(
        "INSERT INTO ledger_voucher (id, kind, booked_on, summary, source, lines, idempotency_key, request_hash, "
        "reverses_id, posted_by, posted_at) VALUES ($1, $2, $3, 'x', 'raw', $4, $5, $6, $7, $1, now())",
        *(made, kind, on, lines, key or str(made), b"0" * 32, reverses),
    )
    return made


async def entry(
    raw: asyncpg.Connection,
    into: UUID,
    line: int,
    side: str,
    fen: int,
    *,
    code: str = "190101",
    currency: str = "CNY",
    on: date = TODAY,
    merchant: UUID | None = None,
) -> None:
    await raw.execute(
        "INSERT INTO ledger_entry (voucher_id, line, booked_on, account_id, side, fen, currency, merchant_id) "
        "SELECT $1, $2, $3, id, $5, $6, $7, $8 FROM ledger_account WHERE code = $4",
        *(into, line, on, code, side, fen, currency, merchant),
    )


async def balanced(raw: asyncpg.Connection, **given: object) -> UUID:
    made = await voucher(raw, **given)  # type: ignore[arg-type]
    await entry(raw, made, 1, "debit", 7)
    await entry(raw, made, 2, "credit", 7, code="224101")
    return made


async def test_a_balanced_voucher_by_hand_is_accepted(raw: asyncpg.Connection) -> None:
    """What the others rely on: they are refused for what they do wrong and nothing else."""
    made = await balanced(raw)
    await raw.execute("COMMIT")
    assert await raw.fetchval("SELECT count(*) FROM ledger_entry WHERE voucher_id = $1", made) == 0, "no context"


@pytest.mark.parametrize(
    "statement",
    [
        f"{verb} {table}{rest}"
        for table, column in (
            ("ledger_voucher", "summary"),
            ("ledger_entry", "currency"),
            ("ledger_period_change", "reason"),
            ("ledger_number", "number"),
        )
        for verb, rest in (("UPDATE", f" SET {column} = {column}"), ("DELETE FROM", ""), ("TRUNCATE", " CASCADE"))
    ]
    + [
        "UPDATE ledger_total SET debit = debit + 1",
        "DELETE FROM ledger_total",
        "TRUNCATE ledger_total",
        "INSERT INTO ledger_total (account_id, month, stripe, debit, credit, entries) "
        "SELECT id, '2026-11-01', 0, 1, 0, 1 FROM ledger_account",
        "UPDATE ledger_period SET state = 'open'",
        "DELETE FROM ledger_period",
        "INSERT INTO ledger_period (month, state) VALUES ('2027-01-01', 'open')",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET code = code || '1'",
        "UPDATE ledger_account SET is_leaf = NOT is_leaf, currency = NULL, use = NULL WHERE is_leaf",
        "UPDATE ledger_account SET currency = 'USD' WHERE is_leaf",
    ],
)
async def test_what_stands_cannot_be_changed(
    raw: asyncpg.Connection, database: Database, tenant: Tenant, statement: str
) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, *REFUSED)):
        await raw.execute(statement)
    owner = await database.connect_as_owner()
    try:
        await owner.execute(f'SET search_path = "{tenant.schema}"')
        if "UPDATE ledger_account" in statement or statement.startswith("INSERT"):
            # These are refused row by row, and forced row-level security shows the owner none.
            return
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)):
            await owner.execute(statement)
    finally:
        await owner.close()


async def test_debit_and_credit_must_agree(raw: asyncpg.Connection) -> None:
    made = await voucher(raw)
    await entry(raw, made, 1, "debit", 7)
    await entry(raw, made, 2, "credit", 6)
    await refused_at_commit(raw)


async def test_currencies_are_not_added_up(raw: asyncpg.Connection) -> None:
    await raw.execute(
        "INSERT INTO ledger_account (id, code, name, is_leaf, normal_side, currency, added_by, added_at) "
        "VALUES ($1, '100201', '美元户', true, 'debit', 'USD', $1, now())",
        new_id(),
    )
    made = await voucher(raw)
    await entry(raw, made, 1, "debit", 7, code="100201", currency="USD")
    await entry(raw, made, 2, "credit", 7)
    await refused_at_commit(raw)


@pytest.mark.parametrize("entries", [0, 1, 3])
async def test_a_voucher_has_the_entries_that_it_announces(raw: asyncpg.Connection, entries: int) -> None:
    made = await voucher(raw, lines=4)
    for line in range(1, entries + 1):
        await entry(raw, made, line, "debit" if line == 1 else "credit", 2 if line == 1 and entries == 3 else 1)
    await refused_at_commit(raw)


async def test_one_entry_is_no_voucher(raw: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await voucher(raw, lines=1)


async def test_nothing_is_added_to_what_is_complete(raw: asyncpg.Connection, standing: UUID) -> None:
    for line in (0, 1, 2, 3):
        async with refused(raw):
            await entry(raw, standing, line, "debit", 1)
    made = await balanced(raw)
    # The check has run once it was asked for, before the end of the transaction: nothing gets in behind it.
    await raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(REFUSED):
        await entry(raw, made, 3, "debit", 1)


@pytest.mark.parametrize("code", ["1901", "6601"])
async def test_only_leaves_take_entries(raw: asyncpg.Connection, code: str) -> None:
    made = await voucher(raw)
    with pytest.raises(REFUSED):
        await entry(raw, made, 1, "debit", 1, code=code)


async def test_an_account_keeps_its_currency(raw: asyncpg.Connection) -> None:
    made = await voucher(raw)
    with pytest.raises(REFUSED):
        await entry(raw, made, 1, "debit", 1, currency="USD")


@pytest.mark.parametrize("fen", [0, -1, 10**15 + 1])
async def test_amounts_are_above_zero_and_bounded(raw: asyncpg.Connection, fen: int) -> None:
    made = await voucher(raw)
    with pytest.raises(asyncpg.CheckViolationError):
        await entry(raw, made, 1, "debit", fen)


async def test_an_entry_bears_the_day_of_its_voucher(raw: asyncpg.Connection) -> None:
    made = await voucher(raw)
    with pytest.raises(REFUSED):
        await entry(raw, made, 1, "debit", 1, on=date(2026, 11, 24))


async def test_nothing_comes_below_a_leaf(raw: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await raw.execute(
            "INSERT INTO ledger_account (id, code, name, parent_id, is_leaf, normal_side, currency, added_by, added_at)"
            " SELECT $1, '10021', 'x', id, true, 'debit', 'CNY', $1, now() FROM ledger_account WHERE code = '1002'",
            new_id(),
        )


async def test_a_key_posts_once(raw: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await voucher(raw, key="standing")


async def test_nothing_is_posted_into_a_closed_month_or_one_never_opened(raw: asyncpg.Connection) -> None:
    async with refused(raw, "not open"):
        await voucher(raw, on=OCTOBER)
    await change(raw, NOVEMBER, "closed")
    with pytest.raises(asyncpg.PostgresError, match="not open"):
        await voucher(raw)


async def test_who_asked_for_a_reopening_does_not_decide_it(raw: asyncpg.Connection) -> None:
    await change(raw, NOVEMBER, "closed")
    async with refused(raw):
        await change(raw, NOVEMBER, "reopening_requested", by=COLLEAGUE)
    async with refused(raw, "cannot be reopened"):
        await change(raw, NOVEMBER, "reopened", by=COLLEAGUE)
    await change(raw, NOVEMBER, "reopening_requested", reason="漏记运费")
    async with refused(raw, "does not decide"):
        await change(raw, NOVEMBER, "reopened")
    await change(raw, NOVEMBER, "reopened", by=COLLEAGUE)
    await voucher(raw)


async def test_months_close_in_order(raw: asyncpg.Connection) -> None:
    december, september = date(2026, 12, 1), date(2026, 9, 1)
    await change(raw, december, "opened")
    async with refused(raw, "earlier month"):
        await change(raw, december, "closed")
    await change(raw, NOVEMBER, "closed")
    await change(raw, december, "closed")
    async with refused(raw, "later month"):
        await change(raw, NOVEMBER, "reopening_requested", reason="太早")
    async with refused(raw, "before a closed one"):
        await change(raw, september, "opened")


async def test_numbers_are_given_in_closed_months_without_gaps(raw: asyncpg.Connection, standing: UUID) -> None:
    give = "INSERT INTO ledger_number (voucher_id, month, number) VALUES ($1, $2, $3)"
    async with refused(raw):
        await raw.execute(give, standing, NOVEMBER, 1)
    await change(raw, NOVEMBER, "closed")
    async with refused(raw):
        await raw.execute(give, standing, NOVEMBER, 2)
    await raw.execute(give, standing, NOVEMBER, 1)


@pytest.mark.parametrize("wrong", ["same side", "another amount", "another account", "a dimension", "fewer lines"])
async def test_a_reversal_is_the_exact_negation(raw: asyncpg.Connection, standing: UUID, wrong: str) -> None:
    rows = await raw.fetch("SELECT * FROM ledger_entry WHERE voucher_id = $1 ORDER BY line", standing)
    made = await voucher(raw, kind="reversal", reverses=standing)
    for row in rows:
        values = dict(row) | {"voucher_id": made, "side": {"debit": "credit", "credit": "debit"}[row["side"]]}
        if wrong == "same side":
            values["side"] = row["side"]
        elif wrong == "another amount":
            values["fen"] += 1
        elif wrong == "another account":
            values["account_id"] = rows[0]["account_id"]
        elif wrong == "a dimension":
            values["clause"] = "8.9"
        if wrong == "fewer lines" and row["line"] == 2:
            continue
        names = ", ".join(values)
        places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await raw.execute(f"INSERT INTO ledger_entry ({names}) VALUES ({places})", *values.values())
    await refused_at_commit(raw)


async def test_a_voucher_is_reversed_once(raw: asyncpg.Connection, standing: UUID) -> None:
    await voucher(raw, kind="reversal", reverses=standing)
    with pytest.raises(asyncpg.UniqueViolationError):
        await voucher(raw, kind="reversal", reverses=standing)


@pytest.mark.parametrize("scope", ["merchant", "staff", "door"])
async def test_the_ledger_shows_nothing_to_others_than_the_agency(
    raw: asyncpg.Connection, database: Database, tenant: Tenant, scope: str
) -> None:
    person = new_id()
    context = Context("merchant", person, UUID(int=0xA1)) if scope == "merchant" else Context(scope, person)  # type: ignore[arg-type]
    await enter(raw, database, tenant, context)
    for table in ("voucher", "entry", "account", "period", "period_change", "total", "number"):
        assert await raw.fetchval(f"SELECT count(*) FROM ledger_{table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await voucher(raw)


async def change(
    raw: asyncpg.Connection, month: date, kind: str, *, by: UUID = FINANCE, reason: str | None = None
) -> None:
    await raw.execute(
        "INSERT INTO ledger_period_change (id, month, change, reason, made_by, made_at) "
        "VALUES ($1, $2, $3, $4, $5, now())",
        *(new_id(), month, kind, reason, by),
    )


async def refused_at_commit(raw: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await raw.execute("COMMIT")


@asynccontextmanager
async def refused(raw: asyncpg.Connection, match: str | None = None) -> AsyncIterator[None]:
    """The database refuses what is tried inside, and the test's transaction goes on."""
    await raw.execute("SAVEPOINT tried")
    with pytest.raises(asyncpg.PostgresError, match=match):
        yield
    await raw.execute("ROLLBACK TO SAVEPOINT tried")
