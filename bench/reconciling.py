"""A million external against a million internal lines of seeded truth: how right, complete, fast and large.

The reference loads the same rows into plain tables and joins them by first reference and amount. Ours loads them too,
reads them out of the tables and finds all that belongs together, in a process of its own whose memory is measured.
`python -m bench.reconciling 100000` runs it alone with fewer lines.
"""

import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import numpy as np

from bench.ground import Ground, ground
from bench.rows import Row, at_least, at_most, ratio_of_medians, spread
from bench.seeded_truth import RULE, Made, Truth
from billing.reconciliation.columns import Columns
from billing.reconciliation.findings import Findings
from billing.reconciliation.matching import find
from billing.reconciliation.reading import COLUMNS, read_columns

LINES = 1_000_000
SEED = 4_2026
ROUNDS = 3
PRECISION = 0.9999
RECALL = 0.98
SLOWEST = 3.0
GIBIBYTES = 1.0

_SHAPE = (
    "id uuid NOT NULL, source text NOT NULL, booked_on date NOT NULL, fen bigint NOT NULL, currency text NOT NULL, "
    "refs text[] NOT NULL, counterparty text NOT NULL, text text NOT NULL"
)
_SIDES = ("external", "internal")
_JOIN = (
    "SELECT count(*) FROM bench_external AS external JOIN bench_internal AS internal "
    "ON external.refs[1] = internal.refs[1] AND external.fen = internal.fen AND external.currency = internal.currency"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of ours found and took."""

    seconds: float
    reading: float
    peak_gib: float
    automatic: int
    right: int
    true: int
    suggested: int
    offered: int
    missed: int
    repeated: int


async def measure(ground: Ground, lines: int = LINES) -> list[Row]:
    """Loading with a bare join, and loading with our matching, by turns."""
    superuser = await ground.superuser()
    bare: list[float] = []
    ours: list[float] = []
    runs: list[Run] = []
    try:
        async with _written(superuser, lines) as files:
            for _ in range(ROUNDS):
                loading = await _load(superuser, files)
                began = time.perf_counter()
                await superuser.fetchval(_JOIN)
                bare.append(loading + time.perf_counter() - began)
                loading = await _load(superuser, files)
                run = await asyncio.to_thread(_in_its_own_process, ground.cluster.url_of("anshou"))
                runs.append(run)
                ours.append(loading + run.seconds)
    finally:
        for side in _SIDES:
            await superuser.execute(f"DROP TABLE IF EXISTS bench_{side}")
        await superuser.close()
    return _rows(lines, bare, ours, runs)


def _rows(lines: int, bare: list[float], ours: list[float], runs: list[Run]) -> list[Row]:
    run = runs[0]
    precision = run.right / run.automatic
    many = f"{lines:,} external lines"
    return [
        Row(
            measure="reconciling: precision of automatic matches",
            value=f"{precision:.6f}",
            reach=f"≥ {PRECISION}",
            met=precision >= PRECISION,
            detail=f"{many}: {run.automatic:,} automatic, {run.automatic - run.right:,} of them wrong",
        ),
        at_least(
            "reconciling: recall of automatic matches, in per cent",
            100 * run.right / run.true,
            100 * RECALL,
            detail=f"{run.true:,} true matches, {run.missed:,} not confirmed; of these {run.offered:,} among "
            f"{run.suggested:,} suggestions; {run.repeated:,} groups of duplicates reported",
        ),
        at_most(
            "reconciling: time, against a bare hash join of the same rows, loading included in both",
            ratio_of_medians(ours, bare),
            SLOWEST,
            detail=f"ours {spread(ours)}, of which reading {run.reading:.1f} s; bare {spread(bare)}",
        ),
        at_most(
            "reconciling: peak memory of the process",
            max(run.peak_gib for run in runs),
            GIBIBYTES,
            unit=" GiB",
            detail=f"{many}, as many internal ones",
        ),
    ]


@contextlib.asynccontextmanager
async def _written(superuser: asyncpg.Connection, lines: int) -> AsyncIterator[dict[str, Path]]:
    """The truth as files that the server loads from, as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="anshou-bench-truth-") as directory:
        # The server reads and writes here, and may run as somebody else.
        os.chmod(directory, 0o777)  # noqa: PTH101, S103
        files = {side: Path(directory) / side for side in _SIDES}
        for side in _SIDES:
            await superuser.execute(f"DROP TABLE IF EXISTS bench_{side}; CREATE TABLE bench_{side} ({_SHAPE})")
        held: tuple[list[Made], list[Made]] = ([], [])
        for movement in Truth(SEED).movements(lines):
            for some, made in zip(held, movement, strict=True):
                some.extend(made)
            if len(held[0]) > 20_000:
                await _copy(superuser, held)
        await _copy(superuser, held)
        for side, file in files.items():
            await superuser.execute(f"COPY (SELECT * FROM bench_{side} ORDER BY id) TO '{file}' (FORMAT binary)")
        yield files


async def _copy(superuser: asyncpg.Connection, held: tuple[list[Made], list[Made]]) -> None:
    for side, made in zip(_SIDES, held, strict=True):
        await superuser.copy_records_to_table(f"bench_{side}", records=made)
        made.clear()


async def _load(superuser: asyncpg.Connection, files: dict[str, Path]) -> float:
    """Seconds for both sides into empty tables."""
    taken = 0.0
    for side, file in files.items():
        await superuser.execute(f"TRUNCATE bench_{side}")
        began = time.perf_counter()
        await superuser.execute(f"COPY bench_{side} FROM '{file}' (FORMAT binary)")
        taken += time.perf_counter() - began
        await superuser.execute(f"VACUUM ANALYZE bench_{side}")
    return taken


def _in_its_own_process(url: str) -> Run:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.reconciling", "--of", url], check=True, capture_output=True, text=True
    )
    return Run(**json.loads(ran.stdout))


async def _reconcile(url: str) -> Run:
    """Read, match and write nothing: what is stored is measured where it is stored."""
    connection = await asyncpg.connect(url)
    began = time.perf_counter()
    external, internal = [
        await read_columns(connection, f"SELECT {COLUMNS} FROM bench_{side}", (), (RULE,)) for side in _SIDES
    ]
    reading = time.perf_counter() - began
    found = find(external, internal, (RULE,))
    left = {side: await _references(connection, side, found) for side in _SIDES}
    suggested = found.suggestions(lambda line: left["external"][line], lambda line: left["internal"][line])
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    await connection.close()
    true = _true(external, internal)
    right, automatic = _right(found, true)
    open_movements = set(external.ids[found.open_external, 0].tolist()) & true
    offered = {
        each.external[0].int >> 64 for each in suggested if len({*map(_movement, each.external + each.internal)}) == 1
    }
    return Run(
        seconds=seconds,
        reading=reading,
        peak_gib=peak,
        automatic=automatic,
        right=right,
        true=len(true),
        suggested=len(suggested),
        offered=len(offered & open_movements),
        missed=len(true) - right,
        repeated=sum(1 for _ in found.repeated_external()) + sum(1 for _ in found.repeated_internal()),
    )


def _movement(line: UUID) -> int:
    return line.int >> 64


async def _references(connection: asyncpg.Connection, side: str, found: Findings) -> dict[UUID, list[str]]:
    """The references of the lines whose likeness counts."""
    lines, place = (found.external, 0) if side == "external" else (found.internal, 1)
    ids = [str(lines.id(line)) for pairs in found.lookalikes for line in np.unique(pairs[place]).tolist()]
    rows = await connection.fetch(f"SELECT id, refs FROM bench_{side} WHERE id = ANY ($1::uuid[])", ids)
    return {row["id"]: row["refs"] for row in rows}


def _true(external: Columns, internal: Columns) -> set[int]:
    """The movements that both sides carry."""
    return set(np.intersect1d(external.ids[:, 0], internal.ids[:, 0]).tolist())


def _right(found: Findings, true: set[int]) -> tuple[int, int]:
    """How many automatic matches hold every line of one movement and no other line, and how many there are."""
    movements = np.concatenate((found.external.ids[:, 0], found.internal.ids[:, 0]))
    values, counts = np.unique(movements, return_counts=True)
    lines = dict(zip(values.tolist(), counts.tolist(), strict=True))
    right = automatic = 0
    for match in found.automatic():
        automatic += 1
        held = [_movement(line) for line in (*match.external, *match.internal)]
        right += len({*held}) == 1 and lines[held[0]] == len(held) and held[0] in true
    return right, automatic


async def _alone(lines: int) -> None:
    async with ground(1, print) as server:
        for row in await measure(server, lines):
            print(f"{row.measure}: {row.value} ({row.reach}) {row.detail}")


if __name__ == "__main__":
    if sys.argv[1] == "--of":
        print(json.dumps(asdict(asyncio.run(_reconcile(sys.argv[2])))))
    else:
        asyncio.run(_alone(int(sys.argv[1])))
