"""Many at once: nothing is posted twice, reversed twice or lost, and a closing month waits for who is posting."""

import asyncio
from uuid import UUID

import pytest

from billing.ledger.balances import trial_balance
from billing.ledger.errors import AlreadyReversed, PeriodClosed
from billing.ledger.periods import close_period
from billing.ledger.posting import post, post_all, reverse
from billing.ledger.proof import prove
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import FINANCE, NOVEMBER, NOW, allocation, cost
from tests.database import Database

WRITERS = 8
VOUCHERS = 12


@pytest.fixture
async def many(database: Database, wiped: None):  # type: ignore[no-untyped-def]
    """Sessions of a process with a connection for each writer."""
    opened = Tenants(database.url, secret=database.secret, pool=PoolLimits(per_tenant=WRITERS, total=WRITERS))
    yield opened
    await opened.close()


async def test_everybody_posts_and_reverses_the_same_and_it_ends_at_zero(many: Tenants, tenant: Tenant) -> None:
    """Every writer posts every voucher under its one key and reverses it, in an order of their own."""
    reversals: list[UUID] = []

    async def work(writer: int) -> None:
        for step in range(VOUCHERS):
            number = (step * (2 * writer + 1) + writer) % VOUCHERS
            async with many.session(tenant, AGENCY) as session:
                draft = allocation(100 + number, 7 * number + 1)
                posted = await post(session, draft, idempotency_key=f"v{number}", by=FINANCE, at=NOW)
            try:
                async with many.session(tenant, AGENCY) as session:
                    back = await reverse(session, posted.id, reason="同时冲销", by=FINANCE, at=NOW)
                reversals.append(back.reverses_id or posted.id)
            except AlreadyReversed:
                pass

    await asyncio.wait_for(asyncio.gather(*(work(writer) for writer in range(WRITERS))), timeout=120)
    assert len(reversals) == len(set(reversals)) == VOUCHERS
    async with many.session(tenant, AGENCY) as session:
        proof = await prove(session)
        assert proof.findings == []
        assert (proof.vouchers, proof.entries) == (2 * VOUCHERS, 6 * VOUCHERS)
        assert {line.closing for line in await trial_balance(session, NOVEMBER)} == {0}


async def test_batches_with_the_same_keys_do_not_wait_for_each_other_for_ever(many: Tenants, tenant: Tenant) -> None:
    async def work(writer: int) -> set[UUID]:
        keys = [f"v{number}" for number in range(VOUCHERS)]
        keys = keys[writer:] + keys[:writer]
        async with many.session(tenant, AGENCY) as session:
            drafts = {key: cost(int(key[1:]) + 1) for key in keys}
            return {one.id for one in await post_all(session, drafts, by=FINANCE, at=NOW)}

    found = await asyncio.wait_for(asyncio.gather(*(work(writer) for writer in range(WRITERS))), timeout=120)
    assert all(ids == found[0] for ids in found)
    assert len(found[0]) == VOUCHERS


async def test_a_closing_month_waits_for_who_is_posting_and_refuses_who_comes_later(
    many: Tenants, tenant: Tenant
) -> None:
    posted, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with many.session(tenant, AGENCY) as session:
            await post(session, cost(1), idempotency_key="slow", by=FINANCE, at=NOW)
            posted.set()
            await may_end.wait()

    async def closing() -> None:
        async with many.session(tenant, AGENCY) as session:
            await close_period(session, NOVEMBER, by=FINANCE, at=NOW)

    async with many.session(tenant, AGENCY) as session:
        await post(session, cost(2), idempotency_key="first", by=FINANCE, at=NOW)
    poster = asyncio.create_task(slow())
    await posted.wait()
    closer = asyncio.create_task(closing())
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.shield(closer), timeout=0.3)
    may_end.set()
    await asyncio.gather(poster, closer)
    with pytest.raises(PeriodClosed):
        async with many.session(tenant, AGENCY) as session:
            await post(session, cost(3), idempotency_key="late", by=FINANCE, at=NOW)
    async with many.session(tenant, AGENCY) as session:
        proof = await prove(session)
        assert (proof.vouchers, proof.findings) == (2, [])
