"""Handing what was touched over to the worker, which looks whether a decoy was among it.

Whoever works with rows can neither read which of them are decoys nor tell from anything that one was met: for every
touch the same job is left, and only the worker, in the agency's own context, compares.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from tenants.jobs import enqueue
from tenants.labels import Labelled
from tenants.refusals import N_

LOOK_FOR_DECOYS = "privacy.look_for_decoys"


class Touch(Labelled):
    """How somebody came upon a row."""

    LISTED = "listed", N_("出现在列表中")
    FOUND = "found", N_("被搜索命中")
    REVEALED = "revealed", N_("被查看")


async def look_for_decoys(
    session: AsyncSession, table: str, rows: Collection[UUID], touch: Touch, *, by: Person, at: datetime
) -> None:
    """Have the worker look whether any of the rows is a decoy."""
    payload = {
        "table": table,
        "rows": " ".join(sorted(str(row) for row in set(rows))),
        "touch": touch.value,
        "account": str(by.id),
        "at": at.isoformat(),
    }
    if by.merchant_id is not None:
        payload["merchant"] = str(by.merchant_id)
    await enqueue(session, LOOK_FOR_DECOYS, payload)
