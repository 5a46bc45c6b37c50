"""Whether sealed cells hold what was written last: an old value put back opens, and only the record tells."""

import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from confidentiality.audit.leaves import AuditLeaf
from confidentiality.audit.own_actions import SEAL_WRITTEN
from confidentiality.audit.tree import AuditSequence
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
        written.execute("CREATE TABLE cell (place BLOB, version INTEGER, digest BLOB, turn INTEGER)")
        turn = 0
        async for body in _written_cells(session):
            turn += 1
            rows = [(_place(t, c, UUID(r)), version, bytes.fromhex(d), turn) for t, c, r, version, d in body["cells"]]
            written.executemany("INSERT INTO cell VALUES (?, ?, ?, ?)", rows)
        written.execute("CREATE INDEX by_place ON cell (place, version DESC, turn DESC)")
        verdict = CellVerdict(0, [])
        for model in all_sealed_models(base):
            async for finding in _differing(session, model, written, verdict):
                verdict.findings.append(finding)
                if len(verdict.findings) >= at_most:
                    return verdict
        return verdict


async def _written_cells(session: AsyncSession) -> AsyncIterator[dict[str, Any]]:
    """The bodies of what was written, in the order of the record; what has no place yet comes last."""
    leaves = (
        select(AuditLeaf.body)
        .outerjoin(AuditSequence, AuditSequence.leaf_id == AuditLeaf.id)
        .where(AuditLeaf.action == SEAL_WRITTEN.code)
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
            told = _told(written.execute(_HISTORY, (_place(table.name, name, row.id),)), digest)
            if told:
                yield CellFinding(table=table.name, column=name, row=row.id, told=told)


# By version first: of two transactions the order in the record is not always the order of their writes to one row.
_HISTORY = "SELECT version, digest FROM cell WHERE place = ? ORDER BY version DESC, turn DESC"


def _told(history: Iterable[tuple[int, bytes]], digest: bytes) -> str:
    newest = None
    for version, recorded in history:
        if newest is None:
            newest = version
            if recorded == digest:
                return ""
        elif recorded == digest:
            return f"version {version} was put back, version {newest} had been written since"
    return "nothing is recorded of its being written" if newest is None else "it holds what was never recorded"


def _place(table: str, column: str, row: UUID) -> bytes:
    return sha256(f"{table}\0{column}\0{row}".encode()).digest()[:16]
