"""A tenant made by the product, against the same tables made by the bare SQL of the snapshot."""

import time
from datetime import UTC, datetime

import asyncpg

from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from tenants.chains import fill_in
from tenants.provisioning import create_tenant
from tenants.snapshots import read_snapshot

PAIRS = 15
LIMIT = 1.5


async def measure(ground: Ground) -> list[Row]:
    """Alternating pairs; the reference's login exists already and it writes no registry row."""
    owner = await ground.address.connect()
    superuser = await ground.superuser()
    ours, bare = [], []
    try:
        for pair in range(PAIRS + 1):
            seconds_bare = await _bare(superuser, f"t_barebench{pair}")
            began = time.perf_counter()
            await create_tenant(
                owner, ground.credentials, code=f"extra{pair}", name=f"extra{pair}", at=datetime.now(UTC)
            )
            seconds_ours = time.perf_counter() - began
            # The first of each parses and caches for the others.
            if pair:
                ours.append(seconds_ours)
                bare.append(seconds_bare)
    finally:
        await owner.close()
        await superuser.close()
    return [
        at_most(
            "tenant provisioned, against the bare snapshot SQL",
            ratio_of_medians(ours, bare),
            LIMIT,
            detail=f"ours {spread(ours)}; bare {spread(bare)}; "
            f"{len(ground.tenants)} tenants by 4 workers in {ground.setting_up_seconds:.0f} s",
        )
    ]


async def _bare(superuser: asyncpg.Connection, place: str) -> float:
    await superuser.execute(f'CREATE ROLE "{place}" LOGIN')
    sql = fill_in(read_snapshot().sql, role=place)
    began = time.perf_counter()
    await superuser.execute(f'BEGIN; CREATE SCHEMA "{place}"; SET LOCAL search_path = "{place}"; {sql}; COMMIT')
    return time.perf_counter() - began
