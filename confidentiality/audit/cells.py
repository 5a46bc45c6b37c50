"""Sealed cells that a transaction wrote, recorded by the digest of their bytes.

An old row put back whole opens like a new one; only the record tells that something else was written since.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record, write_leaves
from confidentiality.audit.own_actions import SEAL_CLEARED, SEAL_WRITTEN
from confidentiality.sealing.cells import GONE, SealedCell, take_noted
from tenants.sessions import always_before_commit

MOST = 500
"""Cells in one leaf; a transaction that wrote more leaves several."""

FORM = 2
"""Since this form whatever takes a cell away leaves a leaf too; a cell that was written before may be gone without."""


def record_every_cell() -> None:
    """From now on every transaction of this process records the sealed cells that it writes."""
    always_before_commit(record_cells)


async def record_cells(session: AsyncSession) -> None:
    """Leave one leaf for each merchant whose sealed cells this transaction wrote, and one for those it took away."""
    noted = take_noted(session.sync_session)
    if not noted:
        return
    of_owner: dict[UUID | None, list[SealedCell]] = defaultdict(list)
    for cell in noted:
        of_owner[cell.owner].append(cell)
    # Nobody told when: the rows that were written have no time in common.
    at = (await session.scalars(select(func.transaction_timestamp()))).one()
    for owner, cells in of_owner.items():
        written = [cell for cell in cells if cell.digest != GONE]
        gone = [cell for cell in cells if cell.digest == GONE]
        # In this order: what is written and taken away in one transaction is gone.
        for action, those in ((SEAL_WRITTEN, written), (SEAL_CLEARED, gone)):
            for first in range(0, len(those), MOST):
                body = {"cells": _told(those[first : first + MOST]), "form": FORM}
                await record(session, action, actor=NOBODY, at=at, owner=owner, body=body)
    await write_leaves(session)


def _told(cells: Sequence[SealedCell]) -> list[list[str | int]]:
    """Table, column, row, version and digest of each cell."""
    return [[cell.table, cell.column, str(cell.row), cell.seal_version, cell.digest.hex()] for cell in cells]
