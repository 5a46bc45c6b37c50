"""Lists of sealed consumers against plain ones: the CPU of a masked page, and the time of a search.

Searches run one after the other in one transaction, so that its beginning and end, which both sides share, make
the difference look no smaller than it is; what is found is opened and filtered.
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.ground import Ground
from bench.rows import Row, at_most, spread
from bench.sealed_page import page_row
from bench.sealed_rows import ROWS, Crowd, PlainConsumer, SealedConsumer, consumers
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants

SEARCHES = 600

Search = Callable[[AsyncSession, str], Awaitable[int]]


async def measure(ground: Ground) -> list[Row]:
    """One line for the page, two for the searches."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    try:
        ground.say(f"  sealing {ROWS:,} consumers")
        async with consumers(ground) as crowd:
            return [await page_row(ground, tenants, crowd), *await _searches(tenants, crowd)]
    finally:
        await tenants.close()


async def _searches(tenants: Tenants, crowd: Crowd) -> list[Row]:
    async def exact(session: AsyncSession, phone: str) -> int:
        rows = await session.execute(_sealed_columns().where(SealedConsumer.phone.matches(crowd.ring, phone)))
        return len(crowd.ring.confirmed(rows.all(), SealedConsumer.phone, phone))

    async def last(session: AsyncSession, phone: str) -> int:
        condition = SealedConsumer.phone.matches_last(crowd.ring, phone[-4:])
        rows = await session.execute(_sealed_columns().where(condition))
        return len(crowd.ring.confirmed_last(rows.all(), SealedConsumer.phone, phone[-4:]))

    async def plain_exact(session: AsyncSession, phone: str) -> int:
        rows = await session.execute(_plain_columns(crowd).where(PlainConsumer.phone == phone))
        return len(rows.all())

    async def plain_last(session: AsyncSession, phone: str) -> int:
        rows = await session.execute(_plain_columns(crowd).where(PlainConsumer.last_four == phone[-4:]))
        return len(rows.all())

    return [
        await _against(tenants, crowd, "exact", 2, exact, plain_exact),
        await _against(tenants, crowd, "last four digits", 4, last, plain_last),
    ]


def _sealed_columns() -> Any:
    return select(SealedConsumer.id, SealedConsumer.merchant_id, SealedConsumer.seal_version, SealedConsumer.phone)


def _plain_columns(crowd: Crowd) -> Any:
    return select(PlainConsumer.id, PlainConsumer.phone).where(PlainConsumer.merchant_id == crowd.merchant)


async def _against(tenants: Tenants, crowd: Crowd, name: str, limit: float, ours: Search, plain: Search) -> Row:
    seconds: dict[Search, list[float]] = {ours: [], plain: []}
    found: dict[Search, int] = {ours: 0, plain: 0}
    async with tenants.session(crowd.tenant, AGENCY) as session:
        for turn in range(SEARCHES + 20):
            phone = crowd.phones[turn % len(crowd.phones)]
            for search in (ours, plain):
                began = time.perf_counter()
                count = await search(session, phone)
                took = time.perf_counter() - began
                if turn >= 20:
                    seconds[search].append(took)
                    found[search] += count
    if found[ours] != found[plain]:
        raise AssertionError("the two searches find different consumers")
    return at_most(
        f"phone search by {name} over {ROWS:,} sealed rows, p95, against a plain indexed column",
        _p95(seconds[ours]) / _p95(seconds[plain]),
        limit,
        detail=f"p95 ours {_p95(seconds[ours]) * 1000:.2f} ms, plain {_p95(seconds[plain]) * 1000:.2f} ms; ours "
        f"{spread(seconds[ours])}; plain {spread(seconds[plain])}; {found[ours] / SEARCHES:.1f} found a search",
    )


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
