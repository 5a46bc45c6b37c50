"""Lists of sealed consumers against plain ones: the CPU of a masked page, and the time of a search.

The page is read by a Core statement in a transaction of the product and rendered by a template, three masked fields a
row. Searches run one after the other in one transaction, so that its beginning and end, which both sides share, make
the difference look no smaller than it is; what is found is opened and filtered.
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from jinja2 import Environment
from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from bench.sealed_rows import ROWS, Crowd, PlainConsumer, SealedConsumer, consumers
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants

PAGE_ROWS = 50
PAGES = 40
ROUNDS = 15
SEARCHES = 600

PAGE = Environment(autoescape=True).from_string(
    """<table class="table">{% for id, phone, name, address in rows %}
<tr><td><a href="/consumers/{{ id }}">{{ name }}</a></td><td class="font-monospace">{{ phone }}</td>
<td class="text-secondary">{{ address }}</td></tr>{% endfor %}</table>"""
)

Search = Callable[[AsyncSession, str], Awaitable[int]]


async def measure(ground: Ground) -> list[Row]:
    """One line for the page, two for the searches."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    try:
        ground.say(f"  sealing {ROWS:,} consumers")
        async with consumers(ground) as crowd:
            return [await _page(tenants, crowd), *await _searches(tenants, crowd)]
    finally:
        await tenants.close()


async def _page(tenants: Tenants, crowd: Crowd) -> Row:
    async def sealed(turn: int) -> str:
        columns = (SealedConsumer.phone, SealedConsumer.name, SealedConsumer.address)
        query = select(SealedConsumer.id, SealedConsumer.merchant_id, SealedConsumer.seal_version, *columns)
        async with tenants.session(crowd.tenant, AGENCY) as session:
            found = (await session.execute(_part(query, SealedConsumer, turn))).all()
            shown = crowd.ring.masked_rows(found, *columns)
            return PAGE.render(rows=[(row.id, *texts) for row, texts in zip(found, shown, strict=True)])

    async def plain(turn: int) -> str:
        query = select(PlainConsumer.id, PlainConsumer.phone, PlainConsumer.name, PlainConsumer.address)
        async with tenants.session(crowd.tenant, AGENCY) as session:
            return PAGE.render(rows=(await session.execute(_part(query, PlainConsumer, turn))).all())

    def _part(query: Any, model: Any, turn: int) -> Any:
        return query.where(model.merchant_id == crowd.merchant).order_by(model.id).offset(turn * 7).limit(PAGE_ROWS)

    if (await sealed(0)).count("****") != 2 * PAGE_ROWS or "****" in await plain(0):
        raise AssertionError("the pages do not show what they should")
    seconds: dict[str, list[float]] = {"sealed": [], "plain": []}
    for _ in range(ROUNDS):
        for name, page in (("sealed", sealed), ("plain", plain)):
            began = time.process_time()
            for turn in range(PAGES):
                await page(turn)
            seconds[name].append((time.process_time() - began) / PAGES)
    return at_most(
        f"{PAGE_ROWS}-row page with three sealed fields shown masked, CPU, against plain columns",
        ratio_of_medians(seconds["sealed"], seconds["plain"]),
        1.25,
        detail=f"ours {spread(seconds['sealed'])}; plain {spread(seconds['plain'])}; transaction, statement, template",
    )


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
        rows = await session.execute(
            _plain_columns(crowd).where(func.right(PlainConsumer.phone, literal_column("4")) == phone[-4:])
        )
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
