"""Whether sealed cells hold what was written last, and are there: an old value put back opens, one that is missing
looks like one that was never written, and only the record tells.
"""

import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from confidentiality.audit.cells import FORM
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.audit.own_actions import SEAL_CLEARED, SEAL_WRITTEN
from confidentiality.audit.tree import AuditSequence
from confidentiality.sealing.cells import GONE
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from tenants.base import Base

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """A cell that does not hold what the record says was written last. `told` names no content."""

    table: str
    column: str
    row: UUID
    told: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.row}: {self.told}"


@dataclass(slots=True)
class CellVerdict:
    """How many cells were compared, and those that differ."""

    compared: int
    findings: list[CellFinding]


async def check_cells(session: AsyncSession, *, base: type[DeclarativeBase] = Base, at_most: int = 100) -> CellVerdict:
    """Compare every sealed cell of the base's tables with the record; stops after so many findings.

    In the agency's context. The session's transaction must see one state throughout (REPEATABLE READ). What was
    written is kept on disk meanwhile, so millions of cells need little memory.
    """
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "cells")) as written:
        written.execute(
            "CREATE TABLE cell (place BLOB, version INTEGER, digest BLOB, turn INTEGER, form INTEGER, "
            "named TEXT, field TEXT, row TEXT)"
        )
        written.execute("CREATE TABLE seen (place BLOB PRIMARY KEY) WITHOUT ROWID")
        turn = 0
        async for body in _written_cells(session):
            turn += 1
            form = body.get("form", 1)
            rows = [
                (_place(t, c, UUID(r)), version, bytes.fromhex(d), turn, form, t, c, r)
                for t, c, r, version, d in body["cells"]
            ]
            written.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        written.execute("CREATE INDEX by_place ON cell (place, version DESC, turn DESC)")
        verdict = CellVerdict(0, [])
        models = all_sealed_models(base)
        for model in models:
            async for finding in _differing(session, model, written, verdict):
                verdict.findings.append(finding)
                if len(verdict.findings) >= at_most:
                    return verdict
        verdict.findings += islice(_missing(models, written), at_most - len(verdict.findings))
        return verdict


async def _written_cells(session: AsyncSession) -> AsyncIterator[dict[str, Any]]:
    """The bodies of what was written and taken away, in the order of the record; what has no place yet comes last."""
    leaves = (
        select(AuditLeaf.body)
        .outerjoin(AuditSequence, AuditSequence.leaf_id == AuditLeaf.id)
        .where(AuditLeaf.action.in_((SEAL_WRITTEN.code, SEAL_CLEARED.code)))
        .order_by(AuditSequence.seq.asc().nulls_last(), AuditLeaf.id)
    )
    async for body in await session.stream_scalars(leaves.execution_options(yield_per=_AT_ONCE)):
        yield json.loads(body)


async def _differing(
    session: AsyncSession, model: type, written: sqlite3.Connection, verdict: CellVerdict
) -> AsyncIterator[CellFinding]:
    table: Any = model.__table__  # type: ignore[attr-defined]
    names = list(sealed_fields(model))
    columns = select(table.c.id, *(table.c[name] for name in names)).execution_options(yield_per=_AT_ONCE)
    async for row in await session.stream(columns):
        for name in names:
            cell = getattr(row, name)
            if cell is None:
                continue
            verdict.compared += 1
            digest = sha256(cell.ciphertext).digest()
            place = _place(table.name, name, row.id)
            written.execute("INSERT INTO seen VALUES (?)", (place,))
            told = _told(written.execute(_HISTORY, (place,)).fetchall(), digest)
            if told:
                yield CellFinding(table=table.name, column=name, row=row.id, told=told)


def _missing(models: Sequence[type], written: sqlite3.Connection) -> Iterator[CellFinding]:
    """Cells that are nowhere, though the last that is recorded of them is that they were written."""
    fields = {(model.__table__.name, name) for model in models for name in sealed_fields(model)}  # type: ignore[attr-defined]
    for (place,) in written.execute("SELECT place FROM cell EXCEPT SELECT place FROM seen"):
        newest = written.execute(_NEWEST, (place,)).fetchone()
        digest, form, table, column, row = newest
        if digest != GONE and form >= FORM and (table, column) in fields:
            told = "it is gone, and nothing is recorded of its being taken away"
            yield CellFinding(table=table, column=column, row=UUID(row), told=told)


# By version first: of two transactions the order in the record is not always the order of their writes to one row. In
# one version what was taken away comes last: whatever sealed it anew at that moment did so before.
_HISTORY = "SELECT version, digest, turn FROM cell WHERE place = ? ORDER BY version DESC, digest = x'' DESC, turn DESC"
_NEWEST = (
    "SELECT digest, form, named, field, row FROM cell WHERE place = ? "
    "ORDER BY version DESC, digest = x'' DESC, turn DESC LIMIT 1"
)


def _told(history: Sequence[tuple[int, bytes, int]], digest: bytes) -> str:
    if not history:
        return "nothing is recorded of its being written"
    if history[0][1] == digest:
        return ""
    # A row that was deleted may have been written anew under its id: then its versions began anew as well.
    taken_away = max((turn for _, recorded, turn in history if recorded == GONE), default=0)
    lives = [entry for entry in history if entry[2] > taken_away]
    if lives and lives[0][1] == digest:
        return ""
    put_back = next((version for version, recorded, _ in history if recorded == digest), None)
    if put_back is None:
        return "it holds what was never recorded"
    if not lives:
        return f"version {put_back} was put back after it had been taken away"
    return f"version {put_back} was put back, version {lives[0][0]} had been written since"


def _place(table: str, column: str, row: UUID) -> bytes:
    return sha256(f"{table}\0{column}\0{row}".encode()).digest()[:16]
