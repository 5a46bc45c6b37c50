"""What the ledger's checks cost a posting: three-entry vouchers, 8 writers, a durable commit each.

The reference writes the same rows by the same sessions into tables with the same indexes, and without triggers,
policies, checks and totals: what is left is the price of these. Then the same on one account that everybody
posts to, of one merchant, against accounts and merchants of each writer's own; and many vouchers in a transaction, as
allocations and imports are posted. Rounds alternate.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bench.ground import Ground
from bench.rows import Row, at_least
from billing.ledger.accounts import NewAccount, add_account, chart
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post, post_all
from billing.ledger.uses import Side
from billing.parties import Party
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.prepared import fetch
from tenants.registry import Tenant
from tenants.sessions import Tenants

WRITERS = 8
EACH = 150
ROUNDS = 7
LEAST = 0.5
BATCH = 50
BY = UUID(int=1)

_BARE = """
    CREATE TABLE bare_voucher (LIKE ledger_voucher INCLUDING INDEXES);
    CREATE TABLE bare_entry (LIKE ledger_entry INCLUDING INDEXES);
    GRANT SELECT, INSERT ON bare_voucher, bare_entry TO "{role}";
"""
_VOUCHER = """
    INSERT INTO bare_voucher (id, kind, booked_on, summary, source, lines, idempotency_key, request_hash, posted_by,
        posted_at) VALUES ($1, 'ordinary', $2, $3, 'bench', 3, $4, $5, $6, $7)
"""
_ENTRIES = """
    INSERT INTO bare_entry (voucher_id, line, booked_on, account_id, side, fen, currency, party, merchant_id) VALUES
        ($1, 1, $2, $3, 'debit', $7, 'CNY', 'agency', $6), ($1, 2, $2, $4, 'debit', $8, 'CNY', 'merchant', $6),
        ($1, 3, $2, $5, 'credit', $9, 'CNY', NULL, $6)
"""

Write = Callable[[AsyncSession, int, int], Awaitable[None]]


async def measure(ground: Ground) -> list[Row]:
    """Ours against the bare rows, and one hot account against many."""
    tenant = ground.tenants[-4 if len(ground.tenants) > 3 else -1]
    limits = PoolLimits(per_tenant=WRITERS, total=WRITERS + 2)
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=limits, carry=ground.carry)
    try:
        accounts = await _prepared(ground, tenants, tenant)
        found = await _compared(
            tenants,
            tenant,
            {"bare": _bare(accounts), "spread": _posting(accounts, hot=False), "hot": _posting(accounts, hot=True)},
            EACH,
        )
        batches = {"bare": _bare(accounts, BATCH), "posted": _batches(accounts)}
        together = await _compared(tenants, tenant, batches, EACH // BATCH)
    finally:
        await tenants.close()
    return [
        at_least(
            f"posting three-entry vouchers, {WRITERS} writers, against the bare INSERTs without our checks",
            median(found["spread"]) / median(found["bare"]),
            LEAST,
            detail=f"{_said(found['spread'])} vouchers a second, bare {_said(found['bare'])}; {ROUNDS} rounds each",
        ),
        at_least(
            "the same on one hot account, against many",
            median(found["hot"]) / median(found["spread"]),
            LEAST,
            detail=f"{_said(found['hot'])} on one account of one merchant, {_said(found['spread'])} on many",
        ),
        Row(
            measure=f"the same, {BATCH} vouchers in a transaction, against as many bare INSERTs in one",
            value=f"{median(together['posted']) / median(together['bare']):.2f}",
            detail=f"{_said(together['posted'])} transactions a second, bare {_said(together['bare'])}",
        ),
    ]


async def _prepared(ground: Ground, tenants: Tenants, tenant: Tenant) -> list[tuple[str, UUID]]:
    """Tables without checks, and an account of each writer's own by code and id; the first one is the hot one."""
    superuser = await ground.superuser()
    await superuser.execute(f'SET search_path = "{tenant.schema}"')
    await superuser.execute(_BARE.replace("{role}", tenant.role))
    await superuser.close()
    accounts = []
    async with tenants.session(tenant, AGENCY) as session:
        now = datetime.now(UTC)
        await chart(session, by=BY, at=now)
        for number in range(3 * WRITERS):
            new = NewAccount(code=f"66019{number:02}", name=f"费用 {number}", normal_side=Side.DEBIT, parent="6601")
            accounts.append((new.code, (await add_account(session, new, by=BY, at=now)).id))
        await post(session, _draft(accounts, 0, 1, hot=True), idempotency_key="first", by=BY, at=now)
    return accounts


def _posting(accounts: list[tuple[str, UUID]], *, hot: bool) -> Write:
    async def write(session: AsyncSession, writer: int, number: int) -> None:
        draft = _draft(accounts, writer, number, hot=hot)
        await post(session, draft, idempotency_key=str(new_id()), by=BY, at=datetime.now(UTC))

    return write


def _batches(accounts: list[tuple[str, UUID]]) -> Write:
    async def write(session: AsyncSession, writer: int, number: int) -> None:
        drafts = {str(new_id()): _draft(accounts, writer, one, hot=False) for one in range(BATCH)}
        await post_all(session, drafts, by=BY, at=datetime.now(UTC))

    return write


def _bare(accounts: list[tuple[str, UUID]], vouchers: int = 1) -> Write:
    async def write(session: AsyncSession, writer: int, number: int) -> None:
        for one in range(vouchers):
            await insert(session, writer, number + one)

    async def insert(session: AsyncSession, writer: int, number: int) -> None:
        now, voucher = datetime.now(UTC), new_id()
        await fetch(session, _VOUCHER, voucher, now.date(), "费用归属", str(new_id()), b"0" * 32, BY, now)
        ids = [account for _, account in accounts[3 * writer : 3 * writer + 3]]
        amounts = (300 + number, 700, 1000 + number)
        await fetch(session, _ENTRIES, voucher, now.date(), *ids, UUID(int=writer + 1), *amounts)

    return write


def _draft(accounts: list[tuple[str, UUID]], writer: int, number: int, *, hot: bool) -> Draft:
    """A cost shared by two parties. The hot account takes all three entries of everybody."""
    codes = [accounts[0][0]] * 3 if hot else [code for code, _ in accounts[3 * writer : 3 * writer + 3]]
    merchant = UUID(int=1 if hot else writer + 1)
    sides = (
        (Side.DEBIT, 300 + number, Party.AGENCY),
        (Side.DEBIT, 700, Party.MERCHANT),
        (Side.CREDIT, 1000 + number, None),
    )
    return Draft(
        booked_on=datetime.now(UTC).date(),
        summary="费用归属",
        source="bench",
        postings=tuple(
            Posting(account=code, side=side, fen=fen, party=party, merchant_id=merchant)
            for code, (side, fen, party) in zip(codes, sides, strict=True)
        ),
    )


async def _compared(tenants: Tenants, tenant: Tenant, ways: dict[str, Write], each: int) -> dict[str, list[float]]:
    """Transactions a second of each way, by turns, `each` by every writer."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for write in ways.values():
        await _throughput(tenants, tenant, write, max(1, each // 5))
    for turn in range(ROUNDS):
        names = list(ways) if turn % 2 == 0 else list(reversed(ways))
        for name in names:
            found[name].append(await _throughput(tenants, tenant, ways[name], each))
    return found


async def _throughput(tenants: Tenants, tenant: Tenant, write: Write, each: int) -> float:
    async def work(writer: int) -> None:
        for number in range(each):
            async with tenants.session(tenant, AGENCY) as session:
                await write(session, writer, number)

    began = time.monotonic()
    await asyncio.gather(*(work(writer) for writer in range(WRITERS)))
    return WRITERS * each / (time.monotonic() - began)


def _said(found: list[float]) -> str:
    return f"{median(found):,.0f} ({min(found):,.0f}–{max(found):,.0f})"
