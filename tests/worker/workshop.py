"""A worker inside the test's own process, with actors that the test makes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.retention.erasure_list import ErasureList
from anshou.worker.process import Plan, work
from anshou.worker.work import AnyActor, Outside, Work, actor
from tenants.context import AGENCY
from tenants.jobs import enqueue
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.database import Database

# Until something is waited for in vain. Only a failure takes so long: other tests crowd the machine.
PATIENCE_SECONDS = 90.0

# Seconds in which a worker that is told to stop has ended. It promises two and a half, on a machine that has nothing
# else to do; one that waits for its jobs, its broker or its threads takes minutes.
STOPS_WITHIN = 20.0


class Number(msgspec.Struct):
    """A payload that tells jobs apart."""

    number: int


class Kept:
    """Mail that keeps letters in memory: what a test looks at."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def send(self, letter: EmailMessage) -> None:
        """See `Mail.send`."""
        self.letters.append(letter)


def outside() -> Outside:
    """What actors reach, without a mail server."""
    return Outside(
        mail=Kept(),
        mail_from="notices@anshou.test",
        base_url="http://127.0.0.1:8000",
        secret=bytes(32),
        storage=open_storage("memory:"),
        erasures=ErasureList(open_storage("memory:"), secret=bytes(32)),
    )


def plan(database: Database, actors: Sequence[AnyActor], broker_url: str = "", **changes: Any) -> Plan:
    """A worker for the test's database."""
    made = Plan(
        database_url=database.url,
        secret=database.secret,
        broker_url=broker_url,
        actors=actors,
        schedules=(),
        outside=outside(),
        vault=database.open_vault(),
        connections=12,
    )
    return replace(made, **changes)


@asynccontextmanager
async def working(plan: Plan) -> AsyncIterator[None]:
    """A worker that runs as long as the block. What ends it by itself is raised."""
    stop = asyncio.Event()
    running = asyncio.create_task(work(plan, stop))
    try:
        yield
    finally:
        stop.set()
        await running


def quick(name: str, run: Callable[[Work, Number], Awaitable[None]], **options: Any) -> AnyActor:
    """An actor that may fail a few times and has little time."""
    return actor(name, Number, **{"attempts": 3, "time_limit": timedelta(seconds=5), **options})(run)


async def until(condition: Callable[..., Awaitable[bool]], *about: Any, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until the condition about these things holds; how long it took, in seconds."""
    began = monotonic()
    while not await condition(*about):
        if monotonic() - began > seconds:
            raise TimeoutError("it did not come about in time")
        await asyncio.sleep(0.02)
    return monotonic() - began


class Ledger:
    """What the rows in `control` say, read as the server's administrator."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def states(self) -> dict[str, int]:
        """How many jobs are in each state."""
        rows = await self._connection.fetch("SELECT state, count(*) FROM control.job GROUP BY state")
        return {row[0]: row[1] for row in rows}

    async def count(self, state: str) -> int:
        """How many jobs are in this state."""
        return (await self.states()).get(state, 0)

    async def has_at_least(self, state: str, number: int) -> bool:
        """Whether so many jobs are in this state, or nothing is left to be done."""
        return await self.count(state) >= number or await self.dead_or_done()

    async def job(self, job_id: UUID) -> asyncpg.Record:
        """One job's row."""
        row = await self._connection.fetchrow("SELECT * FROM control.job WHERE id = $1", job_id)
        assert row is not None
        return row

    async def dead_or_done(self) -> bool:
        """Whether nothing is left to be done."""
        return set(await self.states()) <= {"done", "dead"}

    async def all_are(self, state: str) -> bool:
        """Whether there are jobs and all of them are in this state."""
        return set(await self.states()) == {state}

    async def pretend(self, state: str, lease: timedelta, *, attempts: int | None = None) -> None:
        """Let all jobs look as if a worker or broker that is gone had had them."""
        await self._connection.execute(
            "UPDATE control.job SET state = $1, lease_until = now() + $2, attempts = coalesce($3, attempts)",
            state,
            lease,
            attempts,
        )

    async def pile_up(self, tenant: Tenant, actor: str, jobs: int) -> None:
        """Leave very many jobs."""
        await self._connection.execute(
            "INSERT INTO control.job (id, tenant_id, actor, payload, run_at, created_at) "
            "SELECT gen_random_uuid(), $1, $2, jsonb_build_object('number', n), now(), now() "
            "FROM generate_series(1, $3) AS n",
            tenant.id,
            actor,
            jobs,
        )

    async def end(self, job_id: UUID, state: str, ago: timedelta) -> None:
        """Let a job have ended."""
        await self._connection.execute(
            "UPDATE control.job SET state = $2, finished_at = now() - $3::interval WHERE id = $1", job_id, state, ago
        )

    async def set_state(self, tenant: Tenant, state: str) -> None:
        """Suspend or resume a tenant."""
        await self._connection.execute("UPDATE control.tenant SET state = $2 WHERE id = $1", tenant.id, state)

    async def let_be_due(self, schedule: str) -> None:
        """Let the next slot of a schedule begin now."""
        await self._connection.execute(
            "INSERT INTO control.schedule VALUES ($1, now()) ON CONFLICT (name) DO UPDATE SET next_at = now()", schedule
        )

    async def forget_schedules(self) -> None:
        """As if nothing had ever recurred."""
        await self._connection.execute("TRUNCATE control.schedule")

    async def forget_canary(self) -> None:
        """As if no worker had ever run."""
        await self._connection.execute("TRUNCATE control.canary")

    async def hasten(self) -> None:
        """Let what waits for a retry or a lease be due now."""
        await self._connection.execute(
            "UPDATE control.job SET run_at = now() WHERE state = 'queued' AND run_at > now()"
        )


class Effects:
    """A table of the tenants in which test actors leave what they did, twice if they do it twice."""

    TABLE = "effect_of_a_test"

    def __init__(self, connection: asyncpg.Connection, tenants: Sequence[Tenant]) -> None:
        self._connection = connection
        self._tenants = tenants

    async def make(self) -> None:
        """Put the table into the tenants' schemas. Without row-level security: it is nobody's but the test's."""
        for tenant in self._tenants:
            await self._connection.execute(
                f'CREATE TABLE "{tenant.schema}".{self.TABLE} (number integer, made_at timestamptz DEFAULT now());'
                f'GRANT SELECT, INSERT ON "{tenant.schema}".{self.TABLE} TO "{tenant.role}"'
            )

    async def drop(self) -> None:
        """Take it away again."""
        for tenant in self._tenants:
            await self._connection.execute(f'DROP TABLE "{tenant.schema}".{self.TABLE}')

    async def clear(self) -> None:
        """Forget all effects and all jobs."""
        for tenant in self._tenants:
            await self._connection.execute(f'TRUNCATE "{tenant.schema}".{self.TABLE}')
        await self._connection.execute("TRUNCATE control.job")

    async def of(self, tenant: Tenant) -> list[int]:
        """The numbers left so far, in order."""
        rows = await self._connection.fetch(f'SELECT number FROM "{tenant.schema}".{self.TABLE} ORDER BY number')
        return [row[0] for row in rows]

    async def first_made_at(self, tenant: Tenant) -> datetime:
        """When the transaction began that left the first of them."""
        made_at = await self._connection.fetchval(f'SELECT min(made_at) FROM "{tenant.schema}".{self.TABLE}')
        assert isinstance(made_at, datetime)
        return made_at


async def leave_effect(session: AsyncSession, number: int) -> None:
    """What a test actor does."""
    await session.execute(text(f"INSERT INTO {Effects.TABLE} (number) VALUES (:number)"), {"number": number})


async def leave_jobs(
    tenants: Tenants, tenant: Tenant, actor: str, numbers: Iterable[int], **options: Any
) -> list[UUID]:
    """Enqueue a job for each number, in one business transaction."""
    async with tenants.session(tenant, AGENCY) as session:
        return [await enqueue(session, actor, {"number": number}, **options) for number in numbers]
