"""Jobs on their way to the broker, and how much an idle worker asks of the database.

The relay's reference is the plainest loop that hands rows over: it takes a hundred at a time with SKIP LOCKED and marks
them, on the same kind of connection, with no turn-taking, no caps and no broker.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from anshou.privacy.retention.erasure_list import ErasureList
from anshou.worker.actors import ACTORS, SCHEDULES
from anshou.worker.broker import open_broker
from anshou.worker.line import ControlLine
from anshou.worker.mail import FolderMail
from anshou.worker.process import Plan, work
from anshou.worker.publishing import Publisher
from anshou.worker.relay import BATCH, Relay
from anshou.worker.work import Nothing, Outside, Work, actor
from bench.ground import Ground
from bench.rows import Row, at_least, at_most, ratio_of_medians, spread
from confidentiality.keys.memory_kms import MemoryKms
from confidentiality.keys.vault import Vault
from tenants.addresses import DatabaseAddress
from tenants.control_schema import migrate_control
from tenants.provisioning import create_tenant
from tenants.storage import open_storage
from tests.worker.workshop import until

# Spread over all tenants, as many of each.
JOBS = 10_000
ROUNDS = 7
LEAST = 0.5

DONE_JOBS = 2_000

FEW = 10
IDLE_SECONDS = 60
MOST = 1.1

_LEAVE = """
    INSERT INTO control.job (id, tenant_id, actor, payload, run_at, created_at)
    SELECT gen_random_uuid(), tenant.id, 'bench.nothing', '{}', now(), now()
    FROM control.tenant, generate_series(1, $1::int) WHERE tenant.code LIKE 'bench%'
"""


@actor("bench.nothing", Nothing)
async def nothing(work: Work, payload: Nothing) -> None:
    """Only what every job costs."""
    async with work.finish():
        pass


async def measure(ground: Ground) -> list[Row]:
    """Handing over and working off by turns; then a minute in which nothing happens."""
    superuser = await ground.superuser()
    try:
        return [*await _relayed(ground, superuser), await _worked_off(ground, superuser), await _idle(ground)]
    finally:
        await superuser.execute("TRUNCATE control.job")
        await superuser.close()


async def _relayed(ground: Ground, superuser: asyncpg.Connection) -> list[Row]:
    each = max(1, JOBS // len(ground.tenants))
    await superuser.execute(_LEAVE, each)
    await superuser.execute("ANALYZE control.job")
    jobs = each * len(ground.tenants)
    ours, bare = [], []
    line = ControlLine(ground.address, ground.credentials, heard=lambda: None)
    for _ in range(ROUNDS):
        for kind, found in (("ours", ours), ("bare", bare)):
            await superuser.execute("UPDATE control.job SET state = 'queued', lease_until = NULL")
            await superuser.execute("VACUUM control.job")
            async with line.use() as control:
                began = time.perf_counter()
                await (_by_relay(control, each) if kind == "ours" else _by_loop(control))
                found.append(time.perf_counter() - began)
            left = await superuser.fetchval("SELECT count(*) FROM control.job WHERE state <> 'published'")
            if left:
                raise AssertionError(f"{left} jobs were not handed over")
    await line.close()
    return [
        at_least(
            "jobs per second through the relay, against a bare SKIP LOCKED loop",
            ratio_of_medians(bare, ours),
            LEAST,
            detail=f"{jobs:,} jobs of {len(ground.tenants):,} tenants, {BATCH} a transaction: ours "
            f"{_rate(jobs, ours)}; bare {_rate(jobs, bare)}; ours {spread(ours)}",
        )
    ]


async def _by_relay(control: asyncpg.Connection, each: int) -> None:
    broker = open_broker("")
    relay = Relay(Publisher(broker).publish, [nothing.name], cap=each)
    while await relay.turn(control):
        pass


async def _by_loop(control: asyncpg.Connection) -> None:
    while True:
        async with control.transaction():
            rows = await control.fetch(
                "SELECT id FROM control.job WHERE state = 'queued' AND run_at <= now() "
                "ORDER BY run_at LIMIT $1 FOR UPDATE SKIP LOCKED",
                BATCH,
            )
            if not rows:
                return
            await control.execute(
                "UPDATE control.job SET state = 'published', lease_until = now() + interval '1 minute' "
                "WHERE id = ANY (string_to_array($1, ',')::uuid[])",
                ",".join(str(row["id"]) for row in rows),
            )


async def _worked_off(ground: Ground, superuser: asyncpg.Connection) -> Row:
    """Whole jobs by one worker, against as many connections that take and end one job in one transaction."""
    each = max(1, DONE_JOBS // len(ground.tenants))
    jobs = each * len(ground.tenants)
    plan = _plan(ground.url, ground.credentials.secret, actors=(nothing,), schedules=())
    await superuser.execute("TRUNCATE control.job")
    await superuser.execute(_LEAVE, each)
    async with _working(plan):
        ours = await _emptied(superuser)
    await superuser.execute("UPDATE control.job SET state = 'queued'")
    began = time.perf_counter()
    await asyncio.gather(*(_take_one_by_one(ground) for _ in range(plan.threads)))
    bare = time.perf_counter() - began
    return Row(
        measure="empty jobs worked off per second, one worker in one process",
        value=f"{jobs / ours:,.0f}",
        detail=f"{jobs:,} jobs, each tenant's by its own login: leased and ended in two transactions; "
        f"{plan.threads} connections of the superuser that take and end one job in one: {jobs / bare:,.0f}",
    )


async def _take_one_by_one(ground: Ground) -> None:
    connection = await ground.superuser()
    status = ""
    while status != "UPDATE 0":
        status = await connection.execute(
            "UPDATE control.job SET state = 'done', finished_at = now() WHERE id = (SELECT id FROM control.job "
            "WHERE state = 'queued' AND run_at <= now() ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)"
        )
    await connection.close()


async def _emptied(superuser: asyncpg.Connection) -> float:
    """Seconds from the first job done to the last: starting the worker is not measured."""

    async def left() -> int:
        return int(await superuser.fetchval("SELECT count(*) FROM control.job WHERE state <> 'done'"))

    async def is_below(number: int) -> bool:
        return await left() < number

    await until(is_below, await left(), seconds=30)
    return await until(is_below, 1, seconds=600)


async def _idle(ground: Ground) -> Row:
    """Two workers of the product in the same minute: one at all tenants, one at a database with ten."""
    many, few = ground.url, await _small_database(ground)
    names = [DatabaseAddress.at(url).database for url in (many, few)]
    superuser = await asyncpg.connect(ground.cluster.url_of("postgres"))
    # The server's own workers count as transactions of a database, too, and have more to do in a large one.
    await _set_autovacuum(superuser, "off")
    secret = ground.credentials.secret
    async with _working(_plan(many, secret)), _working(_plan(few, secret)):
        # Until the first canary has come out and every duty has had its first turn.
        await asyncio.sleep(20)
        before = [await _transactions(superuser, name) for name in names]
        await asyncio.sleep(IDLE_SECONDS)
        after = [await _transactions(superuser, name) for name in names]
    await _set_autovacuum(superuser, "on")
    await superuser.close()
    at_many, at_few = (later - earlier for later, earlier in zip(after, before, strict=True))
    return at_most(
        f"statements per minute of an idle worker at {len(ground.tenants):,} tenants against {FEW}",
        at_many / at_few,
        MOST,
        detail=f"{at_many} against {at_few} in the same {IDLE_SECONDS} s, counted by the server; each is a transaction",
    )


async def _set_autovacuum(superuser: asyncpg.Connection, value: str) -> None:
    await superuser.execute(f"ALTER SYSTEM SET autovacuum = {value}")
    await superuser.execute("SELECT pg_reload_conf()")


async def _small_database(ground: Ground) -> str:
    superuser = await ground.superuser()
    await superuser.execute("CREATE DATABASE few OWNER anshou")
    await superuser.close()
    address = DatabaseAddress.at(ground.cluster.url_of("few", user="anshou"))
    owner = await address.connect()
    await migrate_control(owner, address, ground.credentials)
    for number in range(FEW):
        code = f"few{number}"
        await create_tenant(owner, ground.credentials, code=code, name=code, at=datetime.now(UTC))
    await owner.close()
    return ground.cluster.url_of("few", user="anshou")


async def _transactions(superuser: asyncpg.Connection, database: str) -> int:
    return int(
        await superuser.fetchval(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = $1", database
        )
    )


def _plan(url: str, secret: bytes, **changes: object) -> Plan:
    outside = Outside(
        mail=FolderMail(Path(os.devnull)),
        mail_from="bench@localhost",
        base_url="http://127.0.0.1",
        secret=secret,
        storage=open_storage("memory:"),
        erasures=ErasureList(open_storage("memory:"), secret=secret),
    )
    plan = Plan(
        database_url=url,
        secret=secret,
        broker_url="",
        actors=ACTORS,
        schedules=SCHEDULES,
        outside=outside,
        vault=Vault(MemoryKms(), clock=lambda: datetime.now(UTC)),
        # Every tenant has jobs: a pool that is too small would open a connection for each.
        connections=32,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def _working(plan: Plan) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(work(plan, stop))
    try:
        yield
    finally:
        stop.set()
        await running


def _rate(jobs: int, seconds: list[float]) -> str:
    return f"{jobs / sorted(seconds)[len(seconds) // 2]:,.0f}/s"
