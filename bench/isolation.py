"""What isolation costs a list of 50 tickets: a login per tenant, a signed context and policies, against none of them.

Both sides run the product's own function. Beside it stands the ratio of the statement alone through the bare driver,
where nothing that both share makes the difference look smaller than it is.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Engine, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from anshou.people.person import Person
from anshou.tickets.queue_tabs import Tab
from anshou.tickets.queues import list_tickets
from bench.crowd import NOW, TICKETS, Crowd, settle_crowd
from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from tenants.addresses import DatabaseAddress
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tenants.signing import SETTING, Signer

TURNS = 1500
WARM_UP = 50
LIMIT = 1.3


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the product sends it."""

    sql: str
    values: tuple[Any, ...]


async def measure(ground: Ground) -> list[Row]:
    """The same page for somebody of the whole agency, of some merchants, and of one merchant."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    # A superuser is bound by no policy, so both sides read the same rows and the same indexes.
    engine = create_async_engine(
        "postgresql+asyncpg://",
        connect_args=dict(DatabaseAddress.at(ground.cluster.url_of("anshou")).arguments)
        | {"server_settings": {"jit": "off"}},
    )
    try:
        crowd = await settle_crowd(ground, tenants)
        people = {"agency": crowd.executive, "staff": crowd.manager, "merchant": crowd.owner}
        rows = []
        async with engine.connect() as free:
            await free.execute(text(f'SET search_path = "{crowd.tenant.schema}"'))
            await free.commit()
            for scope, person in people.items():
                bare = await _bare(ground, tenants, crowd, person)
                rows.append(await _as_the_product(tenants, crowd, scope, person, free, bare))
        return rows
    finally:
        await engine.dispose()
        await tenants.close()


async def _as_the_product(
    tenants: Tenants, crowd: Crowd, scope: str, person: Person, free: AsyncConnection, bare: "Bare"
) -> Row:
    async def ours() -> list[UUID]:
        async with tenants.session(crowd.tenant, person.context()) as session:
            return await _page(session, person)

    async def reference() -> list[UUID]:
        async with AsyncSession(free, expire_on_commit=False) as session, session.begin():
            return await _page(session, person)

    ours_seconds, free_seconds = await _alternate(ours, reference)
    ratio = ratio_of_medians(ours_seconds, free_seconds)
    return at_most(
        f"isolation on a list of 50 tickets, p50, {scope}",
        ratio,
        LIMIT,
        detail=f"ours {spread(ours_seconds)}; owner without policies {spread(free_seconds)}; the statement alone "
        f"through the bare driver {bare.ratio:.2f} ({spread(bare.ours)}; {spread(bare.reference)}); "
        f"{TICKETS:,} tickets",
        profile=bare.plans,
    )


@dataclass(frozen=True, slots=True)
class Bare:
    """The statement alone, without the ORM that both sides share."""

    ours: list[float]
    reference: list[float]
    plans: str

    @property
    def ratio(self) -> float:
        return ratio_of_medians(self.ours, self.reference)


async def _bare(ground: Ground, tenants: Tenants, crowd: Crowd, person: Person) -> Bare:
    statement = await _statement(tenants, crowd, person)
    fenced = await _tenants_own(ground, crowd)
    free = await ground.superuser()
    await free.execute(f'SET search_path = "{crowd.tenant.schema}"; SET jit = off')
    signer, role, pid = Signer(ground.credentials), crowd.tenant.role, fenced.get_server_pid()

    async def begin() -> None:
        token = signer.token(person.context(), role=role, backend_pid=pid, at=datetime.now(UTC))
        await fenced.execute(f"BEGIN; SET LOCAL {SETTING} = '{token}'")

    async def ours() -> list[UUID]:
        await begin()
        rows = await fenced.fetch(statement.sql, *statement.values)
        await fenced.execute("COMMIT")
        return [row["id"] for row in rows]

    async def reference() -> list[UUID]:
        await free.execute("BEGIN")
        rows = await free.fetch(statement.sql, *statement.values)
        await free.execute("COMMIT")
        return [row["id"] for row in rows]

    try:
        taken = await _alternate(ours, reference)
        await begin()
        plans = await _plans(fenced, free, statement)
        await fenced.execute("ROLLBACK")
        return Bare(*taken, plans)
    finally:
        await fenced.close()
        await free.close()


async def _statement(tenants: Tenants, crowd: Crowd, person: Person) -> Statement:
    sent: list[Statement] = []

    def note(connection: Any, cursor: Any, sql: str, values: Any, context: Any, many: bool) -> None:
        sent.append(Statement(sql, tuple(values)))

    async with tenants.session(crowd.tenant, person.context()) as session:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            await _page(session, person)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    (one,) = sent
    return one


async def _page(session: AsyncSession, person: Person) -> list[UUID]:
    page = await list_tickets(session, person, Tab.OPEN, at=NOW)
    if len(page.lines) != 50:
        raise RuntimeError(f"the page has {len(page.lines)} lines")
    return [line.id for line in page.lines]


async def _tenants_own(ground: Ground, crowd: Crowd) -> asyncpg.Connection:
    role = crowd.tenant.role
    password = ground.credentials.password(role, crowd.tenant.password_epoch)
    return await asyncpg.connect(**ground.address.login(role, password))


async def _alternate(
    ours: Callable[[], Awaitable[list[UUID]]], reference: Callable[[], Awaitable[list[UUID]]]
) -> tuple[list[float], list[float]]:
    """Both in turn, each first as often as second, after they have shown the same tickets in the same order."""
    taken: dict[Callable[[], Awaitable[list[UUID]]], list[float]] = {ours: [], reference: []}
    if await ours() != await reference():
        raise RuntimeError("the two sides read different pages")
    for turn in range(TURNS + WARM_UP):
        for side in (ours, reference) if turn % 2 else (reference, ours):
            began = time.perf_counter()
            await side()
            if turn >= WARM_UP:
                taken[side].append(time.perf_counter() - began)
    return taken[ours], taken[reference]


async def _plans(fenced: asyncpg.Connection, free: asyncpg.Connection, statement: Statement) -> str:
    explain = f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement.sql}"
    ours, reference = [await each.fetch(explain, *statement.values) for each in (fenced, free)]
    return "\n".join(["ours", *(row[0] for row in ours), "", "without policies", *(row[0] for row in reference)])
