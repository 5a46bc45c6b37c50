"""One more revision for every tenant, against the bare DDL; and a run that finds nothing to do."""

import asyncio
import statistics
import time

from bench.ground import WORKERS, Ground
from bench.rows import Row, at_most, ratio_of_medians
from tenants.chains import Chain, Revision, tenant_chain
from tenants.migrating import Pace, migrate_all

ROUNDS = 5
LIMIT = 1.5
LIMIT_NOTHING_MS = 2.0

DDL = """
    ALTER TABLE account ADD COLUMN bench_note text NOT NULL DEFAULT '';
    CREATE INDEX bench_note ON account (bench_note);
"""
UNDO = "ALTER TABLE account DROP COLUMN bench_note;"


async def measure(ground: Ground) -> list[Row]:
    """Alternating rounds over all tenants; what each round adds is taken away before the next."""
    chain = Chain((*tenant_chain().revisions, Revision("bench", DDL)))
    ours, bare, nothing = [], [], []
    for turn in range(ROUNDS + 1):
        if turn % 2:
            seconds_bare = await _bare_round(ground)
            seconds_ours, seconds_nothing = await _our_round(ground, chain)
        else:
            seconds_ours, seconds_nothing = await _our_round(ground, chain)
            seconds_bare = await _bare_round(ground)
        # The first round reads every tenant's catalog from the disk.
        if turn:
            ours.append(seconds_ours)
            bare.append(seconds_bare)
            nothing.append(seconds_nothing)
            ground.say(f"  round {turn} of {ROUNDS}")
    count = len(ground.tenants)
    return [
        at_most(
            f"{count:,} tenants migrated with {WORKERS} workers, against the bare DDL",
            ratio_of_medians(ours, bare),
            LIMIT,
            detail=f"ours {_per_tenant(ours, count)}; bare {_per_tenant(bare, count)}: a column and an index, one "
            f"transaction per tenant, {WORKERS} connections; {ROUNDS} alternating rounds",
        ),
        at_most(
            "the same with nothing to do, per tenant",
            statistics.median(nothing) * 1000 / count,
            LIMIT_NOTHING_MS,
            unit=" ms",
            detail=f"{_per_tenant(nothing, count)}; one statement reads all revisions",
        ),
    ]


async def _our_round(ground: Ground, chain: Chain) -> tuple[float, float]:
    """Seconds of a run over all tenants, and of one after it that finds nothing to do."""
    began = time.perf_counter()
    outcome = await migrate_all(ground.address, ground.credentials, chain=chain, pace=Pace(workers=WORKERS))
    migrated = time.perf_counter()
    if not outcome.complete:
        raise RuntimeError(f"not migrated: {outcome.failed}")
    await migrate_all(ground.address, ground.credentials, chain=chain, pace=Pace(workers=WORKERS))
    idled = time.perf_counter()
    await _take_back(ground, chain)
    return migrated - began, idled - migrated


async def _bare_round(ground: Ground) -> float:
    seconds = await _bare(ground, DDL)
    await _bare(ground, UNDO)
    return seconds


async def _bare(ground: Ground, ddl: str) -> float:
    """The DDL in every tenant's schema, as one message and one transaction each."""
    queue = iter(_schemas(ground))
    connections = [await ground.superuser() for _ in range(WORKERS)]

    async def work(number: int) -> None:
        for schema in queue:
            await connections[number].execute(f'BEGIN; SET LOCAL search_path = "{schema}"; {ddl} COMMIT')

    began = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(WORKERS)))
    seconds = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    return seconds


async def _take_back(ground: Ground, chain: Chain) -> None:
    # Other benches may have made tenants of their own, which were migrated too.
    await _bare(ground, UNDO)
    superuser = await ground.superuser()
    try:
        known = [tenant.schema for tenant in ground.tenants]
        extra = await superuser.fetch("SELECT schema_name FROM control.tenant WHERE schema_name <> ALL($1)", known)
        for row in extra:
            await superuser.execute(f'SET search_path = "{row[0]}"; {UNDO}')
        await superuser.execute("UPDATE control.tenant SET revision = $1", chain.revisions[-2].name)
        await superuser.execute("DELETE FROM control.tenant_migration WHERE to_revision = 'bench'")
    finally:
        await superuser.close()


def _schemas(ground: Ground) -> list[str]:
    return [tenant.schema for tenant in ground.tenants]


def _per_tenant(seconds: list[float], count: int) -> str:
    return " / ".join(f"{each * 1000 / count:.2f}" for each in seconds) + " ms per tenant"
